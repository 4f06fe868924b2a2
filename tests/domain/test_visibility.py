"""Who sees which case: what has reached one's office, and nothing else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.domain import offices, visibility
from service.domain.access import Actor, ActorMembership
from service.domain.applications import Application
from service.domain.attachments import Attachment, AttachmentMissing
from service.domain.committees import CommitteeMember, Recusal
from service.domain.divisions import NATION
from service.domain.rounds import Round
from service.domain.shortlists import Candidate, CandidateState
from service.domain.subjects import SubjectMissing
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database, new_id
from tests.domain.world import HANGZHOU, YUHANG, ZHEJIANG, World

GOVERNMENT = (offices.GOVERNMENT, ZHEJIANG)


class Case:
    """One application of 余杭区, and who may see it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.round_id = world.open_round()
        self.id = world.apply(self.round_id, YUHANG)
        self.key = f"application:{self.id}"

    def seen_by(self, session: Session, actor: Actor) -> bool:
        """By the rule for one case, which must agree with the criterion for lists."""
        one = visibility.sees(session, actor, self.key)
        listed = session.scalars(select(Application.id).where(visibility.applications(actor))).all()
        assert one == (self.id in listed)
        return one

    def offices(self) -> set[str]:
        """Which offices of its chain see it."""
        pairs = [("industry", code) for code in (YUHANG, HANGZHOU, ZHEJIANG, NATION)]
        with self.world.database.read() as session:
            return {
                f"{kind} {code}"
                for kind, code in [*pairs, GOVERNMENT, (offices.STATE_COUNCIL, NATION)]
                if self.seen_by(session, somebody(kind, code))
            }


def somebody(kind: str = "", code: str = "", role: str = "official", person_id: str = "somebody") -> Actor:
    return Actor(person_id, "某人", (ActorMembership(kind, code, role),))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    """An application that was just begun, shared by the tests, which change it only until their end."""
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    with request.getfixturevalue(name).fresh() as url:
        database = Database(url)
        yield Case(World(database))
        database.dispose()


@pytest.fixture
def session(case: Case) -> Iterator[Session]:
    """A transaction that is rolled back."""
    with Session(case.world.database.engine) as session:
        yield session
        session.rollback()


def test_an_application_is_seen_as_far_as_it_has_come(database: Database) -> None:
    case = Case(World(database))
    assert case.offices() == {"industry 330110"}
    case.world.do(case.key, "fill_in", "submit")
    assert case.offices() == {"industry 330110", "industry 330100"}
    case.world.do(case.key, "city_review", "return", opinion="请核对。")
    assert case.offices() == {"industry 330110", "industry 330100"}  # What was once seen stays seen.
    case.world.do(case.key, "fill_in", "submit")
    case.world.do(case.key, "city_review", "agree")
    assert case.offices() == {"industry 330110", "industry 330100", "industry 330000"}
    case.world.do(case.key, "province_review", "agree")
    case.world.settle()
    recommendation = case.world.recommendation(case.round_id, ZHEJIANG).id
    key = f"recommendation:{recommendation}"
    assert "government 330000" not in case.offices()
    case.world.do(key, "compare", "submit", given=case.world.verdicts(key))
    case.world.do(key, "letter", "submit")
    assert case.offices() == {
        "industry 330110",
        "industry 330100",
        "industry 330000",
        "government 330000",
    }
    with case.world.database.read() as session:
        assert visibility.sees(session, somebody(*GOVERNMENT), key)
        assert not visibility.sees(session, somebody("industry", HANGZHOU), key)


def test_auditors_see_everything_and_admins_strangers_and_others_nothing(
    case: Case, session: Session
) -> None:
    assert case.seen_by(session, somebody(role="auditor"))
    assert visibility.sees(session, somebody(role="auditor"), f"round:{case.round_id}")
    for actor in (
        somebody(role="admin"),
        somebody(role="expert"),
        somebody("industry", "330102"),
        somebody("industry", "320000"),
        somebody("statistics", YUHANG),
        Actor("somebody", "某人"),
    ):
        assert not case.seen_by(session, actor)
        with pytest.raises(SubjectMissing):
            visibility.require(session, actor, case.key)


def test_what_does_not_exist_looks_like_what_is_hidden(case: Case, session: Session) -> None:
    actor = somebody("industry", YUHANG)
    for key in ("application:nothing", "round:nothing", "objection:nothing", "nothing"):
        with pytest.raises(SubjectMissing):
            visibility.require(session, actor, key)


@pytest.fixture
def committee(case: Case, session: Session) -> list[Actor]:
    """The application accepted, and two members of the committee."""
    now = case.world.clock.now()
    session.get_one(Application, case.id).accepted_at = now
    experts = [case.world.member(session, "expert", number) for number in (1, 2)]
    for position, person_id in enumerate(experts):
        session.add(
            CommitteeMember(
                round_id=case.round_id,
                person_id=person_id,
                position=position,
                role="expert",
                seated_by="ministry",
                seated_at=now,
            )
        )
    session.flush()
    return [somebody(role="expert", person_id=person_id) for person_id in experts]


def test_the_committee_sees_what_was_accepted_but_who_withdrew_from_it(
    case: Case, session: Session, committee: list[Actor]
) -> None:
    first, second = committee
    assert case.seen_by(session, first)
    assert visibility.sees(session, first, f"round:{case.round_id}")
    session.add(
        Recusal(
            application_id=case.id,
            person_id=second.person_id,
            round_id=case.round_id,
            automatic=False,
            reason="籍贯",
            recorded_at=case.world.clock.now(),
        )
    )
    session.flush()
    assert case.seen_by(session, first)
    assert not case.seen_by(session, second)
    session.get_one(Application, case.id).accepted_at = None
    session.flush()
    assert not case.seen_by(session, first)


def test_who_withdrew_does_not_see_it_on_the_shortlist_either(case: Case, session: Session) -> None:
    now = case.world.clock.now()
    session.get_one(Application, case.id).accepted_at = now
    round_ = session.get_one(Round, case.round_id)
    round_.scoring_pass = 1
    session.execute(
        insert(Candidate).values(
            round_id=round_.id,
            scoring_pass=1,
            application_id=case.id,
            score="90.00",
            exact="90",
            sheets=9,
            rank=1,
            state=CandidateState.SELECTED,
            reason="",
            changed_at=now,
        )
    )
    people = [case.world.member(session, "expert", number) for number in (1, 2)]
    for position, person_id in enumerate(people):
        session.add(
            CommitteeMember(
                round_id=round_.id,
                person_id=person_id,
                position=position,
                role="expert",
                seated_by="ministry",
                seated_at=now,
            )
        )
        session.add(
            UserTask(
                id=new_id(),
                instance_id=round_.instance_id,
                business_key=f"round:{round_.id}",
                element_id="score",
                name="评审打分",
                assignee_id=person_id,
                created_at=now,
                form_keys=["score_sheet"],
                decisions={"submit": "提交评分"},
                status=UserTaskStatus.COMPLETED,
            )
        )
    session.add(
        Recusal(
            application_id=case.id,
            person_id=people[1],
            round_id=round_.id,
            automatic=False,
            reason="籍贯",
            recorded_at=now,
        )
    )
    session.flush()
    first, second = (somebody(role="expert", person_id=person_id) for person_id in people)
    assert case.seen_by(session, first)
    assert not case.seen_by(session, second)
    assert visibility.sees(session, second, f"round:{round_.id}")


def test_an_office_that_the_round_has_reached_sees_the_shortlist_alone(case: Case, session: Session) -> None:
    ministry = somebody("industry", NATION)  # It has opened the round.
    assert not case.seen_by(session, ministry)
    session.get_one(Round, case.round_id).scoring_pass = 1
    values = {
        "round_id": case.round_id,
        "scoring_pass": 1,
        "application_id": case.id,
        "score": "90.00",
        "exact": "90",
        "sheets": 9,
        "rank": 1,
        "state": CandidateState.PASSED_OVER,
        "reason": "",
        "changed_at": case.world.clock.now(),
    }
    session.execute(insert(Candidate).values(values))
    assert not case.seen_by(session, ministry)
    candidate = session.get_one(Candidate, (case.round_id, 1, case.id))
    candidate.state = CandidateState.SELECTED
    session.flush()
    assert case.seen_by(session, ministry)
    session.get_one(Round, case.round_id).scoring_pass = 2  # A list that a new scoring pass has put aside.
    session.flush()
    assert not case.seen_by(session, ministry)


def test_an_attachment_is_had_by_whoever_sees_its_case(case: Case, session: Session) -> None:
    now = case.world.clock.now()
    attachment = Attachment(
        id=new_id(),
        business_key=case.key,
        name="甲.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by="somebody",
        uploaded_at=now,
    )
    session.add(attachment)
    session.flush()
    applicant, stranger = somebody("industry", YUHANG), somebody("industry", "330102")
    assert visibility.attachment(session, applicant, attachment.id) is attachment
    for actor, wanted in ((stranger, attachment.id), (applicant, "nothing")):
        with pytest.raises(AttachmentMissing):
            visibility.attachment(session, actor, wanted)
    attachment.removed_at = now
    session.flush()
    with pytest.raises(AttachmentMissing):
        visibility.attachment(session, applicant, attachment.id)


def test_the_criterion_holds_in_a_query_that_names_the_same_tables(case: Case, session: Session) -> None:
    actor = somebody("industry", YUHANG)
    joined = (
        select(Application.id)
        .join(Round, Round.id == Application.round_id)
        .outerjoin(Candidate, Candidate.application_id == Application.id)
        .outerjoin(CommitteeMember, CommitteeMember.round_id == Round.id)
        .where(visibility.applications(actor))
    )
    assert session.scalars(joined).all() == [case.id]
    hidden = somebody("industry", HANGZHOU)
    assert session.scalars(select(Round.id).where(visibility.rounds(hidden))).all() == []
    ministry = somebody("industry", NATION)
    assert session.scalars(select(Round.id).where(visibility.rounds(ministry))).all() == [case.round_id]
