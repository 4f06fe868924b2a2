"""Results: what the drawings read of what the domain did."""

from service.domain.shortlists import Next
from service.engine.services import Result


def list_result(after: Next) -> Result:
    """What has to come next for a list; `tie` is what drawings of earlier editions ask."""
    return {"next": str(after), "tie": after == Next.VOTE}
