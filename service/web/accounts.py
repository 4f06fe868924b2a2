"""The reader's own account: signing in and out, sessions, password."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.auth import sessions, sign_ins
from service.auth.cookies import SESSION_COOKIE, clear_cookie, set_cookie
from service.auth.refusals import Fault
from service.auth.requests import address, app, current_actor, current_session_id, db, forget_session
from service.auth.routes import access
from service.domain import demos, people
from service.web.forms import ShowAgain, shown_again, text

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@access("public")
def sign_in() -> ResponseReturnValue:
    """The sign-in form."""
    return _sign_in_page([], login="", onward=_own_path(request.args.get("next", "")))


@blueprint.post("/sign-in")
@access("public", own_transaction=True)
def check_sign_in() -> ResponseReturnValue:
    """Check login and password and open a session."""
    login, onward = text("login"), _own_path(text("next"))
    with shown_again(lambda faults: _sign_in_page(faults, login=login, onward=onward)):
        signed_in = sign_ins.sign_in(
            app().database,
            app().session_clock,
            login=login,
            password=request.form.get("password", ""),
            address=address(),
            agent=request.user_agent.string,
        )
    response = redirect(onward or url_for("home.index"), 303)
    set_cookie(response, SESSION_COOKIE, signed_in.token)
    return response


@blueprint.post("/sign-out")
@access("signed_in")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    now = app().session_clock.now()
    sign_ins.sign_out(db(), current_actor().person_id, current_session_id(), now)
    forget_session()
    response = redirect(url_for("accounts.sign_in"), 303)
    clear_cookie(response, SESSION_COOKIE)
    return response


@blueprint.get("/account")
@access("signed_in")
def show() -> ResponseReturnValue:
    """Who one is, one's sessions, and the form to change the password."""
    return _account_page([])


@blueprint.post("/account/sessions/<session_id>/revoke")
@access("signed_in")
def revoke(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    if not sessions.revoke(db(), current_actor().person_id, session_id):
        abort(404)
    flash("会话已结束。")
    return redirect(url_for("accounts.show"), 303)


@blueprint.post("/account/password")
@access("signed_in", own_transaction=True)
def change_password() -> ResponseReturnValue:
    """Replace the password."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        fault = Fault(None, "again", "两次输入的新密码不一致，请重新输入。")
        raise ShowAgain(422, [fault], _account_page)
    with shown_again(_account_page):
        sign_ins.change_password(
            app().database,
            app().session_clock,
            person_id=current_actor().person_id,
            session_id=current_session_id(),
            old=request.form.get("old", ""),
            new=new,
        )
    flash("密码已修改，其他设备上的会话都已结束。")
    return redirect(url_for("accounts.show"), 303)


def _sign_in_page(faults: list[Fault], *, login: str, onward: str) -> str:
    return render_template(
        "sign_in.html",
        faults=faults,
        login=login,
        next=onward,
        accounts=demos.accounts(db()) if app().laurel.demo else [],
        password=demos.PASSWORD,
        other_editions=demos.OTHER_EDITIONS,
    )


def _account_page(faults: list[Fault]) -> str:
    person_id = current_actor().person_id
    now = app().session_clock.now()
    return render_template(
        "account.html",
        faults=faults,
        login=people.get(db(), person_id).login,
        memberships=people.described(db(), person_id, app().clock.now()),
        sessions=sessions.of_person(db(), person_id, now),
        session_id=current_session_id(),
    )


def _own_path(path: str) -> str:
    """The path to go on to, if it is one of ours: a sign-in page must not lead to strangers."""
    parts = urlsplit(path)
    own = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return path if own else ""
