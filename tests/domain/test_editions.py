"""Editions: a folder is read, judged as a whole, published for good, and comes out again as it went in."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import editions
from service.domain.editions import (
    ArticleMissing,
    Edition,
    EditionFolder,
    EditionMissing,
    EditionRefused,
    FolderMissing,
)
from service.domain.memberships import AdminNeeded
from service.engine import history
from service.engine.definitions import Definition
from service.engine.packages import Known
from service.store.database import Database
from tests.databases import until_blocked

ROOT = Path(__file__).parent.parent.parent
NAME = "miit_industry/2018"
OWN = f"processes/{NAME}"
EDITION = f"{OWN}/edition.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the shipped edition, to be spoilt."""
    copy = tmp_path / "copy"
    for folder in ("processes", "forms"):
        shutil.copytree(ROOT / folder, copy / folder)
    return copy


def spoil(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def publish(session: Session, root: Path, now: datetime, actor_id: str | None = None) -> Edition:
    return editions.publish(session, EditionFolder.read(root, NAME), Known(), now=now, actor_id=actor_id)


def faults(root: Path) -> list[str]:
    findings = editions.check(EditionFolder.read(root, NAME), Known())
    return [f"{finding.file}: {finding.message}" for finding in findings if finding.severity == "error"]


def test_the_shipped_edition_has_no_fault() -> None:
    assert faults(ROOT) == []


def test_an_edition_is_published_and_comes_out_byte_for_byte(
    session: Session, root: Path, tmp_path: Path, now: datetime
) -> None:
    edition = publish(session, root, now)
    session.expire_all()
    written = editions.export(editions.get(session, edition.id), tmp_path / "out")
    paths = {file.relative_to(tmp_path / "out").as_posix() for file in written}
    assert {EDITION, "processes/shared/objection.bpmn", f"forms/{NAME}/report.yaml"} <= paths
    for path in paths:
        assert (tmp_path / "out" / path).read_bytes() == (root / path).read_bytes()
    assert EditionFolder.read(tmp_path / "out", NAME).digest == edition.id


def test_a_published_edition_tells_what_a_round_needs(session: Session, root: Path, now: datetime) -> None:
    edition = publish(session, root, now)
    assert (edition.programme, edition.key, edition.version) == ("miit_industry", "2018", 1)
    assert edition.first_year == 2018
    assert edition.document["tracks"][0]["key"] == "main"
    quota = edition.parameters["quota"]
    assert (quota["minimum"], quota["maximum"], quota["article"]) == (10, 15, "5")
    assert set(edition.definitions) == {"application", "recommendation", "round", "objection"}
    deployed = session.get_one(Definition, edition.definitions["round"])
    assert (deployed.process_id, deployed.edition_id) == ("round", edition.id)


def test_the_same_content_is_the_same_edition(
    session: Session, root: Path, now: datetime, admin: str
) -> None:
    assert publish(session, root, now, admin) is publish(session, root, now, admin)
    assert session.scalar(select(func.count()).select_from(Edition)) == 1
    events = [e for e in history.of_chain(session, history.SYSTEM) if e.type == "edition_published"]
    assert [(e.actor_id, e.data["name"], e.data["version"]) for e in events] == [(admin, NAME, 1)]


def test_only_an_administrator_publishes(session: Session, root: Path, now: datetime) -> None:
    with pytest.raises(AdminNeeded):
        publish(session, root, now, "somebody")


def test_a_change_gives_a_new_version_and_leaves_the_old_one(
    session: Session, root: Path, now: datetime
) -> None:
    first = publish(session, root, now)
    spoil(root, EDITION, "minimum: 10\n", "minimum: 12\n")
    second = publish(session, root, now)
    assert (first.version, second.version) == (1, 2)
    assert first.parameters["quota"]["minimum"] == 10
    assert second.parameters["quota"]["minimum"] == 12
    assert first.definitions["round"] != second.definitions["round"]
    assert editions.latest(session, "miit_industry") is second
    assert editions.latest(session, "miit_industry", "2018") is second
    assert editions.listed(session).rows == [second, first]
    assert editions.newest(session) == [second]


@contextmanager
def publishing_meanwhile(url: str, root: Path, now: datetime) -> Iterator[Callable[[], str]]:
    """Publishes the shipped edition; meanwhile somebody publishes `root`. Gives what that one gets."""
    database = Database(url)

    def other() -> str:
        with database.write() as session:
            return publish(session, root, now).id

    with ThreadPoolExecutor(1) as thread:
        with database.write() as session:
            publish(session, ROOT, now)
            other_one = thread.submit(other)
            until_blocked(session)
        yield other_one.result
    database.dispose()


def published(url: str) -> list[tuple[int, str]]:
    """Version and id of every edition, as rows and as events tell alike."""
    database = Database(url)
    with database.read() as session:
        rows = [(edition.version, edition.id) for edition in reversed(editions.listed(session).rows)]
        events = [e for e in history.of_chain(session, history.SYSTEM) if e.type == "edition_published"]
        assert [(event.data["version"], event.data["edition"]) for event in events] == rows
        assert set(session.scalars(select(Definition.edition_id))) == {identity for _, identity in rows}
    database.dispose()
    return rows


def test_who_publishes_the_same_at_the_same_moment_gets_it(
    postgresql_url: str, root: Path, now: datetime
) -> None:
    shipped = EditionFolder.read(ROOT, NAME).digest
    with publishing_meanwhile(postgresql_url, root, now) as result:
        assert result() == shipped
    assert published(postgresql_url) == [(1, shipped)]


def test_who_publishes_another_content_at_the_same_moment_makes_the_next_version(
    postgresql_url: str, root: Path, now: datetime
) -> None:
    spoil(root, EDITION, "    minimum: 10\n", "    minimum: 9\n")
    with publishing_meanwhile(postgresql_url, root, now) as result:
        other = result()
    assert published(postgresql_url) == [(1, EditionFolder.read(ROOT, NAME).digest), (2, other)]


def test_a_shared_process_is_pinned_by_the_hash(root: Path) -> None:
    before = EditionFolder.read(root, NAME).digest
    with (root / "processes/shared/public_notice.bpmn").open("ab") as file:
        file.write(b"\n")
    assert EditionFolder.read(root, NAME).digest != before


def test_articles_are_quoted_word_for_word(session: Session, root: Path, now: datetime) -> None:
    edition = publish(session, root, now)
    assert editions.article(edition, "11") == (
        "各地工业和信息化主管部门对入选市（州）在政策资金安排等方面，同等条件下优先考虑。"
    )
    assert editions.article(edition, "7(2)") == "（2） 申报材料中的有关数据以各级统计机构公开数据为准。"
    assert editions.article(edition, "6(3)").endswith(
        "本年度技术改造投资占工业投资比重在40%以上，年度增速超过15%。"
    )
    assert editions.article(edition, "7(1)3") == "3． 推荐单位对材料真实性、合规性的声明。"
    assert editions.article(edition, "附件2") == "工业稳增长和转型升级成效明显市（州）推荐表"
    assert "截止日期包含当日" in editions.article(edition, "reading 20")
    with pytest.raises(ArticleMissing, match="没有条文“99”"):
        editions.article(edition, "99")


def test_a_form_is_read_from_the_edition(session: Session, root: Path, now: datetime) -> None:
    edition = publish(session, root, now)
    assert editions.form(edition, "quota").title == "确定遴选数量"
    assert editions.form(edition, "quota") is editions.form(edition, "quota")


def test_what_was_not_published_is_missing(session: Session) -> None:
    with pytest.raises(EditionMissing):
        editions.get(session, "nothing")
    with pytest.raises(EditionMissing, match="miit_industry/1999"):
        editions.latest(session, "miit_industry", "1999")


@pytest.mark.parametrize(
    "name", ["miit_industry/1999", "../etc", "miit_industry", "miit_industry/2018/../2018"]
)
def test_a_folder_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(FolderMissing, match="没有找到办法的文件夹"):
        EditionFolder.read(ROOT, name)


def test_all_faults_of_all_files_are_found_at_once_and_nothing_is_deployed(
    session: Session, root: Path, now: datetime
) -> None:
    spoil(root, EDITION, "office: government", "office: goverment")
    spoil(root, EDITION, "    maximum: 15\n", "    maximum: 15.5\n")
    spoil(root, EDITION, '    article: "13"\n', '    article: "31"\n')
    spoil(root, f"forms/{NAME}/quota.yaml", "kind: integer", "kind: integr")
    (root / f"{OWN}/notes.txt").write_text("随手记", encoding="utf-8")
    (root / f"forms/{NAME}/conditions.yaml").unlink()
    found = "\n".join(faults(root))
    for expected in (
        f"{EDITION}: 没有“goverment”这一类单位。",
        f"{EDITION}: parameters.quota.maximum 的小数 15.5 不能精确保存。",
        f"{EDITION}: 条文“31”不在办法中。",
        f"{EDITION}: 没有找到文件“forms/{NAME}/conditions.yaml”。",
        f"{OWN}/notes.txt: edition.yaml 中没有列出这个文件。",
        f"forms/{NAME}/quota.yaml: ",
    ):
        assert expected in found
    with pytest.raises(EditionRefused, match=f"办法“{NAME}”有 6 处错误，没有部署任何内容。") as refused:
        publish(session, root, now)
    assert len(refused.value.findings) >= 6
    for table in (Edition, Definition):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert history.of_chain(session, history.SYSTEM) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("programme: miit_industry", "programme: MIIT", "“MIIT”不能作为 programme"),
        ("first_year: 2018", "first_year: 十八", "“first_year”应为 2000 至 2999 的整数"),
        ('in_force: "2018-02-07"', 'in_force: "二月七日"', "施行日期“二月七日”不是日期"),
        ('    - number: "2"\n', '    - number: "1"\n', "编号“1”重复"),
        ("level: city}", "level: town}", "没有“town”这一层级"),
        ("  - {key: quota,", "  - {key: opening,", "表单“opening”重复"),
        ("form: letter, article", "form: lettre, article", "表单“lettre”不在 forms 中"),
        ("lanes:", "lane:", "缺少 lanes"),
        ("  tie: reading 3\n", "  tie: reading 30\n", "条文“reading 30”不在办法中"),
        ("  tie: reading 3\n", "  Tie: reading 3\n", "“Tie”不能作为条文记号"),
        ("reading: reading 11", "reading: reading 77", "条文“reading 77”不在办法中"),
        ("duties:", "duty:", "不认识的栏目“duty”"),
        ("points: 1,", "points: 1, levels: [town],", "levels 中没有“town”"),
        ("points: 1,", "points: 1, tracks: [b],", "tracks 中没有“b”"),
        ('division: "000000"', "division: 中国", "division 应为六位行政区划代码"),
        ("recommending: province", "recommending: town", "没有“town”这一级行政区"),
        ("    recommending: province\n", "", "缺少 recommending"),
        ("mean: plain", "mean: median", "没有“median”这种平均"),
        ("    roles: [expert, bureau]\n", "", "缺少 roles"),
        ("roles: [expert, bureau]", "roles: [expert, alternate]", "roles 中没有“alternate”"),
        ("mean: plain", "mean: plain\n    decimals: 9", "“decimals”应为 0 至 4 的整数"),
        ("mean: plain", "mean: trimmed\n    trim: 3", "各去掉 3 份，评分至少 5 份时就没有剩下的了"),
        (
            "duties:",
            'selection: {caps: [{group: colour, maximum: 1, article: "5"}]}\nduties:',
            "没有“colour”这种分组",
        ),
        ("duties:", 'selection: {caps: [{group: tag, article: "5"}]}\nduties:', "缺少“maximum”"),
        (
            "duties:",
            'selection: {floors: [{group: tag, minimum: 1, article: "5"}]}\nduties:',
            "缺少“values”",
        ),
        (
            "duties:",
            'selection: {caps: [{group: tag, maximum: 1, article: "50"}]}\nduties:',
            "条文“50”不在办法中",
        ),
        (
            "duties:",
            'selection: {no_repeat: [{tracks: [main], against: city, group: city, article: "5"}]}\nduties:',
            "tracks 中没有“city”",
        ),
        (
            "duties:",
            'selection: {no_repeat: [{tracks: [main], against: main, group: city, article: "5"}]}\nduties:',
            "“main”的名单要等它自己先确定",
        ),
        (
            "duties:",
            'selection: {no_repeat: [{against: main, group: region, article: "5"}]}\nduties:',
            "没有“region”这种分组",
        ),
        ("title: 工业", "title: &a 工业", "不能使用锚点"),
        ("parameters:", "parameters: [", "不是正确的 YAML"),
    ],
)
def test_each_fault_of_edition_yaml_is_named(root: Path, old: str, new: str, expected: str) -> None:
    spoil(root, EDITION, old, new)
    findings = EditionFolder.read(root, NAME).document_findings
    assert expected in "\n".join(finding.message for finding in findings)


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (EDITION, "programme: miit_industry", "programme: miit", "与文件夹“miit_industry/2018”不同"),
        (EDITION, "  round: round\n", "  round: rounds\n", "所写的流程“rounds”不在流程文件中"),
        (
            EDITION,
            "processes/shared/objection",
            "../shared/objection",
            "“../shared/objection.bpmn”的路径不对",
        ),
        (
            EDITION,
            "shared/objection.bpmn",
            "shared/gone.bpmn",
            "没有找到共用文件“processes/shared/gone.bpmn”",
        ),
        (EDITION, "  tie: reading 3\n", "", "的条文记号“tie”没有对应的条文"),
        (
            "processes/shared/objection.bpmn",
            'value="sanction"',
            'value="13"',
            "（processes/shared/objection.bpmn）的条文记号“13”没有对应的条文",
        ),
        (EDITION, "forms/shared/letter.yaml", "forms/letter.yaml", "共用文件“forms/letter.yaml”的路径不对"),
        (EDITION, "forms/shared/letter", "forms/shared/gone", "没有找到共用文件“forms/shared/gone.yaml”"),
        (f"{OWN}/eligibility.dmn", "</definitions>", "", f"{OWN}/eligibility.dmn: "),
        (f"forms/{NAME}/report.yaml", "step: [fill_in,", "step: [fillin,", "写明在任务“fillin”中填写"),
        (f"forms/{NAME}/report.yaml", "article: 附件1", "article: 附件9", "条文“附件9”不在办法中"),
        (f"forms/{NAME}/quota.yaml", "quota.minimum", "quota.least", "parameters.quota.least"),
    ],
)
def test_each_fault_between_files_is_named(root: Path, path: str, old: str, new: str, expected: str) -> None:
    spoil(root, path, old, new)
    assert expected in "\n".join(faults(root))


def test_no_check_reads_a_form_that_the_readers_of_its_own_may_not_read(root: Path) -> None:
    report, other = f"forms/{NAME}/report.yaml", f"forms/{NAME}/recommendation.yaml"
    spoil(root, other, "\nsections:", "\ninternal: true\nsections:")
    assert set(faults(root)) == {f"{report}: 核对用到了只给主办部门和审计员看的表单“recommendation”。"}
    spoil(root, report, "\nsections:", "\ninternal: true\nsections:")
    assert faults(root) == []


def test_no_check_reads_what_one_person_alone_fills_in(root: Path) -> None:
    check = """checks:
  - key: peep
    form: score_sheet
    at: /quota
    expression: number(quota) != len(other.scores)
    message: 与评分表相同。
"""
    with (root / f"forms/{NAME}/quota.yaml").open("a", encoding="utf-8") as file:
        file.write(check)
    assert f"forms/{NAME}/quota.yaml: 核对用到了由各人分别填写、互不公开的表单“score_sheet”。" in faults(root)


def test_a_file_of_another_encoding_is_named_and_nothing_else_is_judged(root: Path) -> None:
    file = root / f"forms/{NAME}/quota.yaml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))
    assert faults(root) == [f"forms/{NAME}/quota.yaml: 文件不是 UTF-8 编码。"]


def test_a_form_that_no_user_task_uses_is_only_warned_of(root: Path) -> None:
    shutil.copy(root / f"forms/{NAME}/quota.yaml", root / f"forms/{NAME}/spare.yaml")
    spoil(root, EDITION, "  - {key: quota,", '  - {key: spare, article: "5"}\n  - {key: quota,')
    findings = editions.check(EditionFolder.read(root, NAME), Known())
    warned = [finding.message for finding in findings if finding.file.endswith("spare.yaml")]
    assert warned == ["没有任务使用这份表单。"]
    assert faults(root) == []


def test_a_mark_that_no_shared_file_carries_is_only_warned_of(root: Path) -> None:
    spoil(root, EDITION, "  tie: reading 3\n", '  tie: reading 3\n  spare: "5"\n')
    findings = editions.check(EditionFolder.read(root, NAME), Known())
    assert "没有共用文件使用条文记号“spare”。" in [finding.message for finding in findings]
    assert faults(root) == []


def test_what_a_shared_file_says_of_articles_is_read_as_the_edition_numbers_them(
    session: Session, root: Path, now: datetime
) -> None:
    spoil(root, EDITION, '  sanction: "13"\n', '  sanction: "14"\n')
    edition = publish(session, root, now)
    assert editions.form(edition, "sanction").article == "14"
    assert editions.form(edition, "quota").article == "5"
    assert editions.article(edition, "sanction") == editions.article(edition, "14")


def test_nothing_is_read_from_outside_by_links_or_shared_paths(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.bpmn"
    secret.write_text("秘密", encoding="utf-8")
    (root / OWN / "linked.bpmn").symlink_to(secret)
    spoil(root, EDITION, "processes/shared/objection.bpmn", "processes/shared/../../../secret.bpmn")
    files = EditionFolder.read(root, NAME).files
    assert not any("secret" in path or "linked" in path for path in files)
    assert "秘密".encode() not in files.values()
