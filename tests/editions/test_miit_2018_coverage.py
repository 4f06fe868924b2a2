"""On the real engine every branch of the 2018 edition is reached: each return, refusal, loop and deadline."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from service.domain.editions import EditionFolder
from service.store.database import new_id
from tests.editions.drawings import ROOT
from tests.editions.walks import (
    COMPARED,
    EVENTS,
    SENT_BACK,
    TIME,
    WRITTEN,
    Answer,
    Case,
    Stage,
    in_days,
    of_applications,
)

FIGURES = {
    "leading_product_share": "6.2",
    "tech_investment_share": "48.5",
    "tech_investment_growth": "17.3",
    **EVENTS,
}
MEMBERS = {f"expert{number}": f"expert{number}" for number in range(1, 10)}


def usual() -> Mapping[str, Answer]:
    """The domain's answers where nothing goes wrong."""
    return {
        **of_applications(),
        "eligibility.figures": FIGURES,
        "rounds.open": in_days(30, collection_ends=""),
        "rounds.close_intake": {"accepted": 12},
        "shortlists.decide": {"listed": 10},
        "committees.open_scoring": {"pass": 1, "members": MEMBERS, "chair": "expert1"},
        "scores.submit": {"sheet": 1},
        "scores.rank": {"next": "propose"},
        "notices.prepare": {"notice_id": new_id()},
        "notices.publish": in_days(7, ends_at=""),
        "notices.check_objections": {"open": False},
        "shortlists.after_notice": {"next": "report"},
    }


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    stage = Stage(sqlite_url, EditionFolder.read(ROOT, "miit_industry/2018"), usual())
    yield stage
    stage.world.database.dispose()


# 市（州）申报.

COUNTY = {"has_city": True}
CITY = {"has_city": False}
UP = ["fill_in: submit", "province_review: agree", "message: recommendation_submitted"]
ACCEPTED = [*UP, "intake_check: accept"]

APPLICATION = [
    Case(
        "a county goes through its city, is awarded, and the year of its award ends",
        [
            "fill_in: submit",
            "city_review: agree",
            "province_review: agree",
            "message: recommendation_submitted",
            "intake_check: accept",
            "message: round_announced",
            TIME,
        ],
        "award_ended",
        variables=COUNTY,
    ),
    Case(
        "an award is revoked within its year",
        [*ACCEPTED, "message: round_announced", "message: application_disqualified"],
        "award_revoked",
        variables=CITY,
    ),
    Case(
        "an application that is not selected ends with the announcement",
        [*ACCEPTED, "message: round_announced"],
        "not_selected",
        {"applications.result": {"awarded": False, "award_ends": ""}},
        CITY,
    ),
    Case(
        "an accepted application is disqualified before the announcement",
        [*ACCEPTED, "message: application_disqualified"],
        "disqualified",
        variables=CITY,
    ),
    Case(
        "it goes back for a condition that is not met, then from the city, then from the province",
        [
            "fill_in: submit",
            "fill_in: submit",
            "city_review: return",
            "fill_in: submit",
            "city_review: agree",
            "province_review: return",
            "fill_in: withdraw",
        ],
        "withdrawn",
        {"eligibility.figures": [FIGURES | {"tech_investment_share": "39.99"}, FIGURES]},
        COUNTY,
    ),
    Case(
        "a barred applicant ends at once",
        ["fill_in: submit"],
        "barred",
        {"sanctions.check": {"barred": True}},
        CITY,
    ),
    Case("nobody submits before the deadline", [TIME], "lapsed_unsubmitted", variables=CITY),
    Case("the city lets the deadline pass", ["fill_in: submit", TIME], "lapsed_at_city", variables=COUNTY),
    Case(
        "the province lets the deadline pass", ["fill_in: submit", TIME], "lapsed_at_province", variables=CITY
    ),
    Case("the city refuses", ["fill_in: submit", "city_review: refuse"], "refused_by_city", variables=COUNTY),
    Case(
        "the province refuses",
        ["fill_in: submit", "province_review: refuse"],
        "refused_by_province",
        variables=CITY,
    ),
    Case(
        "the province recommends another",
        UP,
        "not_recommended",
        {"applications.recommendation_result": {"recommended": False}},
        CITY,
    ),
    Case(
        "the ministry checks on the spot, has the material supplemented twice, and still refuses",
        [
            *UP,
            "intake_check: onsite",
            "onsite_check: report",
            "intake_check: supplement",
            "supplement: resubmit",
            "confirm_supplement: return",
            "supplement: resubmit",
            "confirm_supplement: agree",
            "intake_check: refuse",
        ],
        "not_accepted",
        variables=CITY,
    ),
    Case(
        "nothing is supplemented in time",
        [*UP, "intake_check: supplement", TIME],
        "supplement_lapsed",
        variables=CITY,
    ),
]

# 评选推荐.

RECOMMENDATION = [
    Case(
        "the province, the government and the province again send the choice back, then it is submitted",
        SENT_BACK,
        "submitted",
    ),
    Case("no application comes before the deadline", [TIME], "nothing_recommended"),
    Case(
        "the province recommends nobody",
        ["message: application_ready", "compare: none"],
        "not_recommended_end",
    ),
    Case(
        "the government refuses",
        [*WRITTEN, "government_consent: refuse"],
        "recommendation_refused",
    ),
    Case(
        "the deadline passes over the comparison",
        ["message: application_ready", TIME],
        "recommendation_lapsed",
    ),
    Case("the deadline passes over the letter", [*COMPARED, TIME], "recommendation_lapsed"),
    Case("the deadline passes over the consent", [*WRITTEN, TIME], "recommendation_lapsed"),
    Case(
        "the deadline passes over the submission",
        [*WRITTEN, "government_consent: agree", TIME],
        "recommendation_lapsed",
    ),
]

# 遴选 and 公示.

OPENED = ["open_round: publish", TIME, "close_intake: close"]
SEATED = [*OPENED, "form_committee: seat", "record_quota: record"]
SCORED = ["score: submit"] * len(MEMBERS)
LISTED = [*SEATED, *SCORED, "committee_opinion: propose", "decide_list: agree"]
PUBLISHED = ["publish_notice: publish", TIME]
REPORTED = ["report_to_state_council: report"]

ROUND = [
    Case(
        "the list is tied, checked on the spot, scored afresh, settled anew at every step, and announced",
        [
            *SEATED,
            *SCORED,
            "break_tie: record",
            "break_tie: record",
            "waive_rules: record",
            "await_list: place",
            "committee_opinion: propose",
            "decide_list: onsite",
            "onsite_check_list: report",
            "decide_list: settle",
            "committee_opinion: propose",
            "decide_list: waive",
            "waive_rules: record",
            "committee_opinion: propose",
            "decide_list: rescore",
            *SCORED,
            "committee_opinion: propose",
            "decide_list: agree",
            "publish_notice: return",
            "decide_list: agree",
            *PUBLISHED,
            "report_to_state_council: return",
            *REPORTED,
            "state_council_approval: agree",
            "announce: return",
            *REPORTED,
            "state_council_approval: agree",
            "announce: announce",
        ],
        "announced",
        {
            "scores.rank": [{"next": "vote"}, {"next": "propose"}],
            "shortlists.break_tie": [{"ranking": {"next": "vote"}}, {"ranking": {"next": "waive"}}],
            "shortlists.waive": [{"ranking": {"next": "wait"}}, {"ranking": {"next": "propose"}}],
            "shortlists.place": {"ranking": {"next": "propose"}},
            "shortlists.decide": [
                {"listed": 10},
                {"listed": 10, "ranking": {"next": "propose"}},
                {"listed": 10},
            ],
        },
    ),
    Case("nothing was accepted", OPENED, "no_candidates", {"rounds.close_intake": {"accepted": 0}}),
    Case(
        "objections hold the notice up; a mended entry is published again; replacements are voted on",
        [
            *LISTED,
            *PUBLISHED,
            "message: objection_closed",
            "message: objection_closed",
            *PUBLISHED,
            "vote_replacement: record",
            "waive_for_replacement: record",
            "sign_off_replacement: agree",
            *PUBLISHED,
            "sign_off_replacement: refuse",
            *REPORTED,
            "state_council_approval: return",
            "decide_list: agree",
            *PUBLISHED,
            *REPORTED,
            "state_council_approval: refuse",
        ],
        "not_approved",
        {
            "notices.check_objections": [{"open": True}, {"open": True}, {"open": False}],
            "shortlists.after_notice": [
                {"next": "republish"},
                {"next": "vote"},
                {"next": "waive"},
                {"next": "promote"},
                {"next": "promote"},
                {"next": "report"},
            ],
        },
    ),
    Case("nobody is left to decide on", LISTED, "none_left", {"shortlists.decide": {"listed": 0}}),
    Case(
        "nobody is left on the list after the notice",
        [*LISTED, *PUBLISHED],
        "none_left",
        {"shortlists.after_notice": {"next": "none_left"}},
    ),
]

# 异议处理.

VERIFIED = ["consider: accept", "verify: report"]

OBJECTION = [
    Case("an objection is not accepted", ["consider: reject"], "objection_rejected"),
    Case("an anonymous one is kept as a lead", ["consider: lead"], "objection_rejected"),
    Case(
        "it is verified again and not upheld",
        [*VERIFIED, "decide_objection: return", "verify: report", "decide_objection: not_upheld"],
        "objection_not_upheld",
    ),
    Case(
        "what can be mended is mended, at the second attempt",
        [
            *VERIFIED,
            "decide_objection: mendable",
            "mend: submit",
            "confirm_mend: return",
            "mend: submit",
            "confirm_mend: agree",
        ],
        "objection_mended",
    ),
    Case("it is upheld", [*VERIFIED, "decide_objection: upheld"], "objection_upheld"),
    Case(
        "fraud is found and sanctioned",
        [*VERIFIED, "decide_objection: fraud", "sanction_decision: impose"],
        "sanction_imposed",
    ),
]

WALKS = {
    "application": APPLICATION,
    "recommendation": RECOMMENDATION,
    "round": ROUND,
    "objection": OBJECTION,
}
CALLS = {"round": ["public_notice"]}

TELLS = {
    "recommendation": {"recommendation_submitted"},
    "round": {"round_announced"},
    "objection": {"objection_closed"},
}
"""What others wait for, and must be told however a process ends."""


@pytest.mark.parametrize("process", WALKS)
def test_every_element_and_every_flow_is_reached(
    stage: Stage,
    process: str,
    record_property: Callable[[str, object], None],
) -> None:
    for case in WALKS[process]:
        stage.walk(process, case)
    for reached in (process, *CALLS.get(process, [])):
        record_property("coverage", str(stage.all_passed(reached, without=stage.beyond(reached))))
        assert stage.all_called(reached)


@pytest.mark.parametrize("process", TELLS)
def test_whoever_waits_for_a_process_is_told_once_however_it_ends(stage: Stage, process: str) -> None:
    for case in WALKS[process]:
        told = {name: stage.thrown(name) for name in TELLS[process]}
        sent = {name: case.steps.count(f"message: {name}") for name in TELLS[process]}
        stage.walk(process, case)
        for name, times in told.items():
            assert stage.thrown(name) - times - sent[name] == 1, f"{case.why}: {name}"


def test_only_an_upheld_objection_and_fraud_disqualify(stage: Stage) -> None:
    disqualified = {}
    for case in OBJECTION:
        before = stage.thrown("application_disqualified")
        stage.walk("objection", case)
        disqualified[case.end] = stage.thrown("application_disqualified") - before
    assert [end for end, times in disqualified.items() if times] == ["objection_upheld", "sanction_imposed"]


def test_the_three_processes_of_a_round_find_each_other_by_their_messages(stage: Stage) -> None:
    ids = {"round_id": new_id(), "recommendation_id": new_id()}
    others = {"round_id": new_id(), "recommendation_id": new_id()}
    recommendation = stage.begin("recommendation", ids)
    application = stage.begin("application", ids | CITY)
    stranger = stage.begin("application", others | CITY)
    for step in ("fill_in: submit", "province_review: agree"):
        stage.step(application, step)
        stage.step(stranger, step)
    for step in ("compare: submit", "letter: submit", "government_consent: agree"):
        stage.step(recommendation, step)
    stage.step(recommendation, "submit_recommendation: submit")
    assert stage.world.open(application) == ["intake_check"]
    assert stage.world.open(stranger) == []
    stage.step(application, "intake_check: accept")
    round_ = stage.begin("round", ids)
    for step in [*LISTED, *PUBLISHED, *REPORTED, "state_council_approval: agree", "announce: announce"]:
        stage.step(round_, step)
    assert stage.world.instance(round_).end_elements == ["announced"]
    assert stage.called["applications.result"] == 1
