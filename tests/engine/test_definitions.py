"""Definitions: what is refused, what an id stands for, and what is loaded."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.engine import definitions
from service.engine.definitions import (
    Definition,
    DefinitionMissing,
    Refused,
    check,
    check_files,
    deploy,
    loaded,
)
from service.engine.packages import Known, Package
from service.engine.parser import Parser
from service.store.database import Database
from tests.databases import until_blocked
from tests.engine.processes import (
    JUDGE,
    bpmn,
    call,
    end,
    flows,
    gateway,
    lanes,
    process,
    service,
    start,
    subprocess,
    user,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REVIEW = bpmn(process(start(), user("review"), end(), flows("begin>review", "review>done")))
NOTICE = bpmn(process(start("b"), user("publish"), end("e"), flows("b>publish", "publish>e"), id="notice"))
CALLER = bpmn(process(start(), call("public", "notice"), end(), flows("begin>public", "public>done")))
TABLE = (Path(__file__).parent / "lint/dmn-cell/valid.dmn").read_bytes()
JUDGED = bpmn(
    process(start(), JUDGE, user("review"), end(), flows("begin>judge", "judge>review", "review>done"))
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def deployed(database: Database, package: Package, **more: Any) -> dict[str, str]:
    with database.write() as session:
        return deploy(session, package, NOW, **more)


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0


# Refusing.


def test_nothing_is_deployed_on_any_finding_and_all_are_told(database: Database) -> None:
    wrong = bpmn(process(start(), user("a"), user("b"), end(), flows("begin>a", "a>done"), id="wrong"))
    package = Package(bpmn={"good.bpmn": REVIEW, "wrong.bpmn": wrong, "broken.bpmn": b"<"})
    with pytest.raises(Refused) as refused:
        deployed(database, package)
    assert {f.file for f in refused.value.findings if f.severity == "error"} == {"wrong.bpmn", "broken.bpmn"}
    assert str(refused.value).startswith("流程文件有 3 处错误，没有部署任何内容。")
    assert count(database) == 0


def test_warnings_do_not_stop_a_deployment(database: Database) -> None:
    package = Package(bpmn={"review.bpmn": REVIEW})
    assert {finding.severity for finding in check(package)} == {"warning"}
    assert deployed(database, package).keys() == {"main"}


def test_the_engines_own_parse_is_the_last_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(self: Parser, process_id: str, required: bool = True) -> None:
        raise ValueError("this process cannot be parsed")

    monkeypatch.setattr(Parser, "get_spec", refuses)
    (finding,) = (f for f in check(Package(bpmn={"review.bpmn": REVIEW})) if f.severity == "error")
    assert (finding.rule, finding.file, finding.element) == ("engine", "review.bpmn", "main")
    assert "this process cannot be parsed" in finding.message


def test_the_gate_is_not_troubled_by_files_that_lint_refused() -> None:
    findings = check(Package(bpmn={"broken.bpmn": b"<", "review.bpmn": REVIEW}))
    assert "engine" not in {finding.rule for finding in findings}


def test_files_outside_an_edition_may_call_what_is_elsewhere(tmp_path: Path) -> None:
    paths = [tmp_path / "caller.bpmn", tmp_path / "table.dmn"]
    paths[0].write_bytes(CALLER)
    paths[1].write_bytes(TABLE)
    found = {finding.rule: finding.severity for finding in check_files(paths)}
    assert found["called-element"] == "warning"
    assert "error" not in found.values()
    assert {f.rule for f in check(Package(bpmn={"a": CALLER})) if f.severity == "error"} == {"called-element"}


def test_known_names_are_demanded_at_deployment(database: Database) -> None:
    closing = service("close", "applications.clsoe")
    file = bpmn(process(start(), closing, end(), flows("begin>close", "close>done")))
    with pytest.raises(Refused):
        deployed(database, Package(bpmn={"a.bpmn": file}), known=Known(services={"applications.close"}))


# Content addresses.


def test_the_same_content_has_the_same_id_and_is_stored_once(database: Database) -> None:
    package = Package(bpmn={"a.bpmn": REVIEW}, parameters={"quota": {"minimum": 10}})
    again = Package(bpmn={"another name.bpmn": REVIEW}, parameters={"quota": {"minimum": 10}})
    assert deployed(database, package) == deployed(database, again)
    assert count(database) == 1


def test_whatever_a_definition_runs_is_part_of_its_id(database: Database) -> None:
    bpmn_files = {"caller.bpmn": CALLER, "notice.bpmn": NOTICE, "judged.bpmn": renamed(JUDGED, "judged")}
    base: dict[str, Any] = {"bpmn": bpmn_files, "dmn": {"level.dmn": TABLE}}
    variants: dict[str, dict[str, Any]] = {
        "base": {},
        "parameters": {"parameters": {"quota": 10}},
        "lanes": {"lanes": {"city": {"office": "industry"}}},
        "called": {"bpmn": {**bpmn_files, "notice.bpmn": NOTICE.replace(b"publish", b"announce")}},
        "table": {"dmn": {"level.dmn": TABLE.replace(b"500", b"600")}},
    }
    ids = {name: deployed(database, Package(**(base | change))) for name, change in variants.items()}
    ids["edition"] = deployed(database, Package(**base), edition_id="e" * 64)

    def differing(process_id: str) -> set[str]:
        return {name for name in ids if ids[name][process_id] != ids["base"][process_id]}

    assert differing("main") == {"parameters", "lanes", "edition", "called"}
    assert differing("notice") == {"parameters", "lanes", "edition", "called"}
    assert differing("judged") == {"parameters", "lanes", "edition", "table"}


def renamed(content: bytes, process_id: str) -> bytes:
    """The same process under another id, as are the ids in it."""
    return re.sub(rb'(id|Ref)="(\w+)"', rb'\1="%s_\2"' % process_id.encode(), content).replace(
        f'{process_id}_main"'.encode(), f'{process_id}"'.encode()
    )


def test_a_definition_keeps_the_files_that_it_was_made_of(database: Database) -> None:
    ids = deployed(database, Package(bpmn={"notice.bpmn": NOTICE, "caller.bpmn": CALLER}))
    with database.read() as session:
        definition = session.get_one(Definition, ids["main"])
        assert list(definition.bpmn) == list(definition.files) == ["caller.bpmn", "notice.bpmn"]
        assert definition.bpmn["notice.bpmn"].encode() == NOTICE
        assert definition.created_at == NOW


def test_of_two_who_deploy_the_same_at_once_both_get_it(postgresql_url: str) -> None:
    package = Package(bpmn={"caller.bpmn": CALLER, "notice.bpmn": NOTICE})
    database = Database(postgresql_url)
    with ThreadPoolExecutor(1) as thread:
        with database.write() as session:
            first = deploy(session, package, NOW)
            second = thread.submit(deployed, database, package)
            until_blocked(session)
        assert second.result() == first
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Definition)) == 2
    database.dispose()


# Loading.


def test_a_definition_is_loaded_once_and_shared(database: Database) -> None:
    (definition_id,) = deployed(database, Package(bpmn={"a.bpmn": unlike(REVIEW)})).values()

    def load(_: int) -> int:
        with database.read() as session:
            return id(loaded(session, definition_id))

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(load, range(40)))) == 1


def unlike(content: bytes) -> bytes:
    """A content that no other test has deployed, and that is not cached therefore."""
    return content.replace(b'targetNamespace="test"', f'targetNamespace="{time.time_ns()}"'.encode())


def test_the_cache_is_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "CACHE_SIZE", 2)
    for _ in range(4):
        (definition_id,) = deployed(database, Package(bpmn={"a.bpmn": unlike(REVIEW)})).values()
        with database.read() as session:
            loaded(session, definition_id)
    assert len(definitions._cache) == 2
    assert definition_id in definitions._cache


def test_a_missing_definition_is_an_error(database: Database) -> None:
    with database.read() as session, pytest.raises(DefinitionMissing, match="没有找到流程定义"):
        loaded(session, "0" * 64)


def test_elements_know_scope_lanes_forms_and_decisions(database: Database) -> None:
    inner = (start("b"), user("fill_in", "submit", "withdraw", office=None, article="7(1)"), end("e"))
    form = '<userTask camunda:formKey="report recommendation" id="fill_in"'
    file = bpmn(
        process(
            lanes(city=["begin", "way_up", "done"]),
            start(),
            subprocess("way_up", *inner, flows("b>fill_in", "fill_in>e")),
            gateway("decide", default="done"),
            end("done", "withdrawn"),
            flows("begin>way_up", "way_up>decide", "decide>withdrawn[decision == 'withdraw']", "decide>done"),
        )
    ).replace(b'<userTask id="fill_in"', form.encode())
    (definition_id,) = deployed(database, Package(bpmn={"a.bpmn": file})).values()
    with database.read() as session:
        element = loaded(session, definition_id).element("way_up", "fill_in")
    assert element.process_id == "main"
    assert element.lanes == ("city",)
    assert element.form_keys == ("report", "recommendation")
    assert list(element.decisions.items()) == [("submit", "选项submit"), ("withdraw", "选项withdraw")]
    assert element.article == "7(1)"


def test_an_inner_lane_comes_before_its_outer_one(database: Database) -> None:
    nested = (
        '<laneSet id="outer_set"><lane id="province" name="省"><childLaneSet id="inner_set">'
        '<lane id="division_head" name="处长"><flowNodeRef>review</flowNodeRef></lane>'
        "</childLaneSet><flowNodeRef>review</flowNodeRef></lane></laneSet>"
    )
    file = REVIEW.replace(b"<startEvent", nested.encode() + b"<startEvent", 1)
    (definition_id,) = deployed(database, Package(bpmn={"a.bpmn": file})).values()
    with database.read() as session:
        assert loaded(session, definition_id).element("main", "review").lanes == ("division_head", "province")
