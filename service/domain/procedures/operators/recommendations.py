"""Operators on a recommendation."""

from service.domain import (
    recommendations,
)
from service.domain.procedures import keys
from service.domain.recommendations import RecommendationStatus
from service.engine.services import Context, Result, ServiceFunction


def submit_recommendation(context: Context) -> Result:
    recommendations.submit(context, keys.recommendation(context).id)
    return None


def close_recommendation(context: Context, status: str) -> Result:
    recommendations.close(context, keys.recommendation(context).id, RecommendationStatus(status))
    return None


OPERATORS: dict[str, ServiceFunction] = {
    "recommendations.close": close_recommendation,
    "recommendations.submit": submit_recommendation,
}
