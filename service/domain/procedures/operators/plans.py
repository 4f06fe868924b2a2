"""Operators on a plan, on its way to the ministry."""

from service.domain import applications, divisions
from service.domain.procedures import keys
from service.domain.rules import rule
from service.engine.services import Context, Result, ServiceFunction

SEPARATELY_PLANNED = "separately-planned"


@rule("计划单列市直接报送还是经省级初审，由参数确定", "separately_planned.route")
def find_route(context: Context) -> Result:
    """Whether the application goes straight to the ministry (计划单列市, reading 10)."""
    division = divisions.get(context.session, keys.application(context).division_code)
    direct = context.parameters["separately_planned"]["route"] == "direct"
    return {"direct": direct and division.tag == SEPARATELY_PLANNED}


def copy_to_province(context: Context) -> Result:
    """抄送: from now on the province's industry office reads the application."""
    applications.mark_copied(context, keys.application(context).id)
    return None


OPERATORS: dict[str, ServiceFunction] = {
    "plans.copy": copy_to_province,
    "plans.route": find_route,
}
