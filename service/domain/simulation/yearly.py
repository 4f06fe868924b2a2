"""Yearly: an edition whose organiser calls upon every listed division, with targets set the year before."""

from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from service.clock import SHANGHAI
from service.domain import rounds, subjects, targets
from service.domain.simulation import policies
from service.domain.simulation.courses import Case, Course
from service.domain.simulation.hours import OPENS
from service.domain.simulation.plans import Applicant, TooManyApplications
from service.domain.simulation.scenes import Scene

TARGETS_ON, CALL_ON = (1, 15), (3, 2)
"""Month and day: 每年初, 3月份."""
ROUNDS = 2
"""Two, so that who won the first is seen not to be recommended in the second."""


class Yearly:
    """What the organiser does of its own accord: a year's targets, and the call the March after."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.world = scene.world

    def begin(self, count: int) -> None:
        """Two years of targets, each with its round; every listed division takes part, whatever `count`."""
        first, most = self.world.year, len(self.world.parameters["applicants"]["divisions"])
        if count < 1:
            raise TooManyApplications(most=most, asked=count)
        self.scene.run.count = most
        last = first + (ROUNDS if self.scene.policy.next_round else 1)
        for year in range(first, last):
            early = datetime.combine(date(year - 1, *TARGETS_ON), OPENS, SHANGHAI)
            call = datetime.combine(date(year, *CALL_ON), OPENS, SHANGHAI)
            self.scene.agenda.add(early, f"{year}/targets", partial(self._set_targets, year))
            self.scene.agenda.add(call, f"{year}/call", partial(self._call, year))

    def follow(self, session: Session) -> None:
        """Nobody else acts of his own accord."""

    def _set_targets(self, year: int) -> None:
        """Of the year before the round's."""
        world, scene = self.world, self.scene
        with world.database.write() as session:
            row = targets.create(
                session,
                world.engine,
                world.organiser(session),
                edition_id=world.edition_id,
                year=year - 1,
            )
            course = self._course(session, "", year, "targets", "decomposition")
            key = subjects.key(subjects.TARGETS, row.id)
        scene.courses[f"targets/{year}"] = course
        scene.cases[key] = Case(course.label, scene.policy.fates["targets"][0])

    def _call(self, year: int) -> None:
        world, scene = self.world, self.scene
        (track,) = world.tracks
        with world.database.write() as session:
            round_ = rounds.create(
                session,
                world.engine,
                world.organiser(session),
                edition_id=world.edition_id,
                year=year,
                track=track,
            )
            course = self._course(session, round_.id, year, track, "recommendation")
        round_id = course.round_id
        (fate,) = policies.deal(scene.policy.fates["round"], [""], scene.random(year, "round"))
        scene.courses[round_id] = course
        scene.cases[subjects.key(subjects.ROUND, round_id)] = Case(course.label, fate)
        scene.run.rounds.append(round_id)

    def _course(self, session: Session, round_id: str, year: int, track: str, kind: str) -> Course:
        """How it will go is drawn: for each city, and for each county."""
        random, fates = self.scene.random(year, track, "fates"), self.scene.policy.fates
        cities = [each.code for each in targets.cities(session, self.world.organiser_code)]
        listed = self.world.parameters["applicants"]["divisions"]
        codes = sorted(listed)
        dealt = policies.deal(fates["application"], ["county"] * len(codes), random)
        return Course(
            seed=self.scene.run.seed,
            round_id=round_id,
            year=year,
            track=track,
            applicants={
                code: Applicant(code, listed[code], code[:4] + "00", fate, random.random())
                for code, fate in zip(codes, dealt, strict=True)
            },
            units=dict(zip(cities, policies.deal(fates[kind], ["city"] * len(cities), random), strict=True)),
            pool=(),
            tie=False,
        )
