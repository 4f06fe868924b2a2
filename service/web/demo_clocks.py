"""The page on which an admin of a demo moves its time on."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.auth.demo import advance, require_demo
from service.auth.refusals import Fault
from service.auth.requests import app, db
from service.auth.routes import access
from service.web.forms import ShowAgain, shown_again, text, whole
from service.web.texts import moment

blueprint = Blueprint("demo_clocks", __name__)


@blueprint.get("/demo-clock")
@access("admin")
def show() -> ResponseReturnValue:
    """The demo's time, and what is due next."""
    return _page([])


@blueprint.post("/demo-clock")
@access("admin", own_transaction=True)
def move() -> ResponseReturnValue:
    """Move on by days, or to the next thing that is due."""
    clock = require_demo()
    with shown_again(_page):
        if text("to") == "next":
            with app().database.read() as session:
                next_due = app().process_engine.next_due(session)
            if next_due is None:
                raise ShowAgain(409, [Fault(None, "", "现在没有等待的期限，不必推进。")], _page)
            advance(max(next_due - clock.now() + timedelta(seconds=1), timedelta(seconds=1)))
        else:
            advance(timedelta(days=whole("days") or 0))
    flash(f"演示时间已推进到 {moment(clock.now())}，到期的事项随即办理。")
    return redirect(url_for("demo_clocks.show"), 303)


def _page(faults: list[Fault]) -> str:
    clock = require_demo()
    return render_template(
        "demo_clock.html",
        faults=faults,
        now=clock.now(),
        next_due=app().process_engine.next_due(db()),
        days=text("days") or "1",
    )
