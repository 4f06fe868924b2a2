"""Opinions: kept as written, with a salted digest for the history."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from service.domain import opinions
from service.domain.opinions import Opinion, OpinionMissing, OpinionTooLong
from service.engine import seals


def write(session: Session, now: datetime, text: str = "情况属实，同意上报。") -> Opinion:
    return opinions.write(
        session,
        business_key="application:1",
        user_task_id="task",
        person_id="wang",
        decision="agree",
        text=text,
        now=now,
    )


def test_the_same_words_twice_have_two_seals(session: Session, now: datetime) -> None:
    first, second = write(session, now), write(session, now)
    assert first.salt != second.salt
    assert not set(seals.of(first)["opinion"].values()) & set(seals.of(second)["opinion"].values())


def test_an_opinion_is_trimmed_and_not_too_long(session: Session, now: datetime) -> None:
    assert write(session, now, "  同意。\n").text == "同意。"
    assert len(write(session, now, "字" * 4000).text) == 4000
    with pytest.raises(OpinionTooLong, match="最多 4000 个字，现有 4001 个字") as refused:
        write(session, now, "字" * 4001)
    assert refused.value.problems[0].place == "/opinion"


def test_the_opinions_of_a_case_come_in_their_order(session: Session, now: datetime) -> None:
    second = write(session, now + timedelta(hours=1), "二")
    first = write(session, now, "一")
    assert [each.text for each in opinions.of(session, "application:1")] == ["一", "二"]
    assert opinions.of(session, "application:2") == []
    found = opinions.by_id(session, [first.id, second.id, "nothing"])
    assert {key: each.text for key, each in found.items()} == {first.id: "一", second.id: "二"}
    assert seals.of(opinions.get(session, first.id)) == seals.of(first)
    with pytest.raises(OpinionMissing):
        opinions.get(session, "nothing")
