"""Approvals: dated after the public notice, and not after today."""

import pytest

from service.domain.errors import Problem
from service.domain.procedures.effects.shortlists import ApprovedDuringNotice
from service.domain.user_tasks.errors import FormInvalid
from tests.domain.world import HANGZHOU, World


def test_a_list_is_approved_after_its_notice_and_not_in_the_future(world: World) -> None:
    round_id = world.open_round()
    cities = world.accepted(round_id, [HANGZHOU])
    world.review(round_id, dict.fromkeys(cities.values(), "90"))
    assert world.publish(round_id).ends_on is not None
    world.advance_to("2018-04-19")
    key = f"round:{round_id}"
    world.do(key, "report_to_state_council", "report")

    def approve(day: str) -> None:
        world.do(key, "state_council_approval", "agree", given={"approval": {"date": day}})

    with pytest.raises(FormInvalid) as refused:
        approve("2018-04-20")
    (problem,) = refused.value.problems
    assert problem == Problem("/approval/date", "批复日期：不能晚于今天；请改正。")
    with pytest.raises(ApprovedDuringNotice, match="应在公示期满（2018年4月18日）之后"):
        approve("2018-04-18")
    approve("2018-04-19")
    assert world.open_tasks(key) == ["announce"]
