"""Everything that is wrong with an edition's folder, at once: in each file, and between them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from service.domain import forms, tracks
from service.domain.editions.documents import RULE, Document
from service.domain.editions.folders import SHARED, EditionFolder
from service.domain.forms import Definition
from service.engine import definitions
from service.engine.documents import Document as Drawing
from service.engine.documents import Node
from service.engine.lint.findings import Finding
from service.engine.packages import Known
from service.engine.services import Services
from service.engine.xml import XmlRefused

MAXIMUM_BYTES = 5 * 1024 * 1024


def known(services: Services) -> Known:
    """The names that the registry gives to BPMN files."""
    return Known(
        functions=set(services.functions), services=set(services.services), effects=set(services.effects)
    )


def check(folder: EditionFolder, known: Known) -> list[Finding]:
    """Every finding of every file, in the order of the files."""
    findings = [*_files(folder), *folder.document_findings]
    document = folder.document
    if not any(finding.rule == "encoding" for finding in findings):
        cited = {*document.articles, *document.shared_articles, *_shared_marks(folder)}
        names = replace(known, forms={*document.forms, *_parts(document)}, articles=cited)
        drawn = definitions.check(folder.package, names)
        findings += drawn
        parsed = {key: _form(folder, key, findings) for key in document.forms}
        if not any(finding.severity == "error" for finding in drawn):
            findings += _between(folder, {key: form for key, form in parsed.items() if form})
    return sorted(set(findings))


def _files(folder: EditionFolder) -> Iterator[Finding]:
    """Files that are missing, not listed, too large, or no text."""
    document = folder.document
    if folder.name != f"{document.programme}/{document.key}":
        yield _finding(
            folder.main,
            f"programme 和 edition 是“{document.programme}/{document.key}”，与文件夹“{folder.name}”不同。",
            "请改为一致。",
        )
    for path in document.shared:
        if not SHARED.fullmatch(path):
            mend = "请写 processes/shared/ 或 forms/shared/ 下的文件。"
            yield _finding(folder.main, f"共用文件“{path}”的路径不对。", mend)
        elif path not in folder.files:
            yield _finding(folder.main, f"没有找到共用文件“{path}”。", "请放入该文件，或从 shared 中删去。")
    own = f"processes/{folder.name}/"
    listed = {folder.main, *document.shared, *(folder.form_path(key) for key in document.forms)}
    listed |= {own + name for name in document.attached}
    for path in sorted(listed - folder.files.keys()):
        if path not in document.shared:
            yield _finding(folder.main, f"没有找到文件“{path}”。", "请放入该文件，或从 edition.yaml 中删去。")
    for path, content in folder.files.items():
        is_process = path.startswith(own) and path.endswith((".bpmn", ".dmn"))
        if path not in listed and not is_process:
            yield _finding(
                path, "edition.yaml 中没有列出这个文件。", "请在 edition.yaml 中列出，或删去文件。"
            )
        if len(content) > MAXIMUM_BYTES:
            yield _finding(path, "文件超过 5 MB。", "请精简。")
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            yield _finding(path, "文件不是 UTF-8 编码。", "请另存为 UTF-8。", rule="encoding")


def _form(folder: EditionFolder, key: str, findings: list[Finding]) -> Definition | None:
    path = folder.form_path(key)
    if path not in folder.files:
        return None
    text = folder.files[path].decode("utf-8-sig")
    marks = folder.document.shared_articles
    if found := forms.check(text, key=key, file=path, marks=marks):
        findings += found
        return None
    return forms.parse(text, key=key, file=path, marks=marks)


def _between(folder: EditionFolder, parsed: dict[str, Definition]) -> Iterator[Finding]:
    """What can be seen only across files: processes that are named, steps of forms, articles, parameters."""
    document = folder.document
    drawings = [Drawing(path, content) for path, content in folder.package.bpmn.items()]
    nodes = [
        node
        for drawing in drawings
        for process in drawing.processes
        for scope in process.within()
        for node in scope.nodes
    ]
    processes = {process.id for drawing in drawings for process in drawing.processes}
    yield from _marks(folder)
    for kind, process in document.processes.items():
        if process not in processes:
            yield _finding(
                folder.main,
                f"processes.{kind} 所写的流程“{process}”不在流程文件中。",
                f"现有流程：{'、'.join(sorted(processes))}。",
            )
    yield from _of_articles(folder)
    yield from _roles(folder)
    elements = {node.id: _asked(document, node) for node in nodes if node.type == "userTask"}
    alone = set().union(*(elements.get(node.id, ()) for node in nodes if "assignee" in node.properties))
    for key, form in parsed.items():
        path = folder.form_path(key)
        for section in form.sections:
            for step in sorted(section.steps or ()):
                if key not in elements.get(step, ()):
                    yield _finding(
                        path,
                        f"“{section.title}”写明在任务“{step}”中填写，但没有这个任务，或它不用这份表单。",
                        "请改正 step，或在流程图中为该任务加上这份表单。",
                    )
        try:
            lists: dict[str, list[tuple[str, str]]] = {source: [] for source in form.sources}
            forms.compile(form, year=document.first_year, rows=lists, parameters=document.parameters)
        except forms.FormError as error:
            yield _finding(path, str(error), "请改正参数的名称，或在 edition.yaml 的 parameters 中加上它。")
        for other in sorted(form.compared):
            if other in parsed:
                yield from forms.check_against(form, parsed[other], path)
                yield from _read_by_all(form, parsed[other], path, alone=other in alone)
            else:
                message = f"核对所用的表单“{other}”不在 edition.yaml 的 forms 中。"
                yield _finding(path, message, "请改正 checks 里的 form，或在 edition.yaml 中列出它。")
        if not any(key in keys for keys in elements.values()):
            yield replace(
                _finding(path, "没有任务使用这份表单。", "请在流程图中使用它，或从 forms 中删去。"),
                severity="warning",
            )


def _read_by_all(form: Definition, other: Definition, path: str, *, alone: bool) -> Iterator[Finding]:
    """Whoever reads what a check of this form says must be one who may read the other form."""
    if alone:
        message = f"核对用到了由各人分别填写、互不公开的表单“{other.key}”。"
        yield _finding(path, message, "请删去这项核对，否则填写的内容会从提示中读到。")
    elif other.internal and not form.internal:
        message = f"核对用到了只给主办部门和审计员看的表单“{other.key}”。"
        yield _finding(path, message, "请删去这项核对，或者在这份表单上也写 internal: true。")


def _parts(document: Document) -> set[str]:
    """What a drawing may name in place of a form, because the tracks differ."""
    return {part for track in document.tracks for part in tracks.parts(document.parameters, track)}


def _asked(document: Document, node: Node) -> set[str]:
    """The forms that a user task asks for, in whichever track."""
    return {
        key
        for track in document.tracks
        for key in tracks.form_keys(document.parameters, track, node.form_keys)
    }


def _roles(folder: EditionFolder) -> Iterator[Finding]:
    """`parameters.forms`: every track says of every part which of the edition's forms it is, or null."""
    document, every = folder.document, _parts(folder.document)
    for track in document.tracks:
        told = tracks.parts(document.parameters, track)
        for part in sorted(every - set(document.forms) - told.keys()):
            message = f"parameters.forms 没有写明“{part}”在 {track} 中是哪一份表单。"
            yield _finding(folder.main, message, f"请在 forms.tracks.{track} 下写明；不填表的写 null。")
        for part, key in told.items():
            if key is not None and key not in document.forms:
                message = f"parameters.forms 中“{part}”所写的表单“{key}”不在 forms 中。"
                yield _finding(folder.main, message, "请在 forms 中列出，或改正名称。")


def _shared_marks(folder: EditionFolder) -> dict[str, set[str]]:
    """What the shared files that can be read say of articles: mark → their paths."""
    found: dict[str, set[str]] = {}
    for path in folder.document.shared:
        if not SHARED.fullmatch(path) or path not in folder.files:
            continue
        marks = set()
        if path.endswith(".bpmn"):
            with suppress(XmlRefused):
                nodes = Drawing(path, folder.files[path]).nodes
                marks = {node.properties["article"] for node in nodes if "article" in node.properties}
        elif path.endswith(".yaml") and not forms.check(text := _text(folder, path), key=_key(path)):
            marks = set(forms.parse(text, key=_key(path)).articles)
        for mark in marks:
            found.setdefault(mark, set()).add(path)
    return found


def _marks(folder: EditionFolder) -> Iterator[Finding]:
    """Every mark of a shared file stands for an article here, and none is a number of one document."""
    used, given = _shared_marks(folder), folder.document.shared_articles
    for mark in sorted(used.keys() - given.keys()):
        message = f"共用文件（{'、'.join(sorted(used[mark]))}）的条文记号“{mark}”没有对应的条文。"
        mend = f'请在 shared_articles 中写明，如 {mark}: "9"；共用文件里不写某一办法的条文编号。'
        yield _finding(folder.main, message, mend)
    for mark in sorted(given.keys() - used.keys()):
        message = f"没有共用文件使用条文记号“{mark}”。"
        yield replace(_finding(folder.main, message, "请从 shared_articles 中删去。"), severity="warning")


def _text(folder: EditionFolder, path: str) -> str:
    return folder.files[path].decode("utf-8-sig")


def _key(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def _of_articles(folder: EditionFolder) -> Iterator[Finding]:
    """Articles that nothing carries out, and marks that name none, unless that is told already."""
    told = {*folder.document.shared, *(folder.main for _ in folder.document_findings)}
    for finding in folder.account.findings:
        if finding.rule != "article-unknown" or finding.file not in told:
            yield finding


def _finding(file: str, message: str, mend: str, *, rule: str = RULE) -> Finding:
    return Finding(file=file, element="", rule=rule, name="", message=message, mend=mend)
