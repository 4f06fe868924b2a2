"""What a plain HTML form brings, and how it is shown again with what was typed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from flask import redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.auth import numbers, once
from service.auth.csrf import FIELD, csrf_token
from service.auth.refusals import Fault, refusal
from service.auth.requests import app, db

SHOWN_AGAIN = frozenset({401, 409, 422, 429})


class ShowAgain(Exception):
    """A form that is to be shown again; its page is made from fresh rows, after the rollback."""

    def __init__(self, status: int, faults: list[Fault], page: Callable[[list[Fault]], str]) -> None:
        super().__init__(status)
        self.status = status
        self.faults = faults
        self.page = page


@contextmanager
def shown_again(page: Callable[[list[Fault]], str]) -> Iterator[None]:
    """Errors that the reader can mend lead back to the form; whatever else is wrong goes its usual way."""
    try:
        yield
    except Exception as error:
        refused = refusal(error)
        if refused.status not in SHOWN_AGAIN:
            raise
        faults = [_at_field(fault) for fault in refused.faults]
        raise ShowAgain(refused.status, faults or [Fault(None, "", refused.message)], page) from error


def _at_field(fault: Fault) -> Fault:
    """A field of the page's own is known by its name; a cell of a form island by its JSON pointer."""
    return fault if fault.form is not None else fault._replace(pointer=fault.pointer.removeprefix("/"))


def csrf_field() -> Markup:
    """The hidden field that every form of a page carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def once_field() -> Markup:
    """The hidden field of a form that must not be carried out twice."""
    form_id = request.form.get(once.FIELD) or once.new_form_id()
    return Markup('<input type="hidden" name="{}" value="{}">').format(once.FIELD, form_id)


def text(name: str) -> str:
    """A field's text without the blanks around it; empty when it was not sent."""
    return request.form.get(name, "").strip()


def day(name: str) -> date | None:
    """A field's date; None when there is none, or what was sent is no date."""
    try:
        return date.fromisoformat(text(name))
    except ValueError:
        return None


def whole(name: str) -> int | None:
    """A field's whole number; None when there is none."""
    return numbers.whole(text(name))


def instant(name: str) -> datetime | None:
    """A hidden field's instant, as the page wrote it."""
    try:
        return datetime.fromisoformat(text(name))
    except ValueError:
        return None


def page_number() -> int:
    """The page of a list that is asked for."""
    return numbers.whole(asked("page")) or 1


def asked(name: str) -> str:
    """What a list is narrowed to by the address's parameter; empty when it is not."""
    return request.args.get(name, "").strip()


def asked_year() -> int | None:
    """The year that a list is narrowed to."""
    year = asked("year")
    return int(year) if _is_year(year) else None


def faults_of_new(choice: str, missing: str) -> list[Fault]:
    """What is wrong with what is set up for a year: nothing chosen in the field `choice`, or no year."""
    faults = [] if text(choice) else [Fault(None, choice, missing)]
    if not _is_year(text("year")):
        faults.append(Fault(None, "year", "请填写四位数字的年度，例如 2026。"))
    return faults


def _is_year(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) == 4


def once_only(carry_out: Callable[[], str]) -> ResponseReturnValue:
    """Carry the form out and go to where its result is shown; the same form again only goes there."""
    form_id = text(once.FIELD)
    if not 0 < len(form_id) <= once.LONGEST_ID:
        return redirect(carry_out(), 303)
    sent = once.record(db(), form_id, app().session_clock.now())
    sent.location = sent.location or carry_out()
    return redirect(sent.location, 303)
