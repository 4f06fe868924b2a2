"""On the real engine every branch of the pilot cities' edition is reached, over three years."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from service.domain.editions import EditionFolder
from service.engine.services import Context
from tests.editions.drawings import ROOT
from tests.editions.walks import TIME, Answer, Case, Stage, in_days

MEMBERS = {f"expert{number}": f"expert{number}" for number in range(1, 4)}


def scoring(context: Context) -> Mapping[str, object]:
    ends = (context.now + timedelta(days=20)).isoformat()
    return {"pass": 1, "members": MEMBERS, "ends": ends}


def milestone(kind: str) -> Callable[..., Mapping[str, object]]:
    def answer(context: Context) -> Mapping[str, object]:
        return {"kind": kind, "at": (context.now + timedelta(days=180)).isoformat()}

    return answer


def ordered(adjust: bool) -> Callable[..., Mapping[str, object]]:
    def answer(context: Context, *_: object) -> Mapping[str, object]:
        return {"ordered": {"ends": (context.now + timedelta(days=60)).isoformat(), "adjust": adjust}}

    return answer


def usual() -> Mapping[str, Answer]:
    """The domain's answers where nothing goes wrong."""
    return {
        "rounds.open_year": in_days(300, collection_ends=""),
        "plans.route": {"direct": False},
        "evaluations.open": scoring,
        "evaluations.submit": {"sheet": 1},
        "evaluations.close": {"enough": True},
        "cycles.next_milestone": milestone("final"),
        "cycles.assess": {"assessed": {"met": True}},
        "cycles.order": ordered(False),
        "cycles.check": {"rectification": {"met": True}},
        "cycles.lapse": {"met": False},
    }


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    stage = Stage(sqlite_url, EditionFolder.read(ROOT, "pilot_city/2016"), usual())
    yield stage
    stage.world.database.dispose()


# 年度受理.

ROUND = [
    Case(
        "the committee is seated anew, and the ministry stops the intake",
        [
            "open_round: publish",
            "seat_committee: seat",
            "receive: reseat",
            "seat_committee: seat",
            "receive: stop",
        ],
        "round_ended",
    ),
    Case("the year ends", ["open_round: publish", "seat_committee: seat", TIME], "round_ended"),
]

# 评估和审核.

SCORED = ["score: submit"] * len(MEMBERS)
REVIEWED = ["convene: convene", *SCORED, "bureau_review"]

REVIEW = [
    Case(
        "a sheet never comes and the rest are too few, so the committee is asked again",
        ["bureau_review", "convene: convene", "score: submit", TIME, "convene: convene", *SCORED],
        "review_ended",
        {"evaluations.close": [{"enough": False}, {"enough": True}]},
    ),
    Case("all are in before the departments are done", REVIEWED, "review_ended"),
]

# 限期整改.

RECTIFICATION = [
    Case(
        "it is put right in time",
        ["order_rectification: order", "rectify: report", "check_rectification: check"],
        "rectification_checked",
    ),
    Case(
        "the plan is adjusted as well",
        [
            "order_rectification: order",
            "adjust: report",
            "approve_adjustment: decide",
            "check_rectification: check",
        ],
        "rectification_checked",
        {"cycles.order": ordered(True)},
    ),
    Case("nothing is reported in time", ["order_rectification: order", TIME], "rectification_overdue"),
    Case(
        "nor is the adjustment",
        ["order_rectification: order", TIME],
        "rectification_overdue",
        {"cycles.order": ordered(True)},
    ),
]

# 三年周期.

MIDTERM = ["midterm_report: report", "midterm_review: agree", "midterm_assess: assess"]
FINAL = ["final_report: report", "final_review: agree", "final_assess: assess"]
RECTIFIED = RECTIFICATION[0].steps

CYCLE = [
    Case(
        "a meeting, a mid-term that is put right, a final assessment that the province sends back",
        [
            "draw_up_scheme: report",
            TIME,
            "yearly_meeting: record",
            "report_experience: submit",
            "promote_experience: promote",
            TIME,
            "midterm_report: report",
            "midterm_review: return",
            *MIDTERM,
            *RECTIFIED,
            "report_experience: none",
            TIME,
            "final_report: report",
            "final_review: return",
            *FINAL,
            "report_experience: submit",
            "promote_experience: promote",
        ],
        "cycle_completed",
        {
            "cycles.next_milestone": [milestone("meeting"), milestone("midterm"), milestone("final")],
            "cycles.assess": [{"assessed": {"met": False}}, {"assessed": {"met": True}}],
        },
    ),
    Case(
        "no report comes until the ministry urges it, neither at the mid-term nor at the end",
        [
            "draw_up_scheme: report",
            TIME,
            TIME,
            "pursue: urge",
            *MIDTERM,
            "report_experience: none",
            TIME,
            TIME,
            "pursue: urge",
            *FINAL,
            "report_experience: none",
        ],
        "cycle_completed",
        {"cycles.next_milestone": [milestone("midterm"), milestone("final")]},
    ),
    Case(
        "no report ever comes, so that the requirement counts as unmet",
        ["draw_up_scheme: report", TIME, TIME, "pursue: unmet", *RECTIFIED, "terminate: cancel"],
        "cycle_cancelled",
        {
            "cycles.next_milestone": milestone("midterm"),
            "cycles.check": {"rectification": {"met": False}},
        },
    ),
    Case(
        "the mid-term is met, the final one is not, even after the rectification",
        [
            "draw_up_scheme: report",
            TIME,
            *MIDTERM,
            "report_experience: none",
            TIME,
            *FINAL,
            *RECTIFIED,
            "terminate: cancel",
        ],
        "cycle_cancelled",
        {
            "cycles.next_milestone": [milestone("midterm"), milestone("final")],
            "cycles.assess": [{"assessed": {"met": True}}, {"assessed": {"met": False}}],
            "cycles.check": {"rectification": {"met": False}},
        },
    ),
    Case(
        "neither the province nor the city can keep an assessment off by doing nothing",
        [
            TIME,
            TIME,
            "midterm_report: report",
            TIME,
            "midterm_assess: assess",
            TIME,
            TIME,
            "final_report: report",
            TIME,
            "final_assess: assess",
            TIME,
        ],
        "cycle_completed",
        {"cycles.next_milestone": [milestone("midterm"), milestone("final")]},
    ),
]

# 申报.

UP = ["government_report: report", "province_review: agree", "submit_materials: submit"]
SENT = ["fill_in: submit", *UP]
ACCEPTED = ["intake_check: accept", *REVIEWED]
WHOLE_CYCLE = ["draw_up_scheme: report", TIME, *FINAL, "report_experience: none"]

APPLICATION = [
    Case(
        "everybody sends it back once before it is approved and carried out",
        [
            "fill_in: submit",
            "government_report: return",
            "revise: submit",
            "government_report: report",
            "province_review: return",
            "revise: submit",
            *UP,
            "intake_check: supplement",
            "revise: submit",
            *UP,
            *ACCEPTED,
            "judge_plan: revise",
            "revise: submit",
            *UP,
            *ACCEPTED,
            "judge_plan: propose",
            "approve_plan: return",
            "revise: submit",
            *UP,
            *ACCEPTED,
            "judge_plan: propose",
            "approve_plan: agree",
            "report_to_leading_group: report",
            *WHOLE_CYCLE,
        ],
        "application_ended",
    ),
    Case(
        "a 计划单列市 reports straight to the ministry, which does not approve its plan",
        [
            "fill_in: submit",
            "government_report: report",
            "own_review: return",
            "revise: submit",
            "government_report: report",
            "own_review: agree",
            "submit_directly: submit",
            *ACCEPTED,
            "judge_plan: propose",
            "approve_plan: refuse",
        ],
        "not_approved",
        {"plans.route": {"direct": True}},
    ),
    Case("it is given up", ["fill_in: withdraw"], "withdrawn"),
    Case(
        "it is given up once sent back",
        ["fill_in: submit", "government_report: return", "revise: withdraw"],
        "given_up",
    ),
    Case("nothing is submitted in the year", [TIME], "lapsed"),
    Case(
        "the province refuses",
        ["fill_in: submit", "government_report: report", "province_review: refuse"],
        "refused",
    ),
    Case("the ministry does not take it in", [*SENT, "intake_check: refuse"], "not_accepted"),
    Case("it does not meet the standards", [*SENT, *ACCEPTED, "judge_plan: refuse"], "unsatisfied"),
    Case(
        "the pilot is cancelled",
        [
            *SENT,
            *ACCEPTED,
            "judge_plan: propose",
            "approve_plan: agree",
            "report_to_leading_group: report",
            "draw_up_scheme: report",
            TIME,
            *MIDTERM,
            "order_rectification: order",
            TIME,
            "terminate: cancel",
        ],
        "application_ended",
        {"cycles.next_milestone": milestone("midterm"), "cycles.assess": {"assessed": {"met": False}}},
    ),
]

WALKS = {
    "round": ROUND,
    "review": REVIEW,
    "rectification": RECTIFICATION,
    "cycle": CYCLE,
    "application": APPLICATION,
}


@pytest.mark.parametrize("process", WALKS)
def test_every_element_and_every_flow_is_reached(
    stage: Stage, process: str, record_property: Callable[[str, object], None]
) -> None:
    for case in WALKS[process]:
        stage.walk(process, case)
    record_property("coverage", str(stage.all_passed(process)))
    assert stage.all_called(process)


def test_a_plan_that_is_sent_back_is_reviewed_afresh_each_time(stage: Stage) -> None:
    stage.walk("application", APPLICATION[0])
    assert stage.called["evaluations.open"] == 3
    assert stage.called["cycles.begin"] == 1
