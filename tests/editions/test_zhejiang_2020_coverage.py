"""On the real engine every branch of Zhejiang's five processes is reached."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from service.domain.editions import EditionFolder
from tests.editions.drawings import ROOT
from tests.editions.walks import TIME, Answer, Case, Stage, in_days


def usual() -> Mapping[str, Answer]:
    """The domain's answers where nothing goes wrong."""
    return {
        "targets.close": {"filed": True},
        "applications.recommendation_result": {"recommended": True},
        "applications.result": in_days(365, awarded=True, award_ends=""),
        "rewards.payer": {"locally": False},
        "standings.score_city": {"counties": 4, "tie": False},
        "standings.score_province": {"counties": 11},
        "standings.place": {"next": "propose"},
        "standings.open": in_days(20, assessment_ends="", collection_ends=""),
        "standings.start_assessments": {"counties": 89},
    }


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    stage = Stage(sqlite_url, EditionFolder.read(ROOT, "zhejiang_manufacturing/2020"), usual())
    yield stage
    stage.world.database.dispose()


YEAR = {"target_year_id": "y2019"}
ISSUED = ["fix_indicators: fix", "decompose_cities: issue"]
TARGETS = [
    Case(
        "one city is filed after the other",
        [*ISSUED, "message: decomposition_filed", "message: decomposition_filed"],
        "targets_filed",
        {"targets.close": [{"filed": False}, {"filed": True}]},
        variables=YEAR,
    ),
]
DECOMPOSITION = [
    Case(
        "it is sent back once",
        [
            "decompose_counties: submit",
            "file_targets: return",
            "decompose_counties: submit",
            "file_targets: file",
        ],
        "filed",
        variables=YEAR | {"decomposition_id": "d1"},
    ),
]

READY = ["fill_in: submit", "city_review: agree"]
RECOMMENDED = [*READY, "message: recommendation_submitted"]
SCORED = [*RECOMMENDED, "province_review: agree", "message: round_announced"]

APPLICATION = [
    Case(
        "the city and the province send it back; it is awarded and paid by the province",
        [
            "fill_in: submit",
            "city_review: return",
            *RECOMMENDED,
            "province_review: return",
            "supplement: submit",
            "province_review: agree",
            "message: round_announced",
            "pay: pay",
            TIME,
        ],
        "award_ended",
    ),
    Case(
        "the city pays by itself",
        [*SCORED, "pay_locally: pay", TIME],
        "award_ended",
        {"rewards.payer": {"locally": True}},
    ),
    Case(
        "the city, then the province takes its review up again",
        [
            *READY,
            "message: review_reopened",
            "city_review: agree",
            "message: recommendation_submitted",
            "province_review: agree",
            "message: review_reopened",
            "province_review: agree",
            "message: round_announced",
        ],
        "not_selected",
        {"applications.result": {"awarded": False, "award_ends": ""}},
    ),
    Case("it never assesses itself", [TIME], "lapsed_unassessed"),
    Case("the city never confirms it", ["fill_in: submit", TIME], "lapsed_unreviewed"),
    Case(
        "another county of the city is recommended",
        RECOMMENDED,
        "not_recommended",
        {"applications.recommendation_result": {"recommended": False}},
    ),
    Case(
        "it is not among those that are awarded",
        SCORED,
        "not_selected",
        {"applications.result": {"awarded": False, "award_ends": ""}},
    ),
]

TIED = {"standings.score_city": {"counties": 4, "tie": True}}
REOPENED = {"counties": 0, "tie": False, "application_id": "a1"}
RECOMMENDATION = [
    Case(
        "one is recommended",
        ["score_counties: score", "recommend: submit", "submit_recommendation: submit"],
        "submitted",
    ),
    Case(
        "the first are equal",
        ["score_counties: score", "break_tie: record", "recommend: submit", "submit_recommendation: submit"],
        "submitted",
        TIED,
    ),
    Case(
        "a review is taken up again before and after the ranking, the recommendation is mended",
        [
            "score_counties: reopen",
            "score_counties: score",
            "break_tie: return",
            "score_counties: score",
            "recommend: return",
            "score_counties: score",
            "recommend: submit",
            "submit_recommendation: return",
            "recommend: submit",
            "submit_recommendation: submit",
        ],
        "submitted",
        {
            "standings.score_city": [
                REOPENED,
                {"counties": 4, "tie": True},
                {"counties": 4, "tie": False},
            ]
        },
    ),
    Case("all of them won last year", ["score_counties: score", "recommend: none"], "nothing_recommended"),
    Case(
        "no county assessed itself",
        ["score_counties: score"],
        "nothing_recommended",
        {"standings.score_city": {"counties": 0, "tie": False}},
    ),
    *(
        Case(f"time runs out after {len(steps)} steps", [*steps, TIME], "recommendation_lapsed", TIED)
        for steps in (
            [],
            ["score_counties: score"],
            ["score_counties: score", "break_tie: record"],
            ["score_counties: score", "break_tie: record", "recommend: submit"],
        )
    ),
]

CALLED = ["record_quota: record", "open_round: publish", TIME, "score_recommended: score"]
DECIDED = ["propose: propose", "report: report", "decide: decide", "announce: announce"]
ROUND = [
    Case(
        "a rule is waived, equals are voted on, the list is sent back once",
        [
            *CALLED,
            "waive_floor: waive",
            "break_tie: record",
            "propose: propose",
            "report: report",
            "decide: return",
            *DECIDED,
        ],
        "announced",
        {"standings.place": [{"next": "waive"}, {"next": "vote"}, {"next": "propose"}]},
    ),
    Case(
        "a review is taken up again at every step before the list goes up",
        [
            *CALLED[:3],
            "score_recommended: reopen",
            "score_recommended: score",
            "waive_floor: return",
            "score_recommended: score",
            "break_tie: return",
            "score_recommended: score",
            "propose: return",
            "score_recommended: score",
            *DECIDED,
        ],
        "announced",
        {
            "standings.score_province": [REOPENED, {"counties": 11}],
            "standings.place": [{"next": "waive"}, {"next": "vote"}, {"next": "propose"}],
        },
    ),
    Case(
        "no city recommended anybody",
        CALLED,
        "no_candidates",
        {"standings.score_province": {"counties": 0}},
    ),
]

WALKS = {
    "targets": TARGETS,
    "decomposition": DECOMPOSITION,
    "application": APPLICATION,
    "recommendation": RECOMMENDATION,
    "round": ROUND,
}


@pytest.mark.parametrize("process", WALKS)
def test_every_element_and_every_flow_is_reached(
    stage: Stage, process: str, record_property: Callable[[str, object], None]
) -> None:
    for case in WALKS[process]:
        if process == "application":
            times = {"assessment_ends": stage.later(10), "collection_ends": stage.later(20)}
            case = Case(case.why, case.steps, case.end, case.answers, times)
        stage.walk(process, case)
    record_property("coverage", str(stage.all_passed(process)))
    assert stage.all_called(process)


def test_whoever_waits_is_told_once_however_it_ends(stage: Stage) -> None:
    for case in RECOMMENDATION:
        told = stage.thrown("recommendation_submitted")
        stage.walk("recommendation", case)
        assert stage.thrown("recommendation_submitted") - told == 1, case.why
    for case in ROUND:
        told = stage.thrown("round_announced")
        stage.walk("round", case)
        assert stage.thrown("round_announced") - told == 1, case.why
