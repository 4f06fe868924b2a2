"""Effects of user tasks on a round that takes applications all year, one by one."""

from service.domain import rounds
from service.domain.committees import Seat, standing
from service.domain.procedures import keys
from service.engine.services import Completion, Context, Result


def open_year(context: Context, completion: Completion) -> Result:
    """Applications are taken until the year T is over."""
    round_ = rounds.open_year(context, keys.round_(context).id)
    assert round_.collection_ends_at is not None
    return {"collection_ends": round_.collection_ends_at.isoformat()}


def seat_committee(context: Context, completion: Completion) -> Result:
    """The committee that evaluates what comes in; seated anew, it goes on with what is under way."""
    seats = [Seat.of(row) for row in completion.content["committee"]["members"]]
    standing.seat(context, keys.round_(context), seats, context.parameters["committee"])
    return None


EFFECTS = {
    "committees.seat": seat_committee,
    "rounds.open_year": open_year,
}
