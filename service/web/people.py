"""People, for admins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth import passwords, sign_ins
from service.auth.refusals import Fault
from service.auth.requests import app, current_actor, db, now
from service.auth.routes import access
from service.domain import directories, divisions, offices, people
from service.domain.people import OFFICIAL, ROLES
from service.web.forms import asked, once_only, page_number, shown_again, text

blueprint = Blueprint("people", __name__)

KINDS = {
    offices.INDUSTRY: "工业和信息化主管部门",
    offices.GOVERNMENT: "人民政府",
    offices.GOVERNMENT_OFFICE: "人民政府办公厅",
    offices.STATISTICS: "统计机构",
    offices.TELECOM: "通信管理局",
    offices.STATE_COUNCIL: "国务院办公厅",
}
TYPED = ("login", "name", "role", "office", "division")


@blueprint.get("/people")
@access("admin", "auditor")
def index() -> ResponseReturnValue:
    """The list, with a search in names and logins."""
    search = asked("search")
    page = directories.page(db(), now(), search=search, number=page_number())
    return render_template("people/index.html", page=page, search=search)


@blueprint.get("/people/new")
@access("admin")
def new() -> ResponseReturnValue:
    """The form to add somebody."""
    return _form([])


@blueprint.post("/people")
@access("admin")
def create() -> ResponseReturnValue:
    """Add somebody with a first role and a first password."""

    def carry_out() -> str:
        person = sign_ins.add_person(
            db(),
            login=text("login"),
            name=text("name"),
            password_hash=password_hash,
            role=text("role"),
            office_id=_office_id(),
            admin_id=current_actor().person_id,
            now=now(),
        )
        flash(f"已新增 {person.name}，请把登录名和初始密码交给本人，并请其登录后修改密码。")
        return url_for("people.index", search=person.login)

    with shown_again(_form):
        password_hash = passwords.new_hash(request.form.get("password", ""), text("login"))
        return once_only(carry_out)


@blueprint.get("/people/<person_id>")
@access("admin", "auditor")
def show(person_id: str) -> ResponseReturnValue:
    """One person: memberships, password, standing."""
    return _person_page(person_id, [])


@blueprint.post("/people/<person_id>/password")
@access("admin", own_transaction=True)
def reset_password(person_id: str) -> ResponseReturnValue:
    """Give a new password and end all the person's sessions."""
    with shown_again(lambda faults: _person_page(person_id, faults)):
        sign_ins.reset_password(
            app().database,
            app().session_clock,
            person_id=person_id,
            new=request.form.get("new", ""),
            admin_id=current_actor().person_id,
        )
    flash("密码已重置，此人的全部会话都已结束。")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.post("/people/<person_id>/memberships")
@access("admin")
def join(person_id: str) -> ResponseReturnValue:
    """Give a further role."""
    with shown_again(lambda faults: _person_page(person_id, faults)):
        people.join(
            db(),
            person_id,
            text("role"),
            office_id=_office_id(),
            now=now(),
            actor_id=current_actor().person_id,
        )
    flash("任职已增加，立即生效。")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.post("/people/<person_id>/memberships/<membership_id>/end")
@access("admin")
def leave(person_id: str, membership_id: str) -> ResponseReturnValue:
    """End a role."""
    people.leave(db(), membership_id, now=now(), actor_id=current_actor().person_id)
    flash("任职已结束；此人签收而未办结的任务，同单位的其他人可以接着办理。")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.post("/people/<person_id>/active")
@access("admin")
def set_active(person_id: str) -> ResponseReturnValue:
    """Close the account, or open it again."""
    change = people.activate if text("active") == "yes" else people.deactivate
    change(db(), person_id, now=now(), actor_id=current_actor().person_id)
    flash("账号已恢复。" if text("active") == "yes" else "账号已停用，此人不能再登录。")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _office_id() -> str | None:
    """The office that the form names, founded where there is none yet; officials alone have one."""
    if text("role") != OFFICIAL:
        return None
    division = divisions.get(db(), text("division"))
    actor_id = current_actor().person_id
    return offices.ensure(db(), text("office"), division.code, now=now(), actor_id=actor_id).id


def _form(faults: list[Fault]) -> str:
    return render_template(
        "people/new.html",
        faults=faults,
        roles=list(ROLES.items()),
        kinds=_kinds(),
        typed={name: text(name) for name in TYPED},
    )


def _kinds() -> list[tuple[str, str]]:
    return [(kind, KINDS[kind]) for kind in offices.kinds()]


def _person_page(person_id: str, faults: list[Fault]) -> str:
    person = directories.entry(db(), person_id, now())
    return render_template(
        "people/show.html",
        faults=faults,
        person=person,
        roles=list(ROLES.items()),
        kinds=_kinds(),
        typed={name: text(name) for name in TYPED},
    )
