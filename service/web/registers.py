"""The work calendar and the table of divisions, for admins: what a file changes is shown before it counts."""

import base64
import binascii

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth.refusals import Fault
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import divisions, holidays
from service.domain.divisions import Differences
from service.domain.holidays import Plan
from service.web.forms import ShowAgain, shown_again, text

blueprint = Blueprint("registers", __name__, url_prefix="/admin")

FIELDS = {
    "name": "名称",
    "level": "层级",
    "parent_code": "上级",
    "region": "地区",
    "tag": "标记",
    "active": "有效",
}


@blueprint.get("/calendar")
@access("admin", "auditor")
def calendar() -> ResponseReturnValue:
    """Which years have a calendar, and which miss."""
    return _calendar([])


@blueprint.post("/calendar/plan")
@access("admin")
def plan_holidays() -> ResponseReturnValue:
    """What a year's file would change."""
    with shown_again(_calendar):
        content = _uploaded()
        return _calendar([], holidays.plan(db(), content, now=now()), content)


@blueprint.post("/calendar")
@access("admin")
def load_holidays() -> ResponseReturnValue:
    """Load the file whose changes were shown."""
    with shown_again(_calendar):
        loaded = holidays.load(
            db(),
            _carried(),
            now=now(),
            actor_id=current_actor().person_id,
            standing=text("standing"),
        )
    flash(f"已载入 {loaded.year} 年的放假安排，共改变 {len(loaded.changes)} 天。")
    return redirect(url_for("registers.calendar"), 303)


@blueprint.get("/divisions")
@access("admin", "auditor")
def division_table() -> ResponseReturnValue:
    """How many divisions there are at each level."""
    return _divisions([])


@blueprint.post("/divisions/plan")
@access("admin")
def plan_divisions() -> ResponseReturnValue:
    """What a new table would change."""
    with shown_again(_divisions):
        content = _uploaded()
        return _divisions([], divisions.compare(db(), content), content)


@blueprint.post("/divisions")
@access("admin")
def load_divisions() -> ResponseReturnValue:
    """Load the table whose changes were shown."""
    with shown_again(_divisions):
        loaded = divisions.load_divisions(
            db(), _carried(), now=now(), actor_id=current_actor().person_id, approved=text("approved")
        )
    flash(
        f"已载入行政区划表：新增 {len(loaded.added)} 个，修改 {len(loaded.changed)} 个，"
        f"停用 {len(loaded.retired)} 个。"
    )
    return redirect(url_for("registers.division_table"), 303)


def _calendar(faults: list[Fault], plan: Plan | None = None, content: bytes = b"") -> str:
    return render_template(
        "admin/calendar.html",
        years=holidays.years(db(), now()),
        faults=faults,
        plan=plan,
        content=base64.b64encode(content).decode(),
    )


def _divisions(faults: list[Fault], plan: Differences | None = None, content: bytes = b"") -> str:
    return render_template(
        "admin/divisions.html",
        levels=divisions.counts(db()),
        names=divisions.names(db(), plan.changed.keys() | set(plan.retired)) if plan else {},
        fields=FIELDS,
        faults=faults,
        plan=plan,
        content=base64.b64encode(content).decode(),
    )


def _uploaded() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        page = _calendar if request.endpoint == "registers.plan_holidays" else _divisions
        raise ShowAgain(422, [Fault(None, "", "请选择要载入的文件。")], page)
    return file.read()


def _carried() -> bytes:
    """The file that was shown, which the page carries: nothing of it is kept until it is loaded."""
    try:
        return base64.b64decode(text("content"), validate=True)
    except binascii.Error:
        return b""
