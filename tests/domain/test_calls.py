"""Calls: whoever is called upon reads the notice that opened a round, and opens what is attached to it."""

import pytest
from sqlalchemy import select

from service.domain import calls, overviews, rounds, subjects, visibility
from service.domain.attachments import Attachment, AttachmentMissing
from service.domain.forms import FormSubmission
from service.domain.subjects import SubjectMissing
from service.store.database import new_id
from tests.domain.world import HANGZHOU, MINISTRY, START, World

CITY = ("industry", HANGZHOU)
ATTACHED, OTHER, ABSENT = "a" * 64, "b" * 64, "c" * 64


def test_a_city_that_has_not_applied_reads_the_notice_and_opens_what_is_attached_to_it(world: World) -> None:
    round_id = world.open_round()
    key = subjects.key(subjects.ROUND, round_id)
    with world.database.write() as session:
        submitted = session.scalars(select(FormSubmission).where(FormSubmission.business_key == key)).one()
        files = [{"name": "通知.pdf", "size": 1, "sha256": ATTACHED}]
        submitted.content = {**submitted.content, "number": "工信厅规函〔2018〕1号", "files": files}
        session.add_all(attached(key, each) for each in (ATTACHED, OTHER))
        session.flush()

        ministry, city = world.official(session, *MINISTRY), world.official(session, *CITY)
        call = overviews.of_round(session, city, round_id, world.clock.now()).call
        assert call is not None
        assert (call.number, call.contact) == ("工信厅规函〔2018〕1号", submitted.content["contact"])
        assert (call.files, call.copied_to) == (files, ())

        assert visibility.file(session, city, key, ATTACHED).sha256 == ATTACHED
        with pytest.raises(SubjectMissing):
            visibility.file(session, city, key, OTHER)
        assert visibility.file(session, ministry, key, OTHER).sha256 == OTHER
        with pytest.raises(AttachmentMissing):
            visibility.file(session, ministry, key, ABSENT)


def test_a_round_that_was_not_opened_has_no_notice(world: World) -> None:
    with world.database.write() as session:
        ministry = world.official(session, *MINISTRY)
        round_ = rounds.create(
            session, world.engine, ministry, edition_id=world.edition_id, year=2018, track=world.track
        )
        assert calls.of_round(session, round_) is None


def attached(business_key: str, sha256: str) -> Attachment:
    return Attachment(
        id=new_id(),
        business_key=business_key,
        name="通知.pdf",
        media_type="application/pdf",
        size=1,
        sha256=sha256,
        uploaded_by="a" * 32,
        uploaded_at=START,
    )
