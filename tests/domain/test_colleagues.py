"""Colleagues at one user task: claims, two who complete it, what comes while one completes it."""

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from service.domain import (
    attachments,
    forms,
    opinions,
    people,
    user_tasks,
)
from service.domain.access import Actor
from service.domain.attachments import Attachment
from service.engine import history
from service.engine.errors import AlreadyClaimed, UserTaskClosed
from service.engine.user_tasks import UserTask
from tests.databases import until_blocked
from tests.domain.desks import Desk

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


# Claiming.


@pytest.mark.parametrize("departure", ["leaves", "deactivated"])
def test_the_claim_of_somebody_who_has_left_does_not_hold_up_the_office(desk: Desk, departure: str) -> None:
    task, now = desk.task("fill_in"), desk.world.clock.now()
    with desk.at(desk.county, "王芳") as (session, colleague):
        user_tasks.claim(session, desk.engine, colleague, task)
    with desk.at(desk.county) as (session, actor):
        assert not user_tasks.view(session, actor, task).may_complete
        if departure == "leaves":
            (membership,) = people.memberships(session, colleague.person_id, now)
            people.leave(session, membership.id, now=now)
        else:
            people.deactivate(session, colleague.person_id, now=now)
        view = user_tasks.view(session, actor, task)
        assert (view.may_complete, view.claimed_by) == (True, None)
        user_tasks.complete(session, desk.engine, actor, task, decision="withdraw", opinion="不再申报。")
        lapsed = [
            each.actor_id
            for each in history.of_chain(session, session.get_one(UserTask, task).instance_id)
            if each.type == "user_task_claim_lapsed"
        ]
        assert lapsed == [actor.person_id]


def test_a_claimed_task_waits_for_its_claimer_who_may_release_it(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county, "王芳") as (session, colleague):
        user_tasks.claim(session, desk.engine, colleague, task)
    with desk.at(desk.county) as (session, actor):
        view = user_tasks.view(session, actor, task)
        assert (view.may_complete, view.claimed_by) == (False, "王芳")
        assert user_tasks.todo(session, actor).rows[0].claimed_name == "王芳"
        for attempt in (
            lambda: user_tasks.claim(session, desk.engine, actor, task),
            lambda: user_tasks.release(session, desk.engine, actor, task),
            lambda: user_tasks.save_draft(session, desk.engine, actor, task, "report", {}, version=0),
            lambda: user_tasks.complete(session, desk.engine, actor, task, decision="withdraw"),
        ):
            with pytest.raises(AlreadyClaimed, match=f"已由王芳于{desk.today}签收"):
                attempt()
    with desk.at(desk.county, "王芳") as (session, colleague):
        user_tasks.release(session, desk.engine, colleague, task)
    with desk.at(desk.county) as (session, actor):
        assert user_tasks.view(session, actor, task).may_complete


# Two at once.


def test_the_second_of_two_officials_reads_who_did_it_and_when_and_leaves_nothing(desk: Desk) -> None:
    desk.submit()
    task = desk.task("city_review")
    with desk.at(desk.city, "王芳") as (session, first):
        user_tasks.complete(session, desk.engine, first, task, decision="agree", opinion="同意。")
    message = f"已由王芳于{desk.today}办结"
    with pytest.raises(UserTaskClosed, match=message), desk.at(desk.city) as (session, second):
        user_tasks.complete(session, desk.engine, second, task, decision="refuse", opinion="不同意。")
    with desk.database.read() as session:
        assert [opinion.text for opinion in opinions.of(session, desk.key)] == ["同意。"]


def test_of_two_at_the_same_moment_one_wins(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        contents = desk.contents(session, actor, task)
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def complete(name: str) -> None:
        try:
            with desk.at(desk.county, name) as (session, somebody):
                if desk.database.engine.dialect.name == "postgresql":
                    barrier.wait(10)  # SQLite lets only one of them in.
                user_tasks.complete(
                    session, desk.engine, somebody, task, decision="submit", contents=contents
                )
            outcomes.append("won")
        except UserTaskClosed as closed:
            outcomes.append(str(closed.who))

    desk.appoint_beforehand(desk.county, "甲", "乙某")
    threads = [threading.Thread(target=complete, args=(name,)) for name in ("甲", "乙某")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == 2
    assert outcomes.count("won") == 1
    assert {"甲", "乙某"} & set(outcomes)
    with desk.database.read() as session:
        assert desk.submissions(session, "report") == 1


# What comes while a colleague completes it.


def late(desk: Desk, act: Callable[[Session, Actor], object]) -> None:
    """A colleague acts on a user task that is completed at this moment, and reads that it is."""
    task = desk.task("fill_in")
    if desk.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets only one of them in: nothing can come meanwhile")

    def too_late() -> None:
        with desk.at(desk.county, "乙") as (session, colleague), pytest.raises(UserTaskClosed):
            act(session, colleague)

    desk.appoint_beforehand(desk.county, "乙")
    with ThreadPoolExecutor(1) as pool:
        with desk.at(desk.county) as (session, actor):
            contents = desk.contents(session, actor, task)
            user_tasks.complete(session, desk.engine, actor, task, decision="submit", contents=contents)
            waiting = pool.submit(too_late)
            until_blocked(session)
        waiting.result(30)


def test_a_file_that_was_handed_in_at_the_same_time_is_not_taken_away(desk: Desk, tmp_path: Path) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        file = user_tasks.attach(
            session, desk.engine, actor, task, tmp_path, io.BytesIO(PDF), name="佐证.pdf", maximum_bytes=1000
        ).id
    late(desk, lambda session, actor: user_tasks.detach(session, desk.engine, actor, task, file))
    with desk.database.read() as session:
        assert session.get_one(Attachment, file).removed_at is None


def test_no_file_comes_to_what_was_handed_in_at_the_same_time(desk: Desk, tmp_path: Path) -> None:
    task = desk.task("fill_in")
    late(
        desk,
        lambda session, actor: user_tasks.attach(
            session, desk.engine, actor, task, tmp_path, io.BytesIO(PDF), name="佐证.pdf", maximum_bytes=1000
        ),
    )
    with desk.database.read() as session:
        assert attachments.of(session, desk.key) == []


def test_no_draft_is_kept_of_what_was_handed_in_at_the_same_time(desk: Desk) -> None:
    task = desk.task("fill_in")
    late(
        desk,
        lambda session, actor: user_tasks.save_draft(
            session, desk.engine, actor, task, "report", {}, version=0
        ),
    )
    with desk.database.read() as session:
        assert forms.draft(session, task, "report") is None
