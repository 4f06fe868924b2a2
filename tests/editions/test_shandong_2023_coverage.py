"""On the real engine the Shandong edition goes through all of the shared drawings but what is not its own."""

from collections.abc import Callable, Iterator

import pytest

from service.domain.editions import EditionFolder
from tests.editions.drawings import ROOT
from tests.editions.walks import COMPARED, EVENTS, SENT_BACK, TIME, WRITTEN, Case, Stage, of_applications


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    folder = EditionFolder.read(ROOT, "shandong_industry/2023")
    stage = Stage(sqlite_url, folder, of_applications(), {"track": "county_a"})
    yield stage
    stage.world.database.dispose()


UP = ["fill_in: submit", "province_review: agree", "message: recommendation_submitted"]
ACCEPTED = [*UP, "intake_check: accept"]

APPLICATION = [
    Case(
        "the city sends it back; it is visited, supplemented twice and awarded",
        [
            "fill_in: submit",
            "province_review: return",
            *UP,
            "intake_check: onsite",
            "onsite_check: report",
            "intake_check: supplement",
            "supplement: resubmit",
            "confirm_supplement: return",
            "supplement: resubmit",
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
        {"eligibility.figures": EVENTS | {"environment_accident": "yes"}},
    ),
    Case("it is never handed in", [TIME], "lapsed_unsubmitted"),
    Case("it is barred", ["fill_in: submit"], "barred", {"sanctions.check": {"barred": True}}),
    Case("the city never reviews it", ["fill_in: submit", TIME], "lapsed_at_province"),
    Case("the city refuses", ["fill_in: submit", "province_review: refuse"], "refused_by_province"),
    Case(
        "others of the city are recommended",
        UP,
        "not_recommended",
        {"applications.recommendation_result": {"recommended": False}},
    ),
    Case("the province refuses it", [*UP, "intake_check: refuse"], "not_accepted"),
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

AGREED = [*WRITTEN, "government_consent: agree"]

RECOMMENDATION = [
    Case(
        "the city itself, its government and the city again send it back, then it is submitted",
        SENT_BACK,
        "submitted",
    ),
    Case("no application comes before the deadline", [TIME], "nothing_recommended"),
    Case(
        "the city recommends nobody", ["message: application_ready", "compare: none"], "not_recommended_end"
    ),
    Case("the government refuses", [*WRITTEN, "government_consent: refuse"], "recommendation_refused"),
    *(
        Case(f"time runs out after {steps[-1]}", [*steps, TIME], "recommendation_lapsed")
        for steps in (["message: application_ready"], COMPARED, WRITTEN, AGREED)
    ),
]

WALKS = {"application": APPLICATION, "recommendation": RECOMMENDATION}


@pytest.mark.parametrize("process", WALKS)
def test_every_element_and_every_flow_is_reached_but_what_others_alone_go_through(
    stage: Stage, process: str, record_property: Callable[[str, object], None]
) -> None:
    for case in WALKS[process]:
        stage.walk(process, case)
    record_property("coverage", str(stage.all_passed(process, without=stage.beyond(process))))
