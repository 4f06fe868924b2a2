"""Initiatives: what people do of their own accord, not because a user task came to them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import applications, awards, notices, objections, offices, rounds, subjects
from service.domain.awards import AwardStatus
from service.domain.notices import Notice
from service.domain.rounds import RECEIVING, Stage
from service.domain.sanctions import Barred, Sanction, Scope
from service.domain.simulation import illnesses, plans, policies
from service.domain.simulation.courses import Case, Course, Suspect
from service.domain.simulation.plans import Applicant
from service.domain.simulation.policies import Fate
from service.domain.simulation.runs import Attempt
from service.domain.simulation.scenes import Scene
from service.domain.simulation.worlds import Member, anniversary

HOUR = timedelta(hours=1)
# Office hours since the collection began; an objection's are what is left of the notice.
TO_APPLY, TO_APPLY_BEFORE_THE_CASE, TO_OPEN_THE_CASE = (4, 40), (1, 8), (16, 24)
TO_ATTEMPT, TO_ATTEMPT_AFTER_THE_CASE = (4, 24), (180, 220)
LEFT_TO_OBJECT = (4, 34)
PLAIN = Fate("smooth", 1)
"""What befalls units that have nothing to do."""


class Initiatives:
    """Rounds that are set up, divisions that apply, people who object, a case that the ministry opens."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.world = scene.world
        self.eligible: dict[str, list[plans.Eligible]] = {}
        """Who may apply, by track; no division comes or goes meanwhile."""

    def begin(self, count: int) -> None:
        """A round a track with `count` applications each; and a year later, what came of the sanctions."""
        start, later = self.world.start, anniversary(self.world.start)
        with self.world.database.read() as session:
            for track in self.world.tracks:
                self.eligible[track] = plans.eligible(session, self.world.parameters, track)
        plans.require_possible(self.eligible.values(), count)
        for track in self.world.tracks:
            self.scene.agenda.add(start, track, partial(self._first_round, track, count))
            if self.scene.policy.next_round:
                self.scene.agenda.add(later, track, partial(self._next_round, track))

    def follow(self, session: Session) -> None:
        """Put on the agenda what people will do because a round has come so far."""
        for course in self.scene.courses.values():
            round_ = rounds.get(session, course.round_id)
            if round_.stage in RECEIVING and not course.is_collecting:
                course.is_collecting = True
                if round_.stage == Stage.ROLLING:
                    self._expect_one_by_one(course)
                else:
                    self._expect_applications(course)
            if round_.stage == Stage.SCORING and not course.is_scoring:
                course.is_scoring = True
                illnesses.expect(self.scene, course)
            for notice in notices.of_round(session, round_.id):
                if notice.id not in course.notices:
                    course.notices.add(notice.id)
                    self._expect_objections(session, course, notice)

    # Rounds.

    def _first_round(self, track: str, count: int) -> None:
        world, year = self.world, self.world.year
        with world.database.write() as session:
            random = self.scene.random(year, track, "plan")
            drawn = plans.draw(self.eligible[track], self.scene.policy, count, random)
            self._open(session, year, track, drawn, world.committee_pool(session, random))

    def _next_round(self, track: str) -> None:
        """Who was sanctioned tries to apply; a winner is found out while another of its unit applies."""
        before = next(course for course in self.scene.courses.values() if course.track == track)
        with self.world.database.write() as session:
            standing = session.scalars(
                select(Sanction).order_by(Sanction.scope, Sanction.division_code)
            ).all()
            named = (self._barred_by(before, each) for each in standing)
            barred = [code for code in named if code is not None]
            suspect, drawn = self._suspect(session, before, standing)
            if barred or suspect:
                course = self._open(session, before.year + 1, track, drawn, before.pool)
                course.barred, course.suspect = barred, suspect

    def _open(
        self, session: Session, year: int, track: str, drawn: Sequence[Applicant], pool: Sequence[Member]
    ) -> Course:
        """The organiser sets the round up; how it will go is drawn."""
        world, scene = self.world, self.scene
        round_ = rounds.create(
            session,
            world.engine,
            world.organiser(session),
            edition_id=world.edition_id,
            year=year,
            track=track,
        )
        random = scene.random(year, track, "fates")
        units = sorted({each.unit for each in drawn})
        fates = policies.deal(scene.policy.fates.get("recommendation", [PLAIN]), [""] * len(units), random)
        (fate,) = policies.deal(scene.policy.fates["round"], [""], random)
        course = Course(
            seed=scene.run.seed,
            round_id=round_.id,
            year=year,
            track=track,
            applicants={each.code: each for each in drawn},
            units=dict(zip(units, fates, strict=True)),
            pool=pool,
            tie=random.randrange(100) < scene.policy.ties,
        )
        scene.courses[round_.id] = course
        scene.cases[subjects.key(subjects.ROUND, round_.id)] = Case(course.label, fate)
        scene.run.rounds.append(round_.id)
        return course

    def _barred_by(self, before: Course, sanction: Sanction) -> str | None:
        """The division that the sanction names, or another of those below the one that it names."""
        if sanction.scope == Scope.CITY:
            possible = self.eligible[before.track]
            return next((each.code for each in possible if each.code == sanction.division_code), None)
        others = self._others(before.track, sanction.division_code)
        return others[0].code if others else None

    def _suspect(
        self, session: Session, before: Course, standing: Sequence[Sanction]
    ) -> tuple[Suspect | None, list[Applicant]]:
        """A winner of a unit that no sanction bars yet, and who else of that unit is to apply."""
        touched = {each.division_code for each in standing}
        for award in awards.of_round(session, before.round_id):
            unit = before.applicants[award.division_code].unit
            if award.status == AwardStatus.CURRENT and unit not in touched:
                fate = self.scene.policy.fates["next_application"][0]
                others = self._others(before.track, unit, award.division_code)
                drawn = [plans.applicant(each, unit, fate) for each in others[:1]]
                return Suspect(award.application_id, award.division_code), drawn
        return None, []

    def _others(self, track: str, unit: str, *excepted: str) -> list[plans.Eligible]:
        return [each for each in self.eligible[track] if each.unit == unit and each.code not in excepted]

    # Applications.

    def _expect_applications(self, course: Course) -> None:
        hours = TO_APPLY_BEFORE_THE_CASE if course.suspect else TO_APPLY
        for code in course.applicants:
            self._expect(course, f"apply {code}", hours, partial(self._apply, course, code))
        for code in course.barred:
            self._expect(course, f"attempt {code}", TO_ATTEMPT, partial(self._attempt, course, code))
        if course.suspect:
            application_id, code = course.suspect
            self._expect(course, "case", TO_OPEN_THE_CASE, partial(self._open_case, course, application_id))
            act = partial(self._attempt, course, code)
            self._expect(course, f"attempt {code}", TO_ATTEMPT_AFTER_THE_CASE, act)

    def _expect_one_by_one(self, course: Course) -> None:
        """成熟一个，推进一个: each on a day of the year that suits it."""
        for code in course.applicants:
            days = course.random("apply", code).uniform(*self.scene.policy.collection)
            moment = self.world.hours.after(self.world.clock.now() + timedelta(days=days), HOUR)
            self.scene.agenda.add(moment, f"{course.label}/apply {code}", partial(self._apply, course, code))

    def _expect(self, course: Course, label: str, hours: tuple[int, int], act: Callable[[], None]) -> None:
        spent = HOUR * course.random(label).uniform(*hours)
        moment = self.world.hours.after(self.world.clock.now(), spent)
        self.scene.agenda.add(moment, f"{course.label}/{label}", act)

    def _apply(self, course: Course, code: str) -> None:
        """The division begins its application."""
        applicant = course.applicants[code]
        with self.world.database.write() as session:
            created = self._create(session, course, code)
            recommender = offices.ensure(
                session, offices.INDUSTRY, applicant.unit, now=self.world.clock.now()
            )
            names = {
                "application": created,
                "division": applicant.name,
                "recommender": recommender.name,
                "track": course.track,
            }
        course.applications[created] = code
        key = subjects.key(subjects.APPLICATION, created)
        self.scene.cases[key] = Case(f"{course.label}/{code}", applicant.fate, names)

    def _attempt(self, course: Course, code: str) -> None:
        """A division that is barred tries all the same."""
        refusal = None
        with self.world.database.write() as session:
            self.world.official(session, offices.INDUSTRY, code)  # Who stays when the attempt is taken back.
        try:
            with self.world.database.write() as session:
                self._create(session, course, code)
        except Barred as barred:
            refusal = str(barred)
        attempt = Attempt(course.round_id, code, self.world.clock.now(), refusal)
        self.scene.run.attempts.append(attempt)

    def _create(self, session: Session, course: Course, code: str) -> str:
        actor = self.world.official(session, offices.INDUSTRY, code)
        return applications.create(
            session, self.world.engine, actor, round_id=course.round_id, division_code=code
        ).id

    # Objections.

    def _expect_objections(self, session: Session, course: Course, notice: Notice) -> None:
        """One of each kind against the first notice, where it is long enough; now and then a later one."""
        assert notice.ends_at is not None
        listed = [each.application_id for each in notices.entries(session, [notice.id])[notice.id]]
        number = len(course.notices)
        random = course.random("objections", number)
        if number == 1:
            kinds = self.scene.policy.fates["objection"]
            count = min(len(kinds), max(1, len(listed) * 2 // 3))
        else:
            kinds = self.scene.policy.fates["later_objection"]
            count = int(random.randrange(100) < self.scene.policy.later_objections)
        fates = policies.deal(kinds, [""] * count, random)
        against = random.sample(course.by_code(listed), count)
        for place, (fate, application_id) in enumerate(zip(fates, against, strict=True), start=1):
            left = HOUR * random.uniform(*LEFT_TO_OBJECT)
            moment = max(self.world.hours.before(notice.ends_at, left), self.world.clock.now())
            label = f"{course.label}/objection {number}.{place}"
            self.scene.agenda.add(
                moment,
                label,
                partial(self._object, notice.id, application_id, fate, label),
            )

    def _object(self, notice_id: str, application_id: str, fate: Fate, label: str) -> None:
        """Somebody of the public objects."""
        with self.world.database.write() as session:
            name = applications.name_of(session, applications.get(session, application_id))
            filed = objections.file_objection(
                session,
                self.world.engine,
                notice_id=notice_id,
                application_id=application_id,
                statement=f"反映{name}的申报情况与事实不符。",
                evidence="统计公报第三页的数据与申报材料不一致。",
                filer="" if fate.anonymous else "张建国",
                contact="" if fate.anonymous else "010-60000000",
                anonymous=fate.anonymous,
            )
            self._note(filed.id, fate, label)

    def _open_case(self, course: Course, application_id: str) -> None:
        """The ministry looks into a winner of the year before."""
        with self.world.database.write() as session:
            name = applications.name_of(session, applications.get(session, application_id))
            opened = objections.open_case(
                session,
                self.world.engine,
                self.world.organiser(session),
                application_id=application_id,
                statement=f"审计发现{name}的申报数据有疑点。",
                evidence="审计报告所列的统计报表。",
            )
            fate = self.scene.policy.fates["award_case"][0]
            self._note(opened.id, fate, f"{course.label}/case")

    def _note(self, objection_id: str, fate: Fate, label: str) -> None:
        self.scene.cases[subjects.key(subjects.OBJECTION, objection_id)] = Case(label, fate)
        self.scene.run.objections[objection_id] = label
