"""A command's context and a round's rows without a process, for verbs that are tested by themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy.orm import Session

from service.domain import divisions
from service.domain.applications import Application, Status
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round, Stage
from service.engine.engine import ProcessEngine
from service.engine.history import START_HASH, Log
from service.engine.instances import Instance
from service.engine.services import Context
from service.store.database import new_id
from tests.domain.world import START, World


def context(
    session: Session,
    now: datetime = START,
    *,
    business_key: str = "",
    parameters: Mapping[str, Any] | None = None,
) -> Context:
    """What it records stays in its `log`."""
    return Context(
        session=session,
        engine=cast(ProcessEngine, None),
        now=now,
        actor_id="a" * 32,
        instance=cast(Instance, SimpleNamespace(business_key=business_key)),
        parameters=parameters or {},
        element=None,
        log=Log("0" * 32, 0, START_HASH, now, "a" * 32),
    )


def accepted_rows(
    world: World,
    cities: Sequence[str],
    *,
    quota: int | None = None,
    year: int = 2018,
    stage: Stage = Stage.COMMITTEE,
) -> tuple[str, dict[str, str]]:
    """A round that accepted these cities' applications: its id, and {division code: application id}."""
    with world.database.write() as session:
        round_ = Round(
            id=new_id(),
            edition_id=world.edition_id,
            programme="miit_industry",
            year=year,
            division_code="000000",
            track="main",
            title=f"{year}年度工业稳增长和转型升级成效明显市（州）",
            stage=stage,
            created_by="a" * 32,
            created_at=START,
            quota=quota,
            scoring_pass=0,
        )
        session.add(round_)
        session.flush()
        found: dict[str, str] = {}
        units: dict[str, Recommendation] = {}
        for city in cities:
            province = divisions.ancestor_at(session, city, "province")
            assert province is not None
            if province.code not in units:
                unit = Recommendation(id=new_id(), round_id=round_.id, division_code=province.code)
                units[province.code] = unit
                session.add(unit)
                session.flush()
            recommendation = units[province.code]
            application = Application(
                id=new_id(),
                round_id=round_.id,
                track="main",
                recommendation_id=recommendation.id,
                division_code=city,
                province_code=province.code,
                status=Status.ACCEPTED,
                created_by="a" * 32,
                created_at=START,
                accepted_at=START,
            )
            session.add(application)
            found[city] = application.id
        session.flush()
        return round_.id, found
