"""Who sees which case: SQL criteria for lists, and the same rule for one case (404 where it is hidden).

A case is seen by the offices that it has reached: those that had a user task of it. So an applicant sees its
own from the start, a superior office only once it was submitted that far, whatever the edition's chain is.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.domain import attachments, calls, offices, organisers, subjects
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.attachments import Attachment, AttachmentMissing
from service.domain.committees import CommitteeMember, Recusal
from service.domain.memberships import AUDITOR, EXPERT, OFFICIAL
from service.domain.objections import Objection
from service.domain.recommendations import Choice
from service.domain.rounds import Round
from service.domain.shortlists import Candidate, CandidateState
from service.domain.standings import Standing, StandingStage, StandingState
from service.engine.user_tasks import UserTask

# The criteria may stand in any query, so what they look up goes by names of its own. Each is made once: an
# alias adapts its columns when it is first asked for them, which costs more than the query that it is for.
_candidate, _choice, _recusal = aliased(Candidate), aliased(Choice), aliased(Recusal)
_member, _round = aliased(CommitteeMember), aliased(Round)
_standing, _task = aliased(Standing), aliased(UserTask)


def applications(actor: Actor) -> ColumnElement[bool]:
    """A criterion on Application.

    Seen by the offices that it has reached, or a copy of it; by those that its recommendation has reached,
    once it was chosen there (a government that is asked for its consent); by those that its round has
    reached, once it is on the shortlist (the State Council); by the members of its round's committee from
    acceptance on, but for those who withdrew from it, for good; by auditors.
    """
    if AUDITOR in actor.roles:
        return true()
    chosen = exists().where(_choice.application_id == Application.id, _choice.chosen)
    listed = exists().where(
        _candidate.application_id == Application.id,
        _candidate.state.in_([CandidateState.SELECTED, CandidateState.PROMOTED]),
        _round.id == _candidate.round_id,
        _round.scoring_pass == _candidate.scoring_pass,
    )
    proposed = exists().where(
        _standing.application_id == Application.id,
        _standing.stage == StandingStage.PROVINCE,
        _standing.state.in_([StandingState.LISTED, StandingState.AWARDED, StandingState.NOT_AWARDED]),
    )
    recused = exists().where(_recusal.application_id == Application.id, _recusal.person_id == actor.person_id)
    return or_(
        _reached(actor, subjects.APPLICATION, Application.id),
        _copied(actor),
        and_(_reached(actor, subjects.RECOMMENDATION, Application.recommendation_id), chosen),
        and_(
            _given_office(actor, literal(f"{subjects.ROUND}:") + Application.round_id), or_(listed, proposed)
        ),
        and_(Application.accepted_at.is_not(None), _seated(actor, Application.round_id), ~recused),
    )


def rounds(actor: Actor) -> ColumnElement[bool]:
    """A criterion on Round: whose working papers (ranking, reasons, attachments) the actor may read.

    Who has left the committee reads them no more, whatever was given to that person before.
    """
    if AUDITOR in actor.roles:
        return true()
    key = literal(f"{subjects.ROUND}:") + Round.id
    return or_(
        _given_office(actor, key), and_(_given(actor, key), ~_left(actor, Round.id)), _seated(actor, Round.id)
    )


def objections(actor: Actor) -> ColumnElement[bool]:
    """A criterion on Objection: seen by the offices that it has reached, and by auditors."""
    if AUDITOR in actor.roles:
        return true()
    return _reached(actor, subjects.OBJECTION, Objection.id)


def sees(session: Session, actor: Actor, business_key: str) -> bool:
    """Whether the actor may read the case: its forms, opinions, attachments and course."""
    kind, subject_id = subjects.split(business_key)
    if AUDITOR in actor.roles:
        return True
    if kind == subjects.APPLICATION:
        criterion: ColumnElement[bool] = exists().where(Application.id == subject_id, applications(actor))
    elif kind == subjects.ROUND:
        criterion = exists().where(Round.id == subject_id, rounds(actor))
    else:
        criterion = _given(actor, business_key)
    return bool(session.scalar(select(criterion)))


def require(session: Session, actor: Actor, business_key: str) -> None:
    """SubjectMissing, as if it did not exist, for a case that the actor may not see."""
    if not sees(session, actor, business_key):
        raise subjects.SubjectMissing


def knows_filers(actor: Actor, organiser: str) -> bool:
    """Whether the actor may know who filed an objection: the organiser, which handles it, and auditors.

    The recommending unit, which mends what an objection found, is told what it says, not whose it is.
    """
    return AUDITOR in actor.roles or organisers.organises(actor, organiser)


def attachment(session: Session, actor: Actor, attachment_id: str) -> Attachment:
    """An attachment that the actor may see, of a case that the actor may see; AttachmentMissing otherwise."""
    found = session.get(Attachment, attachment_id)
    if found is None or found.removed_at is not None or not sees(session, actor, found.business_key):
        raise AttachmentMissing
    if not _shown(session, actor, [found]):
        raise AttachmentMissing
    return found


def file(session: Session, actor: Actor, business_key: str, sha256: str) -> Attachment:
    """A file of a case by its hash, as forms name it; what a round's call holds is for everybody.

    SubjectMissing, AttachmentMissing.
    """
    if calls.has_file(session, business_key, sha256):
        seen = attachments.of(session, business_key)
    else:
        require(session, actor, business_key)
        seen = attachments_of(session, actor, business_key)
    found = next((each for each in seen if each.sha256 == sha256), None)
    if found is None:
        raise AttachmentMissing
    return found


def attachments_of(session: Session, actor: Actor, business_key: str) -> list[Attachment]:
    """The attachments, of a case that the actor sees, that the actor may see too; the oldest first."""
    return _shown(session, actor, attachments.of(session, business_key))


def _shown(session: Session, actor: Actor, found: Sequence[Attachment]) -> list[Attachment]:
    """Of one case's those that the actor may see: evidence of the public may give its filer away."""
    if all(each.uploaded_by is not None for each in found):
        return list(found)
    known = knows_filers(actor, subjects.get(session, found[0].business_key).organiser)
    return [each for each in found if known or each.uploaded_by is not None]


def named(actor: Actor) -> ColumnElement[bool]:
    """A criterion on Attachment: whether its name may be told to the actor, who sees the case."""
    if AUDITOR in actor.roles:
        return true()
    filed = exists().where(
        Attachment.business_key == literal(f"{subjects.OBJECTION}:") + Objection.id,
        Objection.round_id == Round.id,
        Round.division_code.in_(organisers.divisions_of(actor)),
    )
    return or_(Attachment.uploaded_by.is_not(None), filed)


def _reached(
    actor: Actor, kind: str, subject_id: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    return _given(actor, literal(f"{kind}:") + subject_id)


def _copied(actor: Actor) -> ColumnElement[bool]:
    """What was copied to the industry office of its province."""
    codes = [code for kind, code in actor.offices() if kind == offices.INDUSTRY]
    if not codes:
        return false()
    return and_(Application.copied_at.is_not(None), Application.province_code.in_(codes))


def _given(actor: Actor, business_key: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Whether one of the actor's offices, or the actor, was ever given a user task of this business key."""
    office = _given_office(actor, business_key)
    if not actor.roles & {OFFICIAL, EXPERT}:
        return office
    return or_(
        office, exists().where(_task.business_key == business_key, _task.assignee_id == actor.person_id)
    )


def _given_office(actor: Actor, business_key: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Whether one of the actor's offices was; a member of a committee is given tasks as a person alone."""
    mine = [and_(_task.office == kind, _task.division == code) for kind, code in actor.offices()]
    return exists().where(_task.business_key == business_key, or_(*mine)) if mine else false()


def _seated(actor: Actor, round_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    if not actor.roles & {OFFICIAL, EXPERT}:
        return false()
    mine = (_member.round_id == round_id, _member.person_id == actor.person_id)
    return exists().where(*mine, _member.ended_at.is_(None))


def _left(actor: Actor, round_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    mine = (_member.round_id == round_id, _member.person_id == actor.person_id)
    return exists().where(*mine, _member.ended_at.is_not(None))
