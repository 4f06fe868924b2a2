"""`laurel init`: the data folder, its settings and secrets, the database, and somebody who may sign in."""

import json
import os
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.auth import sign_ins
from service.auth.passwords import new_hash
from service.cli import demos, passwords, settings
from service.cli.console import Misuse, say, table
from service.clock import SystemClock
from service.config import Config
from service.domain import divisions, holidays
from service.domain.calendars import HolidayYear
from service.domain.divisions import Division
from service.domain.people import ADMIN, Membership, Person
from service.store.database import Database, migrate

SECRET_BYTES = 48


@click.command()
@click.option("--demo", is_flag=True, help="建立演示环境：演示账号、演示时间和一个已经部署的轮次。")
@click.option("--admin", metavar="登录名", help="首位管理员的登录名；密码自动生成，只显示一次。")
@click.option(
    "--admin-name", metavar="姓名", default="系统管理员", show_default=True, help="首位管理员的姓名。"
)
@click.option("--database-url", metavar="URL", help="数据库（默认是数据目录中的 SQLite）。")
@click.option("--host", help="服务监听的地址（默认 127.0.0.1）。")
@click.option("--port", type=click.IntRange(1, 65535), help="服务监听的端口（默认 8000）。")
@click.option("--base-url", metavar="URL", help="用户访问的网址（默认 http://地址:端口）。")
def command(demo: bool, admin: str | None, admin_name: str, **options: Any) -> None:
    """初始化数据目录，升级后再次运行即更新数据库；已有的设置和数据都保留。"""
    given = {name: value for name, value in options.items() if value is not None}
    config = Config.load()
    if config.file.is_file():
        _require_same(config, demo, given)
    else:
        if not demo and admin is None:
            _require_terminal()
        config = _write_settings(config, demo, given)
    migrate(config.database_url)
    with settings.opened(config) as database:
        _load_registers(database, SystemClock().now())
        if demo:
            demos.set_up(database)
            say(f"演示环境已就绪（{config.data_folder}）。laurel serve 启动服务，并列出网址和账号。")
        else:
            _add_first_admin(database, admin, admin_name)
            say(f"数据目录 {config.data_folder} 已就绪。")
            say("接下来：laurel deploy processes/办法/年份 部署办法，laurel serve 启动服务。")


def _require_same(config: Config, demo: bool, given: dict[str, Any]) -> None:
    """A data folder keeps its settings, and what kind it is."""
    if given:
        raise Misuse(f"设置文件 {config.file} 已经存在，请直接修改它，不要用选项指定设置。")
    if config.demo != demo:
        kind, other = ("演示", "正式") if config.demo else ("正式", "演示")
        raise Misuse(
            f"数据目录 {config.data_folder} 是{kind}环境；{other}环境请用 laurel --data 另选一个目录。"
        )


def _require_terminal() -> None:
    if not sys.stdin.isatty():
        raise Misuse("还没有管理员，这里也不是终端：请用 laurel init --admin 登录名 指定首位管理员。")


def _write_settings(config: Config, demo: bool, given: dict[str, Any]) -> Config:
    """A file that nobody else can read, in a folder that nobody else can enter."""
    content = {**given, "demo": demo}
    if "SECRET_KEY" not in os.environ:
        content["secret_key"] = _secret_key(demo)
    config.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(config.file, content)
    return Config.load()


def _secret_key(demo: bool) -> str:
    if not demo and sys.stdin.isatty():
        typed: str = click.prompt(
            "会话密钥（直接回车则自动生成）", default="", hide_input=True, show_default=False
        )
        if typed:
            return typed
    return secrets.token_urlsafe(SECRET_BYTES)


def _write(path: Path, content: dict[str, Any]) -> None:
    lines = ["# Laurel 的设置。可用的各项见 service/config.py；环境变量优先于本文件。"]
    # TOML reads JSON's strings, integers and booleans.
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in content.items()]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _load_registers(database: Database, now: datetime) -> None:
    """Divisions and the work calendar, where there are none yet: what an administrator loaded later stays."""
    with database.write() as session:
        if not session.scalar(select(func.count()).select_from(Division)):
            divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
        for file in sorted(holidays.SHIPPED.glob("*.csv")):
            if session.get(HolidayYear, int(file.stem)) is None:
                holidays.load(session, file.read_bytes(), now=now)


def _admins(session: Session) -> int:
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Person)
        .where(Membership.role == ADMIN, Membership.until.is_(None), Person.active)
    )
    return session.scalar(query) or 0


def _add_first_admin(database: Database, login: str | None, name: str) -> None:
    with database.read() as session:
        if _admins(session):
            if login is not None:
                say("已有管理员，没有再新增；请用 laurel user add 添加其他人员。")
            return
    if login is None:
        _require_terminal()
        login = click.prompt("首位管理员的登录名", default="admin")
        password, told = passwords.asked(login)
    else:
        password, told = passwords.generated(), True
    password_hash = new_hash(password, login)
    with database.write() as session:
        sign_ins.add_person(
            session,
            login=login,
            name=name,
            password_hash=password_hash,
            role=ADMIN,
            office_id=None,
            admin_id=None,
            now=SystemClock().now(),
        )
    if told:
        table(("登录名", "密码（只显示这一次）"), [(login, password)])
