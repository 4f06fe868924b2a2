"""`laurel user`: people without the pages, for the first of them and for who is locked out."""

import click

from service.auth import sign_ins
from service.auth.passwords import new_hash
from service.cli import passwords, settings
from service.cli.console import Misuse, say, table
from service.domain import divisions, offices, people
from service.domain.people import OFFICIAL, ROLES


@click.group()
def command() -> None:
    """人员。"""


@command.command("add")
@click.argument("login", metavar="登录名")
@click.option("--name", required=True, metavar="姓名")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="角色。")
@click.option("--office", type=click.Choice(offices.kinds()), help="单位的种类（经办人员）。")
@click.option("--division", metavar="代码", help="单位所在的行政区划代码，全国为 000000（经办人员）。")
def add(login: str, name: str, role: str, office: str | None, division: str | None) -> None:
    """新增人员。"""
    if (role == OFFICIAL) != bool(office and division) or bool(office) != bool(division):
        raise Misuse("经办人员须用 --office 和 --division 指定单位，其他角色不属于单位。")
    config = settings.load()
    with settings.opened(config) as database:
        if division:
            with database.read() as session:
                divisions.get(session, division)
        password, told = passwords.asked(login)
        password_hash = new_hash(password, login)
        now = settings.clock_of(config, database).now()
        with database.write() as session:
            place = offices.ensure(session, office, division, now=now) if office and division else None
            sign_ins.add_person(
                session,
                login=login,
                name=name,
                password_hash=password_hash,
                role=role,
                office_id=place.id if place else None,
                admin_id=None,
                now=now,
            )
            of = place.name if place else ROLES[role]
    say(f"已新增 {name}（{of}）。")
    _tell(login, password, told)


@command.command("passwd")
@click.argument("login", metavar="登录名")
def change_password(login: str) -> None:
    """重设密码，并结束此人的全部会话。"""
    config = settings.load()
    with settings.opened(config) as database:
        with database.read() as session:
            person = people.by_login(session, login)
        if person is None:
            raise people.PersonMissing
        password, told = passwords.asked(login)
        clock = settings.clock_of(config, database)
        sign_ins.reset_password(database, clock, person_id=person.id, new=password, admin_id=None)
    say(f"{person.name}的密码已重设，原有会话都已结束。")
    _tell(login, password, told)


def _tell(login: str, password: str, told: bool) -> None:
    if told:
        table(("登录名", "密码（只显示这一次）"), [(login, password)])
