"""XML from outside: capped, UTF-8, without a document type, entities or the network."""

from typing import ClassVar

from lxml import etree

from service.engine.errors import EngineError

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 20_000


class XmlRefused(EngineError):
    """文件 {file} 不能读取：{reason}"""

    fields: ClassVar[tuple[str, ...]] = ("file", "reason")
    file: str
    reason: str


def parse(content: bytes, file: str) -> etree._Element:
    """The root element, without comments and processing instructions. XmlRefused says why not."""
    if len(content) > MAX_BYTES:
        raise XmlRefused(file, f"它有 {len(content):,} 字节，超过上限 {MAX_BYTES:,} 字节。请拆成几个文件。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise XmlRefused(file, "它不是 UTF-8 编码。请用 UTF-8 重新保存。") from error
    # Judged on the text, before a parser sees it: entities exist only inside a document type.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise XmlRefused(file, "它含有 DOCTYPE 或 ENTITY 声明，这可能被用来攻击系统。请删去这一声明。")
    if text.count("<") - text.count("</") > MAX_ELEMENTS:
        raise XmlRefused(file, f"它的元素超过 {MAX_ELEMENTS:,} 个。请拆成几个文件。")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise XmlRefused(
            file, f"第 {line} 行不是正确的 XML（{error.msg}）。请用建模工具重新保存。"
        ) from error
