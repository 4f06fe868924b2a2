"""Illnesses: in some rounds a member cannot go on while the scores are open, and is replaced."""

from datetime import timedelta
from functools import partial

from service.domain import committees, replacements
from service.domain.committees import Role
from service.domain.replacements import CommitteeDone, Replacement, ReplacementRefused
from service.domain.simulation.courses import Course
from service.domain.simulation.scenes import Scene

HOUR = timedelta(hours=1)
AFTER_OPENING = (1, 16)
"""Office hours since the scores were opened: some sheets are in by then, others are not."""


def expect(scene: Scene, course: Course) -> None:
    """Put it on the agenda where the draw says that somebody of this round's committee falls ill."""
    random = course.random("illness")
    if random.randrange(100) < scene.policy.illnesses:
        spent = HOUR * random.uniform(*AFTER_OPENING)
        moment = scene.world.hours.after(scene.world.clock.now(), spent)
        scene.agenda.add(moment, f"{course.label}/illness", partial(_replace, scene, course))


def _replace(scene: Scene, course: Course) -> None:
    """The ministry replaces an expert by another one; where recusals forbid it, the expert goes on."""
    world, random = scene.world, course.random("replacement")
    try:
        with world.database.write() as session:
            ministry = world.organiser(session)
            choices = replacements.choices(session, ministry, course.round_id, world.clock.now())
            bound = {each.person_id for each in committees.recusals(session, course.round_id)}
            # Who withdrew from something is left alone: an alternate of the list may score it already.
            experts = [
                each.person_id
                for each in choices.members
                if each.role == Role.EXPERT and not each.chair and each.person_id not in bound
            ]
            free = {each.person_id for each in choices.alternates}
            spare = [each for each in course.pool if each.role == Role.EXPERT and each.person_id in free]
            if experts and spare:
                alternate = random.choice(spare)
                decision = Replacement(
                    leaver_id=random.choice(experts),
                    alternate_id=alternate.person_id,
                    reason="因病住院，不能继续评审。",
                    decision_number=scene.policy.replacement_number.format(year=course.year),
                    decided_on=world.today(),
                    division_code=alternate.home,
                )
                replacements.replace(session, world.engine, ministry, course.round_id, decision)
    except (CommitteeDone, ReplacementRefused):
        return
