"""The worker: it ticks in a thread, survives what fails, keeps house, and stops."""

import io
import os
import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from service.auth.sessions import UserSession
from service.domain import attachments
from service.jobs import Worker
from tests.web.site import Site


def worker_of(site: Site) -> Worker:
    return Worker(site.database, site.app.process_engine, site.clock, site.config.uploads)


def test_housekeeping_removes_expired_sessions_only(site: Site) -> None:
    site.signed_in("county")
    site.clock.advance(timedelta(hours=1))
    site.signed_in("city")
    site.clock.advance(timedelta(minutes=90))
    worker_of(site).keep_house()
    with site.database.read() as session:
        assert session.scalar(select(func.count()).select_from(UserSession)) == 1


def test_housekeeping_removes_files_that_nobody_handed_in(site: Site) -> None:
    now = site.clock.now()
    folder = site.config.uploads
    with site.database.write() as session:
        kept = attachments.add(
            session,
            folder,
            io.BytesIO(b"%PDF-1.7\n%%EOF\n"),
            name="推荐函.pdf",
            business_key="application:1",
            user_task_id=None,
            person_id=None,
            now=now,
            maximum_bytes=1_000,
        ).sha256
    stray, fresh = (attachments.path(folder, digit * 64) for digit in "ab")
    for file in (stray, fresh):
        file.parent.mkdir()
        file.write_bytes(b"half")
    for file, age in ((attachments.path(folder, kept), 9), (stray, 2), (fresh, 0)):
        written = (now - timedelta(days=age)).timestamp()
        os.utime(file, (written, written))
    worker_of(site).keep_house()
    assert (attachments.path(folder, kept).exists(), stray.exists(), fresh.exists()) == (True, False, True)


def test_a_tick_that_fails_does_not_end_the_ticking(sqlite_site: Site, monkeypatch: Any) -> None:
    worker = worker_of(sqlite_site)
    calls: list[object] = []

    def fail(database: object) -> int:
        calls.append(database)
        raise RuntimeError

    monkeypatch.setattr(worker.engine, "run_due", fail)
    worker.tick()
    worker.tick()
    assert len(calls) == 2


def test_it_runs_until_it_is_told_to_stop(sqlite_site: Site) -> None:
    stopped = threading.Event()
    thread = threading.Thread(target=worker_of(sqlite_site).run_until, args=(stopped,))
    thread.start()
    assert thread.is_alive()
    stopped.set()
    thread.join(10)
    assert not thread.is_alive()
