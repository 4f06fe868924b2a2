"""On the real engine every branch of application and recommendation is reached, other editions' too."""

from collections.abc import Callable, Iterator

import pytest

from service.domain.editions import EditionFolder
from tests.editions.drawings import ROOT
from tests.editions.walks import COMPARED, EVENTS, TIME, Case, Stage, of_applications

VERIFIED_LOCALLY = {"verified_by_statistics": True}


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    folder = EditionFolder.read(ROOT, "miit_industry/2022")
    stage = Stage(sqlite_url, folder, of_applications(), VERIFIED_LOCALLY, OTHER_LANES)
    yield stage
    stage.world.database.dispose()


# 市（州）申报.

VERIFIED = ["fill_in: submit", "statistics_check: agree"]
UP = [*VERIFIED, "province_review: agree", "message: recommendation_submitted"]
ACCEPTED = [*UP, "intake_check: accept"]

APPLICATION = [
    Case(
        "a figure differs, then the province sends it back; it is visited, supplemented twice and awarded",
        [
            "fill_in: submit",
            "statistics_check: return",
            *VERIFIED,
            "province_review: return",
            *UP,
            "intake_check: onsite",
            "onsite_check: report",
            "intake_check: supplement",
            "supplement: resubmit",
            "statistics_recheck: return",
            "supplement: resubmit",
            "statistics_recheck: agree",
            "confirm_supplement: return",
            "supplement: resubmit",
            "statistics_recheck: agree",
            "confirm_supplement: agree",
            "intake_check: accept",
            "message: round_announced",
            TIME,
        ],
        "award_ended",
    ),
    Case(
        "an accident keeps it out, and it is given up",
        ["fill_in: submit", "fill_in: withdraw"],
        "withdrawn",
        {"eligibility.figures": EVENTS | {"safety_accident": "yes"}},
    ),
    Case("it is never handed in", [TIME], "lapsed_unsubmitted"),
    Case("it is barred", ["fill_in: submit"], "barred", {"sanctions.check": {"barred": True}}),
    Case("its figures are never verified", ["fill_in: submit", TIME], "lapsed_at_statistics"),
    Case("the province never reviews it", [*VERIFIED, TIME], "lapsed_at_province"),
    Case("the province refuses", [*VERIFIED, "province_review: refuse"], "refused_by_province"),
    Case(
        "another city of the province is recommended",
        UP,
        "not_recommended",
        {"applications.recommendation_result": {"recommended": False}},
    ),
    Case("the ministry refuses it", [*UP, "intake_check: refuse"], "not_accepted"),
    Case("nothing is supplemented in time", [*UP, "intake_check: supplement", TIME], "supplement_lapsed"),
    Case("it is disqualified", [*ACCEPTED, "message: application_disqualified"], "disqualified"),
    Case(
        "it is not selected",
        [*ACCEPTED, "message: round_announced"],
        "not_selected",
        {"applications.result": {"awarded": False, "award_ends": ""}},
    ),
    Case(
        "the award is revoked in its year",
        [*ACCEPTED, "message: round_announced", "message: application_disqualified"],
        "award_revoked",
    ),
]

# What the drawing holds for the editions that it is shared with: the next city decides before the province.
PUBLISHED = {"verified_by_statistics": False, "has_city": True}
OTHER_LANES = {"city": {"office": "industry", "level": "city"}}

OTHERS = [
    Case(
        "figures are taken as published; a city sends it back, then agrees",
        [
            "fill_in: submit",
            "city_review: return",
            "fill_in: submit",
            "city_review: agree",
            *UP[2:],
            "intake_check: supplement",
            "supplement: resubmit",
            "confirm_supplement: agree",
            "intake_check: refuse",
        ],
        "not_accepted",
        variables=PUBLISHED,
    ),
    Case(
        "the city refuses", ["fill_in: submit", "city_review: refuse"], "refused_by_city", variables=PUBLISHED
    ),
    Case("the city never reviews it", ["fill_in: submit", TIME], "lapsed_at_city", variables=PUBLISHED),
]

# 评选推荐.

JOINT, ALONE = {"joint": True}, {"joint": False}
AGREED = [*COMPARED, "joint_consent: agree"]

RECOMMENDATION = [
    Case(
        "telecommunications, the government and the province itself send it back, then it is submitted",
        [
            *COMPARED,
            "joint_consent: return",
            "compare: submit",
            "joint_consent: agree",
            "letter: return",
            "compare: submit",
            "joint_consent: agree",
            "letter: submit",
            "government_consent: return",
            "compare: submit",
            "joint_consent: agree",
            "letter: submit",
            "government_consent: agree",
            "submit_recommendation: return",
            "compare: submit",
            "joint_consent: agree",
            "letter: submit",
            "government_consent: agree",
            "submit_recommendation: submit",
        ],
        "submitted",
        variables=JOINT,
    ),
    Case(
        "where the province recommends alone, nobody else is asked",
        [*COMPARED, "letter: submit", "government_consent: agree", "submit_recommendation: submit"],
        "submitted",
        variables=ALONE,
    ),
    Case("no application comes before the deadline", [TIME], "nothing_recommended", variables=JOINT),
    Case(
        "the province recommends nobody",
        ["message: application_ready", "compare: none"],
        "not_recommended_end",
        variables=JOINT,
    ),
    Case(
        "the government refuses",
        [*AGREED, "letter: submit", "government_consent: refuse"],
        "recommendation_refused",
        variables=JOINT,
    ),
    *(
        Case(f"time runs out after {steps[-1]}", [*steps, TIME], "recommendation_lapsed", variables=JOINT)
        for steps in (
            ["message: application_ready"],
            COMPARED,
            AGREED,
            [*AGREED, "letter: submit"],
            [*AGREED, "letter: submit", "government_consent: agree"],
        )
    ),
]

WALKS = {"application": [*APPLICATION, *OTHERS], "recommendation": RECOMMENDATION}


@pytest.mark.parametrize("process", WALKS)
def test_every_element_and_every_flow_is_reached(
    stage: Stage, process: str, record_property: Callable[[str, object], None]
) -> None:
    for case in WALKS[process]:
        stage.walk(process, case)
    record_property("coverage", str(stage.all_passed(process)))
    assert stage.all_called(process)


def test_whoever_waits_for_a_recommendation_is_told_once_however_it_ends(stage: Stage) -> None:
    for case in RECOMMENDATION:
        told = stage.thrown("recommendation_submitted")
        stage.walk("recommendation", case)
        assert stage.thrown("recommendation_submitted") - told == 1, case.why
