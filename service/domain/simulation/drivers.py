"""Drivers: a whole year carried out on a virtual clock, until nothing is left to happen."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import applications
from service.domain.applications import BEFORE_ACCEPTANCE, Application
from service.domain.editions import EditionFolder
from service.domain.simulation import policies
from service.domain.simulation.initiatives import Initiatives
from service.domain.simulation.officials import Officials
from service.domain.simulation.runs import Run
from service.domain.simulation.scenes import Scene
from service.domain.simulation.worlds import World
from service.domain.simulation.yearly import Yearly
from service.store.database import Database

Progress = Callable[[date, int], None]
"""Called as the virtual days pass: the day, and how many applications have been dealt with so far."""


def run(
    database: Database,
    folder: EditionFolder,
    *,
    count: int,
    seed: int,
    progress: Progress = lambda day, settled: None,
) -> Run:
    """Carry out the edition's first year with `count` applications a track, and the year after.

    Everything is done by the domain calls that the pages use. The database is empty but for its schema.
    Raises PolicyMissing, TooManyApplications, EditionRefused.
    """
    policy = policies.load(folder.name)
    world = World(database, folder)
    scene = Scene(world, policy, Run(folder.name, world.edition_id, seed, count, world.start, world.start))
    kind = Yearly if applications.calls_upon(world.parameters) else Initiatives
    initiatives, officials = kind(scene), Officials(scene)
    initiatives.begin(count)
    day = None
    while _step(scene):
        with database.read() as session:
            officials.look(session)
            initiatives.follow(session)
            if world.today() != day:
                day = world.today()
                progress(day, _settled(session))
    scene.run.ended_at = world.clock.now()
    return scene.run


def _step(scene: Scene) -> bool:
    """What happens next, the engine's due work before what people do; False when nothing is left."""
    engine, clock = scene.world.engine, scene.world.clock
    with scene.world.database.read() as session:
        due = engine.next_due(session)
    planned = scene.agenda.next_at
    if due is not None and (planned is None or due <= planned):
        clock.advance_to(max(due, clock.now()))
        while engine.run_due(scene.world.database, strict=True):
            pass
    elif planned is not None:
        clock.advance_to(max(planned, clock.now()))
        scene.agenda.pop()()
    else:
        return False
    return True


def _settled(session: Session) -> int:
    query = select(func.count()).where(Application.status.not_in(BEFORE_ACCEPTANCE))
    return session.scalar(query) or 0
