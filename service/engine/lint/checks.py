"""All files of a package read and judged, with every finding at once."""

from service.engine import xml
from service.engine.decisions import DMN, read
from service.engine.documents import BPMN, Document
from service.engine.lint.findings import Finding
from service.engine.lint.rules import Files, Table, findings
from service.engine.packages import Known, Package
from service.engine.xml import XmlRefused

XML = "xml"
"""The id under which a file that cannot be read is reported."""

ENGINE = "engine"
"""The id under which the engine's own parser reports what no rule saw."""


def check(package: Package, known: Known) -> list[Finding]:
    """Every finding over all files that can be read, and one for each that cannot; by file and element."""
    found: list[Finding] = []
    documents: list[Document] = []
    tables: list[Table] = []
    for name, content in package.bpmn.items():
        try:
            document = Document(name, content)
        except XmlRefused as error:
            found.append(_unreadable(name, error.reason))
            continue
        if document.processes:
            documents.append(document)
        else:
            reason = (
                "它里面没有流程。" if document.root.tag == f"{BPMN}definitions" else "它不是 BPMN 2.0 文件。"
            )
            found.append(_unreadable(name, reason))
    for name, content in package.dmn.items():
        try:
            decisions = read(xml.parse(content, name))
        except XmlRefused as error:
            found.append(_unreadable(name, error.reason))
            continue
        tables += [Table(name, decision) for decision in decisions]
        if not decisions:
            found.append(_unreadable(name, f"它里面没有 DMN 1.3 的决策（{DMN.strip('{}')}）。"))
    found += findings(Files(documents, tables, package, known))
    return sorted(set(found))


def _unreadable(file: str, reason: str) -> Finding:
    mend = "请在 BPMN 或 DMN 建模工具里打开它，确认内容后重新保存。"
    return Finding(file=file, element="", rule=XML, name="", message=f"文件不能使用：{reason}", mend=mend)
