"""edition.yaml: what it says, and every fault of it with its line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from service.domain import offices
from service.domain.articles.passages import passages
from service.domain.citations import Marks
from service.domain.divisions import LEVELS
from service.domain.editions import selections
from service.domain.editions.citing import cite
from service.domain.forms.nodes import Findings, Node
from service.domain.forms.nodes import read as read_yaml
from service.domain.scoring import Mean, Measure, Standard, Ties
from service.engine.lint.findings import Finding

RULE = "edition"
APPLICANT = "applicant"
SILENT = "silent"
"""The article of a parameter on which the document says nothing."""
KEYS = frozenset(
    {
        "document",
        "duties",
        "edition",
        "first_year",
        "forms",
        "incentives",
        "lanes",
        "materials",
        "not_executable",
        "parameters",
        "processes",
        "programme",
        "readings",
        "sanctions",
        "selection",
        "shared",
        "shared_articles",
        "title",
        "tracks",
    }
)
PROGRAMME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class EditionFindings(Findings):
    """The faults of one edition.yaml."""

    def add(self, place: str, message: str, mend: str, *, rule: str = RULE) -> None:
        super().add(place, message, mend, rule=rule)


SEATED = ("expert", "bureau")
"""Who may have to sit in a committee: its roles but for alternates, who do not count."""


@dataclass(frozen=True)
class Document:
    """What the rest of the project needs of edition.yaml; `content` is all of it, as JSON."""

    programme: str = ""
    key: str = ""
    title: str = ""
    first_year: int = 0
    articles: Mapping[str, str] = field(default_factory=dict)
    """Number → verbatim text: `6`, `7(1)`, `附件1`, `reading 2`."""
    processes: Mapping[str, str] = field(default_factory=dict)
    """Kind of instance → id of its process."""
    shared: tuple[str, ...] = ()
    """Files that other editions use too."""
    shared_articles: Marks = field(default_factory=dict)
    """What the marks of those files stand for here."""
    forms: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    lanes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    """Further files of the folder that edition.yaml names."""
    content: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, file: str) -> tuple[Document, list[Finding]]:
    """The document, as far as it can be read, and everything that is wrong with it."""
    findings = EditionFindings(file)
    node = read_yaml(text, findings)
    if node is None:
        return Document(), findings.all
    content = _plain(node, dict(node.items()))
    articles = _articles(node)
    forms = _forms(node)
    document = Document(
        programme=node.text("programme"),
        key=node.text("edition"),
        title=node.text("title"),
        first_year=node.count("first_year", 0, low=2000, high=2999),
        articles=articles,
        processes=_names(node, "processes"),
        shared=node.texts("shared"),
        shared_articles=_marks(node, articles),
        forms=forms,
        tracks=tuple(_keys(content, "tracks")),
        lanes=_lanes(node),
        parameters=content["parameters"] if isinstance(content.get("parameters"), dict) else {},
        attached=_attached(node),
        content=content,
    )
    _parameters(node, articles)
    selections.check(node, articles)
    for name in content.keys() - KEYS:
        node.fault(f"不认识的栏目“{name}”。", f"请检查拼写；此处可用：{'、'.join(sorted(KEYS))}。")
    if not PROGRAMME.fullmatch(document.programme):
        node.fault(f"“{document.programme}”不能作为 programme。", "请用小写字母、数字和下划线，以字母开头。")
    if not document.first_year:
        node.fault("缺少 first_year，或它不是年份。", "请写明从哪一年度起适用，如 first_year: 2018。")
    _listed(node, "tracks", ("key", "title"), least=1)
    _listed(node, "materials", ("title", "form", "article"), articles=articles, forms=forms)
    for name in ("incentives", "duties", "sanctions"):
        _listed(node, name, ("article",), articles=articles)
    _listed(node, "not_executable", ("article", "extent", "reason"), articles=articles)
    _incentives(node, articles)
    return document, findings.all


def _articles(node: Node) -> dict[str, str]:
    """Every article that may be referred to, with its text: items, annexes and readings too."""
    found: dict[str, str] = {}
    document = node.mapping("document")
    if document is None:
        node.fault("缺少 document。", "请写明办法的名称、发布机关、施行日期和各条原文。")
        return found
    for name in ("title", "issuer"):
        document.text(name)
    document.optional_text("number")
    in_force = document.text("in_force")
    if in_force and not _is_date(in_force):
        document.fault(f"施行日期“{in_force}”不是日期。", '请写作 in_force: "2018-02-07"。')
    for article in document.nodes("articles", least=1):
        number, text = article.text("number", limit=20), article.text("text", limit=20_000)
        _add(found, article, number, text)
        found |= passages(number, text)
        article.close()
    for annex in document.nodes("annexes"):
        _add(found, annex, annex.text("number", limit=20), annex.text("title"))
        annex.optional_text("form")
        annex.close()
    if document.has("in_force_article"):
        cite(document, found, "in_force_article")
    document.raw("file")
    document.close()
    for reading in node.nodes("readings"):
        number = reading.text("number", limit=10)
        _add(found, reading, f"reading {number}", reading.text("text", limit=5_000))
        reading.close()
    return found


def _add(found: dict[str, str], node: Node, number: str, text: str) -> None:
    if number in found:
        node.fault(f"编号“{number}”重复。", "请检查编号，每条只列一次。")
    found[number] = text


def _marks(node: Node, articles: Mapping[str, str]) -> dict[str, str | None]:
    """The article behind every mark: None where the edition has no such step."""
    mapping = node.mapping("shared_articles")
    if mapping is None:
        return {}
    given = dict(mapping.items())
    for mark in given:
        if not PROGRAMME.fullmatch(mark):
            mapping.fault(f"“{mark}”不能作为条文记号。", "请用小写字母、数字和下划线，以字母开头。")
    return {mark: None if given[mark] is None else cite(mapping, articles, mark) for mark in given}


def _forms(node: Node) -> tuple[str, ...]:
    keys: list[str] = []
    for form in node.nodes("forms"):
        key = form.key()
        if key in keys:
            form.fault(f"表单“{key}”重复。", "请删去其中一行。")
        form.text("article", limit=20)
        form.close()
        keys.append(key)
    return tuple(keys)


def _keys(content: Mapping[str, Any], name: str) -> Iterator[str]:
    """The keys of a list, as far as it is one."""
    listed = content.get(name)
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            yield item["key"]


def _names(node: Node, name: str) -> dict[str, str]:
    mapping = node.mapping(name)
    if mapping is None:
        node.fault(f"缺少 {name}。", f"请写明 {name}: 种类: 流程编号。")
        return {}
    return {key: mapping.text(key) for key, _ in list(mapping.items())}


def _lanes(node: Node) -> dict[str, dict[str, str]]:
    lanes: dict[str, dict[str, str]] = {}
    mapping = node.mapping("lanes")
    if mapping is None:
        node.fault("缺少 lanes。", "请为每个泳道写明由哪一类单位（office）、哪一级（level）办理。")
        return lanes
    levels = (APPLICANT, *LEVELS)
    for lane, value in list(mapping.items()):
        if value == {}:
            lanes[lane] = {}  # Given person by person, by the elements' `assignee`.
            continue
        inner = mapping.mapping(lane)
        if inner is None:
            continue
        office, level = inner.text("office"), inner.text("level")
        if office and office not in offices.kinds():
            inner.fault(f"没有“{office}”这一类单位。", f"office 可以是：{'、'.join(offices.kinds())}。")
        if level and level not in levels:
            inner.fault(f"没有“{level}”这一层级。", f"level 可以是：{'、'.join(levels)}。")
        inner.close()
        lanes[lane] = {"office": office, "level": level}
    return lanes


def _parameters(node: Node, articles: Iterable[str]) -> None:
    mapping = node.mapping("parameters")
    if mapping is None:
        node.fault("缺少 parameters。", "请列出参数，每项注明依据的条文（article）。")
        return
    for name, _ in list(mapping.items()):
        inner = mapping.mapping(name)
        if inner is None:
            mapping.fault(f"参数“{name}”应为一组“名称: 值”。", "请把值写在它的下面，并注明 article。")
            continue
        cite(inner, {*articles, SILENT})
        if inner.has("reading"):
            cite(inner, articles, "reading")
    _organiser(mapping)
    _committee(mapping)
    _scoring(mapping)
    _points(mapping)


def _organiser(parameters: Node) -> None:
    """Whose rounds they are: a division by its code, and the level of those that recommend, or none."""
    organiser = parameters.mapping("organiser") if parameters.has("organiser") else None
    if organiser is None:
        return
    if not re.fullmatch(r"\d{6}", organiser.text("division"), re.ASCII):
        organiser.fault("division 应为六位行政区划代码。", "全国写 000000；省写它的代码，如山东 370000。")
    if not organiser.has("recommending"):
        organiser.fault("缺少 recommending。", "请写推荐单位的层级；没有推荐单位的写 null。")
    elif (level := organiser.optional_text("recommending", limit=10)) and level not in LEVELS[1:]:
        mend = f"recommending 可以是：{'、'.join(LEVELS[1:])}；没有推荐单位的写 null。"
        organiser.fault(f"没有“{level}”这一级行政区。", mend)


def _committee(parameters: Node) -> None:
    """Who has to sit in it: roles that there are, none where the document is silent; it has to be said."""
    committee = parameters.mapping("committee") if parameters.has("committee") else None
    if committee is None:
        return
    if not committee.has("roles"):
        mend = f"请写委员会应由谁组成，如 roles: [{', '.join(SEATED)}]；办法没有规定的写 []。"
        committee.fault("缺少 roles。", mend)
    for unknown in sorted(set(committee.texts("roles")) - {*SEATED}):
        committee.fault(f"roles 中没有“{unknown}”。", f"可以是：{'、'.join(SEATED)}。")


def _scoring(parameters: Node) -> None:
    """The mean: one that there is, and of which a sheet is left after recusals and trimming."""
    scoring = parameters.mapping("scoring") if parameters.has("scoring") else None
    if scoring is None:
        return
    kind = scoring.text("mean")
    if kind not in set(Mean):
        scoring.fault(f"没有“{kind}”这种平均。", f"mean 可以是：{'、'.join(Mean)}。")
    trim = scoring.count("trim", 1, low=1, high=99)
    scoring.count("decimals", 2, high=4)
    committee = parameters.mapping("committee") if parameters.has("committee") else None
    if kind == Mean.TRIMMED and committee is not None:
        minimum = committee.count("minimum_sheets", 0, high=999)
        if minimum <= 2 * trim:
            scoring.fault(
                f"最高和最低各去掉 {trim} 份，评分至少 {minimum} 份时就没有剩下的了。",
                f"请减小 trim，或把 committee 的 minimum_sheets 改为 {2 * trim + 1} 以上。",
            )


def _points(parameters: Node) -> None:
    """The points of an indicator's ranks: weights, steps and kinds that the scoring knows (浙江第五条)."""
    points = parameters.mapping("points") if parameters.has("points") else None
    if points is None:
        return
    for name, kind in (("measure", Measure), ("standard", Standard), ("ties", Ties)):
        if points.has(name) and (value := points.text(name)) not in set(kind):
            points.fault(f"{name} 不能是“{value}”。", f"可以是：{'、'.join(kind)}。")
    for name in ("completion", "excess", "best", "step"):
        if points.has(name) and not _is_positive(points.raw(name)):
            points.fault(f"{name} 应是大于 0 的数。", '请写整数，或带引号的小数，如 step: "0.5"。')
    points.count("decimals", 2, high=4)
    keys: set[str] = set()
    for item in points.nodes("items"):
        key = item.key()
        item.text("title")
        each, cap = item.raw("each"), item.raw("cap")
        if key in keys:
            item.fault(f"“{key}”重复。", "每项只列一次。")
        keys.add(key)
        if not _is_positive(cap) or (each is not None and not _is_positive(each)):
            item.fault("each 和 cap 应是大于 0 的数。", "each 是每次计几分，cap 是累计不超过几分。")
        item.close()


def _is_positive(value: Any) -> bool:
    try:
        return not isinstance(value, float) and Fraction(value) > 0
    except (TypeError, ValueError, ZeroDivisionError):
        return False


def _listed(
    node: Node,
    name: str,
    needed: tuple[str, ...],
    *,
    least: int = 0,
    articles: Iterable[str] = (),
    forms: tuple[str, ...] = (),
) -> None:
    """A list of mappings with texts that must be there; a `key` tells them apart."""
    seen: set[str] = set()
    for item in node.nodes(name, least=least):
        for each in needed:
            text = cite(item, articles) if each == "article" else item.text(each)
            if each == "key" and text in seen:
                item.fault(f"“{text}”重复。", "请改为不同的编号。")
            if each == "key":
                seen.add(text)
            if each == "form" and text and text not in forms:
                item.fault(f"表单“{text}”不在 forms 中。", "请在 forms 中列出，或改正名称。")
        if item.has("reading"):
            cite(item, articles, "reading")


def _incentives(node: Node, articles: Iterable[str]) -> None:
    """For whom an incentive is meant: tracks that there are, and levels of divisions."""
    tracks = [track.text("key") for track in node.nodes("tracks")]
    for entry in node.nodes("incentives"):
        entry.text("title")
        if entry.has("track"):
            entry.fault("不认识的栏目“track”。", "请写 tracks: [名单]。")
        for name, known in (("tracks", tracks), ("levels", [*LEVELS])):
            for unknown in sorted(set(entry.texts(name)) - {*known}):
                entry.fault(f"{name} 中没有“{unknown}”。", f"可以是：{'、'.join(known)}。")
        for exception in entry.nodes("exceptions"):
            exception.text("division", limit=6)
            exception.text("text")


def _attached(node: Node) -> tuple[str, ...]:
    document = node.raw("document")
    file = document.get("file") if isinstance(document, dict) else None
    return (file,) if isinstance(file, str) else ()


def _plain(node: Node, value: Any, path: str = "") -> Any:
    """YAML's values as JSON's. A number with decimals is refused: floats are not exact."""
    if isinstance(value, dict):
        return {str(key): _plain(node, inner, f"{path}.{key}".strip(".")) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(node, inner, f"{path}[{i}]") for i, inner in enumerate(value)]
    if isinstance(value, float):
        node.fault(f"{path} 的小数 {value} 不能精确保存。", f'请加引号，写作 "{value}"。')
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int) or value is None:
        return value
    return str(value)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
