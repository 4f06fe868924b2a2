"""Claims that an administrator ends: who may, what the holder reads, and that nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.domain import access, claims, offices, people, user_tasks, verifying
from service.domain.access import Actor, RoleNeeded
from service.domain.claims import ClaimChanged, ClaimMissing, ClaimRelease, ReasonNeeded
from service.domain.user_tasks import ClaimReleased
from service.engine import history
from service.engine.errors import NothingClaimed
from service.engine.user_tasks import UserTask
from tests.domain.world import World

COUNTY = "330110"
REASON = "王芳休假联系不上，材料今日须报出。"


class Office:
    """Two officials of a county, one of whom has claimed the report and goes on leave; and an admin."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.engine = world.engine
        application = world.apply(world.open_round(), COUNTY)
        with world.database.write() as session:
            now = world.clock.now()
            self.absent = world.person(session, offices.INDUSTRY, COUNTY)
            self.colleague = people.create(session, login="wangfang", name="王芳", now=now).id
            office = offices.ensure(session, offices.INDUSTRY, COUNTY, now=now)
            people.join(session, self.colleague, people.OFFICIAL, office_id=office.id, now=now)
            self.admin = people.create(session, login="chief", name="系统管理员", now=now).id
            people.join(session, self.admin, people.ADMIN, now=now)
            query = select(UserTask.id).where(UserTask.business_key == f"application:{application}")
            self.task = session.scalars(query).one()

    @contextmanager
    def as_(self, person_id: str) -> Iterator[tuple[Session, Actor]]:
        with self.world.database.write() as session:
            yield session, access.actor(session, person_id, self.world.clock.now())

    def claim(self, person_id: str) -> None:
        with self.as_(person_id) as (session, actor):
            user_tasks.claim(session, self.engine, actor, self.task)

    def save(self, person_id: str, content: dict[str, str], version: int) -> int:
        with self.as_(person_id) as (session, actor):
            saved = user_tasks.save_draft(
                session, self.engine, actor, self.task, "report", content, version=version
            )
            return saved.version

    def release(self, reason: str = REASON) -> None:
        with self.as_(self.admin) as (session, actor):
            claims.release(session, self.engine, actor, self.task, reason=reason)


@pytest.fixture
def office(either_world: World) -> Office:
    office = Office(either_world)
    office.claim(office.absent)
    return office


def test_an_administrator_sees_whose_claim_it_is_since_when_and_of_which_case(office: Office) -> None:
    with office.as_(office.admin) as (session, actor):
        (claim,) = claims.page(session, actor).rows
    assert claim.holder == "industry-330110"
    assert (claim.name, claim.claimed_at) == ("编制申报书和推荐表", office.world.clock.now())
    assert claim.subject.startswith("余杭区 · 2018年度")
    assert claim.office == "余杭区工业和信息化主管部门"


def test_a_colleague_goes_on_with_the_draft_of_the_one_who_is_absent(office: Office) -> None:
    version = office.save(office.absent, {}, 0)
    office.release()
    with office.as_(office.colleague) as (session, actor):
        view = user_tasks.view(session, actor, office.task)
        assert (view.may_complete, view.released) == (True, None)
        assert [form.version for form in view.forms if form.key == "report"] == [version]
    office.claim(office.colleague)
    assert office.save(office.colleague, {}, version) == version + 1


def test_who_had_the_claim_reads_who_ended_it_and_why_and_may_claim_it_again(office: Office) -> None:
    version = office.save(office.absent, {}, 0)
    office.release()
    with office.as_(office.absent) as (session, actor):
        view = user_tasks.view(session, actor, office.task)
        assert (view.may_complete, view.may_claim) == (False, True)
        kept = next(form for form in view.forms if form.key == "report")
        assert (kept.version, kept.editable) == (version, False)  # The draft is shown, to be read.
        assert view.released is not None
        assert (view.released.by, view.released.reason) == ("系统管理员", REASON)
        with pytest.raises(ClaimReleased, match=r"已由系统管理员于.*解除，理由：王芳休假.*请重新签收"):
            user_tasks.complete(session, office.engine, actor, office.task, decision="withdraw", opinion="略")
    with pytest.raises(ClaimReleased):
        office.save(office.absent, {}, version)
    office.claim(office.absent)
    assert office.save(office.absent, {}, version) == version + 1
    with office.as_(office.absent) as (session, actor):
        assert user_tasks.view(session, actor, office.task).released is None


def test_who_had_the_claim_reads_who_has_it_now(office: Office) -> None:
    office.release()
    office.claim(office.colleague)
    with office.as_(office.absent) as (session, actor):
        view = user_tasks.view(session, actor, office.task)
        assert (view.may_claim, view.claimed_by) == (False, "王芳")
        assert view.released is not None
        with pytest.raises(ClaimReleased, match="任务现由王芳签收办理"):
            user_tasks.claim(session, office.engine, actor, office.task)


def test_only_an_administrator_ends_anothers_claim_and_says_why(office: Office) -> None:
    with office.as_(office.colleague) as (session, colleague), pytest.raises(RoleNeeded):
        claims.release(session, office.engine, colleague, office.task, reason=REASON)
    with office.as_(office.colleague) as (session, colleague), pytest.raises(RoleNeeded):
        claims.page(session, colleague)
    for reason in (" ", "长" * 501):
        with pytest.raises(ReasonNeeded):
            office.release(reason)
    with office.as_(office.admin) as (session, admin):
        with pytest.raises(ClaimMissing):
            claims.release(session, office.engine, admin, "nothing", reason=REASON)
        assert len(claims.page(session, admin).rows) == 1


def test_a_claim_that_changed_hands_meanwhile_is_not_ended(office: Office) -> None:
    seen = office.world.clock.now()
    office.release()
    with pytest.raises(NothingClaimed):
        office.release()
    office.world.advance_to("2018-03-02")
    office.claim(office.colleague)
    with office.as_(office.admin) as (session, admin), pytest.raises(ClaimChanged, match="现由王芳签收"):
        claims.release(session, office.engine, admin, office.task, reason=REASON, claimed_at=seen)


def test_the_history_holds_it_and_shows_a_reason_that_was_changed(office: Office) -> None:
    office.release()
    with office.as_(office.admin) as (session, admin):
        event = history.of_chain(session, history.SYSTEM)[-1]
        assert (event.type, event.actor_id) == ("claim_released", admin.person_id)
        assert REASON not in str(event.data)
        instance = session.get_one(UserTask, office.task).instance_id
        last = history.of_chain(session, instance)[-1]
        assert (last.type, last.data["claimed_by"]) == ("user_task_claim_released", office.absent)
        assert list(verifying.broken(session)) == []
        session.execute(update(ClaimRelease).values(reason="没有理由"))
        assert any("解除签收" in sentence for sentence in verifying.broken(session))
