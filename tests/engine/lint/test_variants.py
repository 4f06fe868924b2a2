"""What one drawing a rule cannot show: its other forms, and what it must leave alone."""

from itertools import pairwise

import pytest

from service.engine.definitions import Finding, check
from service.engine.packages import Known, Package
from tests.engine.processes import (
    boundary,
    bpmn,
    call,
    catch,
    date_timer,
    duration_timer,
    each,
    end,
    flows,
    gateway,
    lanes,
    message,
    process,
    receives,
    script,
    sends,
    service,
    start,
    subprocess,
    throw,
    user,
    variables,
)


def judge(*parts: str, known: Known | None = None, **more: bytes) -> list[Finding]:
    """The findings in a process of these parts, without those of its missing drawing and articles."""
    package = Package(bpmn={"main.bpmn": bpmn(process(*parts)), **more})
    return judge_package(package, known)


def judge_package(package: Package, known: Known | None = None) -> list[Finding]:
    return [f for f in check(package, known) if f.rule not in {"not-drawn", "article"}]


def rules(*parts: str, known: Known | None = None) -> set[str]:
    return {finding.rule for finding in judge(*parts, known=known)}


def linear(*nodes: str, ids: str) -> tuple[str, ...]:
    """Start, these nodes in a row, end."""
    row = ["begin", *ids.split(), "done"]
    return (start(), *nodes, end(), flows(*(f"{a}>{b}" for a, b in pairwise(row))))


# Ids.


@pytest.mark.parametrize("reserved", ["Start", "End", "main.EndJoin", "Root", "review.BoundaryEventJoin"])
def test_ids_of_the_engine_are_refused(reserved: str) -> None:
    assert rules(*linear(user(reserved), ids=reserved)) == {"reserved-id"}


def test_ids_that_only_look_like_the_engines_are_allowed() -> None:
    assert rules(*linear(user("Started"), user("EndJoin"), ids="Started EndJoin")) == set()


def test_two_files_may_not_have_processes_of_one_id() -> None:
    file = bpmn(process(*linear(user("review"), ids="review")))
    findings = judge_package(Package(bpmn={"a.bpmn": file, "b.bpmn": file}))
    assert {finding.rule for finding in findings} == {"duplicate-id"}


def test_a_called_file_may_not_repeat_the_ids_of_its_caller() -> None:
    caller = bpmn(process(*linear(call("notice", "called"), ids="notice")))
    called = bpmn(process(*linear(user("publish"), ids="publish"), id="called"))
    findings = judge_package(Package(bpmn={"a.bpmn": caller, "b.bpmn": called}))
    assert {finding.element for finding in findings if finding.rule == "duplicate-id"} == {"begin", "done"}


# Event subprocesses.


@pytest.mark.parametrize("interrupting", ["true", "false"])
@pytest.mark.parametrize("event", ["message", "timer", "signal", "error", "escalation", "conditional"])
def test_event_subprocesses_of_every_kind_are_refused(event: str, interrupting: str) -> None:
    begin = f'<startEvent id="b" isInterrupting="{interrupting}"><{event}EventDefinition/></startEvent>'
    inner = begin + user("handle") + end("e") + flows("b>handle", "handle>e")
    subprocess_ = f'<subProcess id="handling" triggeredByEvent="true">{inner}</subProcess>'
    findings = judge(*linear(user("review"), ids="review"), subprocess_)
    assert [f.element for f in findings if f.rule == "event-subprocess"] == ["handling"]


# Elements.


@pytest.mark.parametrize(
    "element",
    [
        '<task id="x"/>',
        '<sendTask id="x"/>',
        '<receiveTask id="x"/>',
        '<transaction id="x"/>',
        '<adHocSubProcess id="x"/>',
        '<somethingNew id="x"/>',
        '<intermediateCatchEvent id="x"/>',
        '<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>',
        '<intermediateThrowEvent id="x"><cancelEventDefinition/></intermediateThrowEvent>',
        '<userTask id="x" name="审核"><standardLoopCharacteristics/></userTask>',
        '<userTask id="x" name="审核"><ioSpecification/></userTask>',
        '<dataObject id="x"/>',
    ],
)
def test_what_is_not_on_the_list_is_refused(element: str) -> None:
    assert "element-type" in rules(*linear(element, ids="x"))


def test_a_data_store_is_refused() -> None:
    file = bpmn(process(*linear(user("review"), ids="review")), '<dataStore id="store" name="x"/>')
    findings = judge_package(Package(bpmn={"a.bpmn": file}))
    assert {(finding.rule, finding.element) for finding in findings} == {("element-type", "store")}


@pytest.mark.parametrize(
    "attribute", ['camunda:asyncBefore="true"', 'camunda:assignee="li"', 'camunda:candidateGroups="city"']
)
def test_an_attribute_that_nobody_reads_is_refused(attribute: str) -> None:
    task = user("review").replace("<userTask ", f"<userTask {attribute} ")
    assert rules(*linear(task, ids="review")) == {"extension"}


def test_what_camunda_modeler_adds_by_itself_is_allowed() -> None:
    file = bpmn(process(*linear(user("review"), ids="review")))
    changed = file.replace(b"<process ", b'<process camunda:historyTimeToLive="180" ')
    assert judge_package(Package(bpmn={"a.bpmn": changed})) == []


def test_a_property_with_a_meaningless_value_is_refused() -> None:
    assert rules(*linear(user("review", opinion="maybe"), ids="review")) == {"property"}


def test_a_decision_without_a_label_is_refused() -> None:
    assert rules(*linear(user("review", **{"decision.agree": " "}), ids="review")) == {"property"}


def test_a_complex_gateway_is_found_however_deep_it_lies() -> None:
    deep = (start("c"), '<complexGateway id="choose"/>', end("g"), flows("c>choose", "choose>g"))
    inner = (start("b"), subprocess("deeper", *deep), end("e"), flows("b>deeper", "deeper>e"))
    assert rules(*linear(subprocess("deep", *inner), ids="deep")) == {"complex-gateway"}


def test_an_error_boundary_waits_for_an_error_that_can_come() -> None:
    caught = (boundary("caught", "work", "<errorEventDefinition/>"), end("broken"), flows("caught>broken"))

    def work(last: str) -> tuple[str, ...]:
        inner = subprocess("work", start("b"), last, flows("b>e"))
        return (*linear(inner, ids="work"), *caught)

    assert rules(*work('<endEvent id="e"><errorEventDefinition/></endEvent>')) == set()
    assert rules(*work(end("e"))) == {"error-never"}
    assert rules(*linear(user("work"), ids="work"), *caught) == {"error-never"}


# Flows and gateways.


def test_a_circle_without_a_way_out_is_found_once() -> None:
    parts = (
        start(),
        gateway("again"),
        user("review"),
        end(),
        flows("begin>again", "again>review", "review>again"),
    )
    findings = judge(*parts)
    assert [f.rule for f in findings if f.rule == "dead-end"] == ["dead-end"]


def test_conditions_that_are_each_others_opposite_need_no_default() -> None:
    parts = (
        start(),
        gateway("decide"),
        end("yes", "no"),
        flows("begin>decide", "decide>yes[quota > 10]", "decide>no[not (quota > 10)]"),
    )
    assert rules(*parts) == set()


def test_conditions_for_each_decision_need_no_default() -> None:
    parts = (
        start(),
        user("review", "agree", "return", "refuse"),
        gateway("decide"),
        end("yes", "no"),
        flows(
            "begin>review",
            "review>decide",
            "decide>yes[decision == 'agree']",
            "decide>no[decision in ['return', 'refuse']]",
        ),
    )
    assert rules(*parts) == set()


def test_a_new_decision_without_a_branch_is_found() -> None:
    parts = (
        start(),
        user("review", "agree", "return", "refuse"),
        gateway("decide"),
        end("yes", "no"),
        flows(
            "begin>review",
            "review>decide",
            "decide>yes[decision == 'agree']",
            "decide>no[decision == 'return']",
        ),
    )
    assert rules(*parts) == {"decision-unhandled", "gateway-default"}


def test_a_decision_made_in_a_subprocess_may_be_asked_after_it() -> None:
    inner = (start("b"), user("review", "agree", "refuse"), end("e"), flows("b>review", "review>e"))
    parts = (
        start(),
        subprocess("way_up", *inner),
        gateway("decide"),
        end("yes", "no"),
        flows(
            "begin>way_up",
            "way_up>decide",
            "decide>yes[decision == 'agree']",
            "decide>no[decision == 'refuse']",
        ),
    )
    assert rules(*parts) == set()


def test_only_the_last_decision_counts() -> None:
    parts = (
        start(),
        user("first", "agree", "refuse"),
        user("second", "accept", "supplement"),
        gateway("decide", default="no"),
        end("yes", "no"),
        flows("begin>first", "first>second", "second>decide", "decide>yes[decision == 'agree']", "decide>no"),
    )
    assert rules(*parts) == {"decision-unhandled", "decision-unknown"}


def test_one_choice_alone_needs_no_gateway() -> None:
    assert rules(*linear(user("review", "submit"), ids="review")) == set()


# Parallel branches.


def parallel(left: str, right: str, *arrows: str) -> tuple[str, ...]:
    split, join = gateway("split", "parallel"), gateway("join", "parallel")
    ends = ("begin>split", "split>left", "split>right", "right>join", "join>done")
    return (start(), split, left, right, join, end(), flows(*ends, *(arrows or ("left>join",))))


def test_two_people_deciding_in_parallel_lose_one_decision() -> None:
    deciding = parallel(user("left", "agree", "refuse"), user("right", "agree", "refuse"))
    assert "parallel-keys" in rules(*deciding)


def test_branches_with_variables_of_their_own_are_fine() -> None:
    assert rules(*parallel(script("left", "a = 1"), script("right", "b = 2"))) == set()


def test_a_loop_within_one_branch_is_fine() -> None:
    parts = parallel(
        gateway("left"), user("right"), "left>work", "work>again", "again>left[quota > 1]", "again>join"
    )
    assert rules(*parts, user("work"), gateway("again", default="join")) == set()


def test_branches_that_end_apart_are_fine() -> None:
    parts = (start(), gateway("split", "parallel"), user("left"), user("right"), end("a", "b"))
    arrows = flows("begin>split", "split>left", "split>right", "left>a", "right>b")
    assert rules(*parts, arrows) == set()


def test_a_branch_that_may_end_early_leaves_the_join_waiting() -> None:
    parts = parallel(gateway("left", default="stop"), user("right"), "left>join[quota > 1]", "left>stop")
    assert rules(*parts, end("stop")) == {"stuck-join"}


def test_a_boundary_event_that_leads_past_the_join_leaves_it_waiting() -> None:
    parts = parallel(user("left"), user("right"))
    late = (boundary("late", "left", duration_timer('"P5D"')), flows("late>lapsed"))
    assert rules(*parts, *late, end("lapsed")) == {"stuck-join"}


def test_a_join_that_takes_both_ways_of_a_branch_waits_for_neither() -> None:
    parts = parallel(
        gateway("left", default="long"),
        user("right"),
        "left>again[quota > 1]",
        "left>long",
        "long>again",
        "again>join",
    )
    assert rules(*parts, user("long"), gateway("again")) == set()


def test_splits_within_splits_are_fine_if_joined_inside_out() -> None:
    inner = ("left>a", "left>b", "a>unite", "b>unite", "unite>join")
    parts = parallel(gateway("left", "parallel"), user("right"), *inner)
    assert rules(*parts, user("a"), user("b"), gateway("unite", "parallel")) == set()


# Events, messages, timers.


@pytest.mark.parametrize(
    ("event", "sound"),
    [
        (date_timer('"2025-10-11T00:00:00+08:00"'), True),
        (date_timer("collection_ends"), True),
        (date_timer('"2025-10-11T00:00:00"'), False),
        (date_timer('"11.10.2025"'), False),
        (date_timer("2025"), False),
        (date_timer("2025-10-11"), False),
        (date_timer("notice_end("), False),
        (duration_timer('"P5D"'), True),
        (duration_timer('"5 days"'), False),
        (duration_timer("P5D"), True),  # A variable of that name, as far as can be seen.
        ("<timerEventDefinition/>", False),
    ],
)
def test_timer_literals_are_quoted_iso_text_with_an_offset(event: str, sound: bool) -> None:
    assert rules(*linear(catch("wait", event), ids="wait")) == (set() if sound else {"timer-expression"})


def test_a_timer_may_not_call_a_function_that_nobody_has() -> None:
    timer = catch("wait", date_timer("workday_after(now(), 5)"))
    assert rules(*linear(timer, ids="wait"), known=Known(functions={"workdays_after"})) == {
        "timer-expression"
    }


def test_an_escalation_that_nobody_takes_is_found() -> None:
    finish = '<endEvent id="done" name="升级"><escalationEventDefinition/></endEvent>'
    assert rules(start(), finish, flows("begin>done")) == {"error-uncaught"}


def test_an_error_taken_by_the_caller_is_fine() -> None:
    fails = '<endEvent id="failed" name="失败"><errorEventDefinition/></endEvent>'
    called = process(start("b"), fails, flows("b>failed"), id="called")
    caller = process(
        *linear(call("notice", "called"), ids="notice"),
        boundary("caught", "notice", "<errorEventDefinition/>"),
        end("broken"),
        flows("caught>broken"),
    )
    assert judge_package(Package(bpmn={"a.bpmn": bpmn(caller), "b.bpmn": bpmn(called)})) == []


def objection(*parts: str) -> list[Finding]:
    file = bpmn(message("objection", "notice_id"), process(*parts))
    return judge_package(Package(bpmn={"main.bpmn": file}))


def test_a_catch_correlated_by_something_else_is_found() -> None:
    waits = catch("wait", receives("objection", notice_id="notice_id", round_id="round_id"))
    assert [finding.rule for finding in objection(*linear(waits, ids="wait"))] == ["message-correlation"]


@pytest.mark.parametrize("payload", ["notice_id", "{'id': notice_id}", "[notice_id]", "{"])
def test_a_payload_without_the_correlation_is_found(payload: str) -> None:
    sending = throw("send", sends("objection", payload))
    assert "message-payload" in {finding.rule for finding in objection(*linear(sending, ids="send"))}


# People and lanes.


def test_a_called_process_has_its_callers_lane() -> None:
    called = process(*linear(user("publish", office=None), ids="publish"), id="called").replace("begin", "b")
    called = called.replace("done", "e")
    outside = process(*linear(call("notice", "called"), ids="notice"))
    inside = outside.replace('isExecutable="true">', 'isExecutable="true">' + lanes(city=["notice"]))

    def found(caller: str) -> set[str]:
        package = Package(bpmn={"a.bpmn": bpmn(caller), "b.bpmn": bpmn(called)})
        return {finding.rule for finding in judge_package(package)}

    assert found(inside) == set()
    assert found(outside) == {"nobody"}


def test_an_assignee_is_somebody() -> None:
    assert rules(*linear(user("score", office=None, assignee="member"), ids="score")) == set()


# Services and expressions.


@pytest.mark.parametrize(
    "part",
    [
        user("review", assignee="scoring["),
        user("review", due="days(5)"),
        service("review", "applications.close", reason="'lapsed"),
        throw("review", sends("objection", "{'notice_id': id(1)}")),
        catch("review", receives("objection", notice_id="notice.")),
    ],
)
def test_expressions_are_read_wherever_they_stand(part: str) -> None:
    file = bpmn(message("objection", "notice_id"), process(*linear(part, ids="review")))
    findings = judge_package(Package(bpmn={"a.bpmn": file}), Known(functions=set()))
    assert {finding.rule for finding in findings} >= {"expression"}


def test_a_script_may_not_call_an_unknown_function() -> None:
    known = Known(functions={"now"})
    assert rules(*linear(script("set", "a = now()"), ids="set"), known=known) == set()
    assert rules(*linear(script("set", "a = open('x')"), ids="set"), known=known) == {"script"}


def test_a_process_that_calls_itself_is_refused() -> None:
    assert rules(*linear(call("again", "main"), ids="again")) == {"called-element"}


# Multi-instances.


def test_a_multi_instance_without_results_is_refused() -> None:
    scored = user("score", inner=each("members", "member"))
    assert rules(variables("members"), *linear(scored, ids="score")) == {"multi-instance"}


def test_references_that_a_modeler_would_drop_are_refused() -> None:
    scored = user("score", inner=each("members", "member", "done_by", "sheet"))
    assert rules(*linear(scored, ids="score")) == {"multi-instance"}
    assert rules(variables("members", "done_by"), *linear(scored, ids="score")) == set()


# Severity.


def test_a_missing_article_is_an_error_only_where_articles_are_known() -> None:
    package = Package(bpmn={"main.bpmn": bpmn(process(*linear(user("review"), ids="review")))})
    assert {f.severity for f in check(package) if f.rule == "article"} == {"warning"}
    assert {f.severity for f in check(package, Known(articles={"6"})) if f.rule == "article"} == {"error"}


def test_all_files_are_judged_at_once() -> None:
    package = Package(bpmn={"broken.bpmn": b"<", "wrong.bpmn": bpmn(process(start())), "image.bpmn": b"\xff"})
    assert {finding.file for finding in check(package)} == {"broken.bpmn", "wrong.bpmn", "image.bpmn"}
