"""A command's context without a process, for verbs that are tested by themselves."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy.orm import Session

from service.engine.engine import ProcessEngine
from service.engine.history import START_HASH, Log
from service.engine.instances import Instance
from service.engine.services import Context
from tests.domain.world import START


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
