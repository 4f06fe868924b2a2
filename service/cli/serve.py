"""`laurel serve`: the web server, with a worker inside each of its processes."""

import gc
import socket
from typing import Any

import click
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from service import logs
from service.app import create_app
from service.auth.requests import EdgeApp
from service.cli import demos, settings
from service.cli.console import say
from service.config import Config
from service.jobs import Worker

THREADS = 8
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Server(BaseApplication):
    """gunicorn, set up by the project's settings. Each process builds its own application after the fork."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.workers: list[Worker] = []
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": _address(self.config),
            "workers": self.config.workers,
            "threads": THREADS,
            "worker_class": "gthread",
            "loglevel": "warning",
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # Whom to believe is the application's to know: trusted_proxies.
            "when_ready": lambda server: self.announce(),
            "post_worker_init": lambda process: self.begin(),
            "worker_exit": lambda server, process: self.stop_workers(),
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> EdgeApp:
        self.app = create_app(self.config)
        return self.app

    def announce(self) -> None:
        """Tell where it is served; in a demo, who can sign in."""
        if self.config.demo:
            demos.show(self.config)
            if self.config.host not in LOOPBACK:
                say("演示账号的密码是公开的：能访问这个地址的人都可以登录。", "bold red")
        else:
            say(f"Laurel 已启动：{self.config.base_url}", "bold green")
        say("按 Ctrl+C 停止。")

    def begin(self) -> None:
        """Once the application is loaded in a process."""
        gc.collect()
        gc.freeze()  # What has been loaded stays: collections need not go through it again and again.
        self.start_worker()

    def start_worker(self) -> None:
        """Due timers and messages need no process of their own: what is due is claimed from tables."""
        worker = Worker(
            self.app.database, self.app.process_engine, self.app.session_clock, self.config.uploads
        )
        worker.start()
        self.workers.append(worker)

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.stop()


@click.command()
def command() -> None:
    """启动服务。到期的事项由服务进程一并办理，不需要另开 laurel worker。"""
    config = settings.load()
    with settings.opened(config):
        pass  # The schema is checked before anything is served.
    _require_free(config)
    logs.configure(json=config.log_json)
    Server(config).run()


def _address(config: Config) -> str:
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{host}:{config.port}"


def _require_free(config: Config) -> None:
    """Say at once that the port is taken, where gunicorn would try again for seconds."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"不能在 {_address(config)} 上监听：{error.strerror}。"
                "请停掉占用这个端口的程序，或用环境变量 LAUREL_PORT 另选端口。"
            ) from None
