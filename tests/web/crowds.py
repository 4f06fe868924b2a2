"""A site with more of everything: rows copied from those of a round that has come as far as its notice."""

from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from service.domain.applications import Application
from service.domain.attachments import Attachment
from service.domain.awards import Award
from service.domain.committees import CommitteeMember
from service.domain.divisions import Division
from service.domain.editions import Edition
from service.domain.eligibility import EligibilityFinding
from service.domain.notices import Notice, NoticeEntry
from service.domain.objections import Objection
from service.domain.offices import Office
from service.domain.opinions import Opinion
from service.domain.people import Membership, Person
from service.domain.rounds import Round, Stage
from service.domain.sanctions import Sanction
from service.domain.shortlists import Candidate
from service.engine import history
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import new_id
from tests.web.chain import Chain

Table = TypeVar("Table")


def copy(row: Table, **changed: Any) -> Table:
    """Another row like this one, but for what is changed."""
    kept = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    return type(row)(**{**kept, **changed})


def crowd(chain: Chain, count: int) -> dict[str, str]:
    """Add `count` of everything that a list shows; the values of the addresses' parameters."""
    with chain.site.database.write() as session:
        return _crowd(session, chain, count)


def _crowd(session: Session, chain: Chain, count: int) -> dict[str, str]:
    now = chain.site.clock.now()
    earlier = now - timedelta(days=90)  # What was last done in a case stays the last.
    application = session.get_one(Application, chain.application_id)
    round_ = session.get_one(Round, chain.round_id)
    edition = session.get_one(Edition, chain.edition_id)
    notice = session.scalars(select(Notice)).one()
    entry = session.scalars(select(NoticeEntry)).one()
    candidate = session.scalars(select(Candidate)).one()
    finding = session.scalars(select(EligibilityFinding).limit(1)).one()
    key = f"application:{application.id}"
    tasks = select(UserTask).where(UserTask.business_key == key, UserTask.office == "industry")
    reviewed = session.scalars(tasks.where(UserTask.division == "330100")).one()
    asked = session.scalars(tasks.where(UserTask.division == "000000")).one()
    opinion = session.get_one(Opinion, reviewed.opinion_id)
    round_.ranked_at = round_.announced_at = now
    session.add(copy(edition, id=f"{0:064}", version=100, stored=edition.stored, files=edition.files))
    session.flush()
    objection_id = ""
    for number in range(count):
        code = f"3399{number:02}"
        session.add(
            Division(
                code=code, name=f"第{number}区", level="county", parent_code=("330100", "330000")[number % 2]
            )
        )
        person = Person(id=new_id(), login=f"crowd{number}", name=f"众人{number}", created_at=now)
        office = Office(id=new_id(), division_code=code, kind="industry", name=f"第{number}区经信局")
        session.add_all([person, office])
        session.flush()
        session.add(
            Membership(id=new_id(), person_id=person.id, office_id=office.id, role="official", since=now)
        )
        version = copy(
            edition, id=f"{number + 1:064}", version=101 + number, stored=edition.stored, files=edition.files
        )
        session.add(version)
        session.flush()
        session.add(
            copy(
                round_,
                id=new_id(),
                edition_id=version.id,
                programme="crowd",
                year=2030 + number,
                title=f"第{number}轮",
                stage=Stage.COLLECTING,
                collection_ends_at=now + timedelta(days=9),
                instance_id=None,
            )
        )
        theirs = copy(
            application,
            id=new_id(),
            division_code=code,
            city_code=("330100", None)[number % 2],
            instance_id=None,
        )
        session.add(theirs)
        session.flush()
        session.add(copy(candidate, application_id=theirs.id))
        session.add(copy(finding, id=new_id(), position=100 + number))
        session.add(
            Award(
                id=new_id(),
                programme=round_.programme,
                edition_id=edition.id,
                round_id=round_.id,
                track=round_.track,
                year=round_.year,
                application_id=theirs.id,
                division_code=code,
                starts_on=now.date(),
                ends_on=now.date(),
                ends_at=now,
                granted_at=now,
            )
        )
        session.add(
            Sanction(
                id=new_id(),
                programme=round_.programme,
                scope="city",
                division_code=code,
                first_year=2020,
                last_year=2022,
                decision_number=f"处理〔2019〕{number}号",
                decided_on=now.date(),
                reason="弄虚作假。",
                subject=key,
                imposed_at=now,
            )
        )
        session.add(
            CommitteeMember(
                round_id=round_.id,
                person_id=person.id,
                position=100 + number,
                role="expert",
                seated_by=person.id,
                seated_at=now,
            )
        )
        published = copy(notice, id=new_id(), sequence=100 + number, number=f"{number}号")
        session.add(published)
        session.flush()
        session.add_all(
            [
                copy(entry, notice_id=published.id),
                copy(entry, application_id=theirs.id, division_code=code, division_name=f"第{number}区"),
            ]
        )
        objection_id = new_id()
        session.add(
            Objection(
                id=objection_id,
                number=f"YY{number}",
                round_id=round_.id,
                notice_id=published.id,
                application_id=theirs.id,
                anonymous=False,
                filer="某人",
                contact="某处",
                statement="有误。",
                evidence="见附件。",
                files=[],
                filed_at=now,
            )
        )
        keys = [key, f"application:{theirs.id}", f"objection:{objection_id}", f"round:{round_.id}"]
        for business_key in keys:
            for task in (reviewed, asked):
                words = copy(opinion, id=new_id(), business_key=business_key)
                session.add(words)
                given = {"opinion_id": words.id, "completed_by": person.id, "completed_at": earlier}
                session.add(copy(task, id=new_id(), business_key=business_key, **given))
            session.add(
                Attachment(
                    id=new_id(),
                    business_key=business_key,
                    name=f"附件{number}.pdf",
                    media_type="application/pdf",
                    size=1,
                    sha256=f"{number:064}",
                    uploaded_by=person.id,
                    uploaded_at=now,
                )
            )
        waiting = {"status": UserTaskStatus.OPEN, "completed_by": None, "completed_at": None}
        for login, task in (("city", reviewed), ("ministry", asked)):
            claimed = {"claimed_by": chain.site.people[login], "claimed_at": now}
            session.add(copy(task, id=new_id(), business_key=keys[1], **waiting, **claimed))
            session.add(copy(task, id=new_id(), business_key=keys[1], completed_by=chain.site.people[login]))
        session.flush()
        data = {"user_task_id": reviewed.id}
        history.record(session, reviewed.instance_id, "user_task_claimed", now, actor_id=person.id, data=data)
    return {
        "application_id": application.id,
        "round_id": round_.id,
        "notice_id": notice.id,
        "objection_id": objection_id,
        "edition_id": edition.id,
        "user_task_id": reviewed.id,
        "person_id": chain.site.people["city"],
        "business_key": key,
    }
