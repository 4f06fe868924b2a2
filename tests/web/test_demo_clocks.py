"""The demo's time: shown on every page, moved by an admin, unknown where there is no demo."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.app import create_app
from service.clock import VirtualClock
from service.domain import demo_clocks
from service.domain.demo_clocks import DemoClock, StepRefused
from service.engine.engine import ProcessEngine
from service.store.database import Database
from tests.web.site import MONDAY, Site, Visitor


@pytest.fixture
def demo(sqlite_url: str, tmp_path: Path) -> Site:
    """A site whose application runs on the demo's clock: it reads 2027-03-02 on a Monday of 2026."""
    site = Site(sqlite_url, tmp_path, demo=True)
    site.set_up()
    with site.database.write() as session:
        demo_clocks.start_at(session, MONDAY.replace(year=2027), MONDAY)
    site.app = create_app(site.config, site.database)
    site.app.clock = site.app.process_engine.clock = DemoClock(site.database, site.clock)
    site.app.session_clock = site.clock
    return site


def time_shown(visitor: Visitor) -> str:
    _, _, after = visitor.get("/notices").text.partition("系统时间为 <time")
    return after[after.index(">") + 1 : after.index("</time>")]


def test_every_page_of_a_demo_tells_its_time(demo: Site) -> None:
    assert time_shown(demo.visitor()) == "2027-03-02 09:00"


def test_an_admin_moves_the_time_on_for_everybody(demo: Site) -> None:
    answer = demo.signed_in("admin").post("/demo-clock", {"days": "3"})
    assert answer.status_code == 303
    assert time_shown(demo.visitor()) == "2027-03-05 09:00"


def test_another_process_follows_within_a_second(demo: Site) -> None:
    real = VirtualClock(MONDAY)
    other = DemoClock(Database(demo.config.database_url), real)
    before = other.now()
    demo.signed_in("admin").post("/demo-clock", {"days": "3"})
    assert other.now() == before
    real.advance(timedelta(seconds=1))
    assert other.now() == before + timedelta(days=3, seconds=1)


@pytest.mark.parametrize("days", ["0", "-1", "401", "many", ""])
def test_time_moves_forward_only_and_not_too_far(demo: Site, days: str) -> None:
    answer = demo.signed_in("admin").post("/demo-clock", {"days": days})
    assert answer.status_code == 422
    assert 'id="days-error">请填写 1 到 400 之间的天数。' in answer.text
    assert time_shown(demo.visitor()) == "2027-03-02 09:00"


def test_nothing_due_is_said_and_not_waited_for(demo: Site) -> None:
    answer = demo.signed_in("admin").post("/demo-clock", {"to": "next"})
    assert answer.status_code == 409
    assert "现在没有等待的期限" in answer.text


def test_what_is_due_but_not_done_yet_is_said_to_be_at_work(
    demo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, now = demo.signed_in("admin"), MONDAY.replace(year=2027)
    monkeypatch.setattr(ProcessEngine, "next_due", lambda *_: now + timedelta(days=1))
    assert "已到期，正在办理" not in admin.get("/demo-clock").text
    monkeypatch.setattr(ProcessEngine, "next_due", lambda *_: now)
    assert "已到期，正在办理" in admin.get("/demo-clock").text


def test_elsewhere_there_is_no_such_page(sqlite_site: Site) -> None:
    assert sqlite_site.signed_in("admin").get("/demo-clock").status_code == 404
    assert sqlite_site.signed_in("admin").api("POST", "/demo-clock", {"days": 1}).status_code == 404
    assert "系统时间为" not in sqlite_site.visitor().get("/notices").text


def test_no_step_backwards(sqlite_site: Site) -> None:
    with sqlite_site.database.write() as session, pytest.raises(StepRefused):
        demo_clocks.advance(session, timedelta(days=-1))
