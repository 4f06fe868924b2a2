"""`laurel worker`: due timers and messages in a process of its own, on any number of machines."""

import signal
import threading

import click

from service import logs
from service.cli import settings
from service.cli.console import say
from service.clock import SystemClock
from service.domain.procedures import build_services
from service.engine.engine import ProcessEngine
from service.jobs import Worker


@click.command()
def command() -> None:
    """单独运行到期事项的办理。可以同时运行多个：每件只办一次。"""
    config = settings.load()
    logs.configure(json=config.log_json)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with settings.opened(config) as database:
        engine = ProcessEngine(settings.clock_of(config, database), build_services())
        say("正在办理到期事项，按 Ctrl+C 停止。")
        Worker(database, engine, SystemClock(), config.uploads).run_until(stopped)
