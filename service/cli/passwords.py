"""Passwords on the command line: asked for on a terminal, generated elsewhere; never an argument."""

import secrets
import sys

import click

from service.auth import passwords
from service.auth.errors import WeakPassword

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Without what is easily misread: i, l, o, 0, 1.


def generated() -> str:
    """About 79 bits, in groups that can be copied by hand."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def asked(login: str) -> tuple[str, bool]:
    """A password for this login, and whether it was generated and so has to be told."""
    if not sys.stdin.isatty():
        return generated(), True
    while True:
        typed: str = click.prompt(
            f"{login} 的密码（直接回车则自动生成）", default="", hide_input=True, show_default=False
        )
        if not typed:
            return generated(), True
        try:
            passwords.check_strength(typed, login)
        except WeakPassword as weak:
            click.echo(str(weak), err=True)
            continue
        if typed == click.prompt("再输入一次", hide_input=True):
            return typed, False
        click.echo("两次输入的密码不一致，请重新输入。", err=True)
