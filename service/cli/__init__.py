"""The command line: `laurel init`, `serve`, `deploy` …; each command's module is loaded when it is called."""

import importlib
import os
from pathlib import Path
from typing import Any

import click

from service.auth.errors import AuthError
from service.cli.console import HelpFormatter, Refusal
from service.config import DATA_FOLDER, ConfigInvalid
from service.domain.errors import DomainError
from service.engine.errors import EngineError
from service.store.revisions import SchemaMismatch

COMMANDS = (
    "init",
    "serve",
    "worker",
    "deploy",
    "edition",
    "lint",
    "articles",
    "user",
    "divisions",
    "holidays",
    "verify",
    "simulate",
)


click.Context.formatter_class = HelpFormatter


class Commands(click.Group):
    """Finds a command in the module of its name, and says what the service refuses without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"service.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AuthError, ConfigInvalid, DomainError, EngineError, SchemaMismatch) as error:
            raise Refusal(error) from error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"数据目录（默认取环境变量 {DATA_FOLDER}，再默认 ./var）。",
)
@click.version_option(package_name="laurel", message="%(package)s %(version)s")
def main(data: Path | None) -> None:
    """桂冠 Laurel：按政策文件办理评选表彰。"""
    if data is not None:
        os.environ[DATA_FOLDER] = str(data)
