"""On the real engine the Shandong edition goes through all of the shared drawings but what is not its own."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from service.domain.editions import EditionFolder
from tests.editions.drawings import ROOT
from tests.editions.test_miit_2018_coverage import in_days, judged
from tests.editions.walks import TIME, Answer, Case, Stage

FIGURES = {"safety_accident": "no", "environment_accident": "no", "stability_incident": "no"}


def usual() -> Mapping[str, Answer]:
    """The domain's answers where nothing goes wrong."""
    return {
        "sanctions.check": {"barred": False},
        "eligibility.figures": FIGURES,
        "eligibility.record": judged,
        "applications.recommendation_result": {"recommended": True},
        "applications.result": in_days(365, awarded=True, award_ends=""),
    }


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    folder = EditionFolder.read(ROOT, "shandong_industry/2023")
    stage = Stage(sqlite_url, folder, usual(), {"track": "county_a"})
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
        {"eligibility.figures": FIGURES | {"environment_accident": "yes"}},
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

COMPARED = ["message: application_ready", "compare: submit"]
WRITTEN = [*COMPARED, "letter: submit"]
AGREED = [*WRITTEN, "government_consent: agree"]

RECOMMENDATION = [
    Case(
        "the city itself, its government and the city again send it back, then it is submitted",
        [
            *COMPARED,
            "letter: return",
            "compare: submit",
            "letter: submit",
            "government_consent: return",
            "compare: submit",
            "letter: submit",
            "government_consent: agree",
            "submit_recommendation: return",
            "compare: submit",
            "letter: submit",
            "government_consent: agree",
            "submit_recommendation: submit",
        ],
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
    beyond = stage.beyond(process)
    coverage = stage.coverage(process, without=beyond)
    record_property("coverage", str(coverage))
    assert coverage.missed == []
    assert stage.passed().isdisjoint(beyond)
