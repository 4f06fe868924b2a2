"""XML: what is dangerous is refused before anything reads it."""

import time

import pytest

from service.engine import xml
from service.engine.xml import XmlRefused

BODY = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><a>{}</a></definitions>'


def bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE d [<!ENTITY a0 "lol">{entities}]>' + BODY.format(f"&a{levels - 1};")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(9), "DOCTYPE"),
        ('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.format("&x;"), "DOCTYPE"),
        ('<!DOCTYPE d SYSTEM "http://example.org/evil.dtd">' + BODY.format(""), "DOCTYPE"),
        (f'<!DOCTYPE d [<!ENTITY a "{"A" * 1000}">]>' + BODY.format("&a;" * 1000), "DOCTYPE"),
        (BODY.format("&x;"), "不是正确的 XML"),
        (BODY.format("<b/>" * 20_001), "超过 20,000 个"),
        (BODY.format("x" * 2_000_001), "超过上限"),
        (BODY.format("<b>" * 5_000 + "</b>" * 5_000), "不是正确的 XML"),
        ("", "不是正确的 XML"),
        ("<a><b></a>", "不是正确的 XML"),
    ],
)
def test_dangerous_xml_is_refused_at_once(content: str, reason: str) -> None:
    began = time.process_time()
    with pytest.raises(XmlRefused, match=reason):
        xml.parse(content.encode(), "evil.bpmn")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_xml_is_utf_8(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' + BODY.format("流程")
    with pytest.raises(XmlRefused, match="UTF-8"):
        xml.parse(declared.encode(encoding), "other.bpmn")


def test_a_wrong_declaration_cannot_smuggle_another_encoding_in() -> None:
    hidden = "+ADwAIQ-DOCTYPE d+AD4-"  # <!DOCTYPE d> in UTF-7
    content = f'<?xml version="1.0" encoding="utf-7"?>{BODY.format(hidden)}'
    assert xml.parse(content.encode(), "utf7.bpmn")[0].text == hidden


def test_a_byte_order_mark_is_allowed() -> None:
    assert xml.parse(b"\xef\xbb\xbf" + BODY.format("").encode(), "bom.bpmn") is not None
