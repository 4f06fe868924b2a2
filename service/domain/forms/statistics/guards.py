"""What is looked at before a workbook is parsed: its size once unpacked, and what has no place in it."""

import io
import re
import zipfile
import zlib
from itertools import pairwise

from service.domain.forms.statistics.errors import WorkbookRefused

MEBIBYTE = 1024 * 1024
MAXIMUM_BYTES = 5 * MEBIBYTE
MAXIMUM_UNPACKED = 20 * MEBIBYTE
MAXIMUM_PARTS = 200
MAXIMUM_SHEETS = 60
MAXIMUM_ROWS = 2_000
MAXIMUM_COLUMNS = 100
MAXIMUM_CELLS = 60_000

_SAVE_AS = "请用下载的模板填写，并保存为 .xlsx。"
_MAIN = b"spreadsheetml.sheet.main+xml"
_UNWANTED = {
    "vbaproject": "含有宏",
    "vbadata": "含有宏",
    "macrosheets/": "含有宏表",
    "externallinks/": "链接到其他文件",
    "connections.xml": "含有外部数据连接",
    "querytables/": "含有外部数据连接",
    "embeddings/": "内嵌了其他文件",
    "activex/": "含有 ActiveX 控件",
}
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,9})(\d{1,9})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ROW_NUMBER = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*\s)?r\s*=\s*["'](\d{1,9})["']""")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s+ref\s*=\s*["'][A-Z]+\d+:([A-Z]+)(\d+)["']""")


def admit(content: bytes) -> bytes:
    """The workbook as the parser may have it: its XML parts, each of the size that its archive tells.

    Raises WorkbookRefused for what must not come near the parser.
    """
    if len(content) > MAXIMUM_BYTES:
        raise WorkbookRefused(f"文件超过 {MAXIMUM_BYTES // MEBIBYTE} MB，模板填好后不会这样大。{_SAVE_AS}")
    if not content.startswith(b"PK\x03\x04"):
        raise WorkbookRefused(f"它不是 xlsx 文件，或者加了密码。{_SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _admit(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, KeyError):
        raise WorkbookRefused(f"文件已损坏或不完整，无法打开。{_SAVE_AS}") from None


def _admit(archive: zipfile.ZipFile) -> bytes:
    parts = archive.infolist()
    if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
        raise WorkbookRefused(f"文件解压后过大。{_SAVE_AS}")
    for part in parts:
        inside = part.filename.lower().replace("\\", "/")
        if found := next((what for name, what in _UNWANTED.items() if name in inside), None):
            raise WorkbookRefused(f"文件{found}，请去掉后再导入；或者重新下载模板，只粘贴数值。")
        if part.flag_bits & 0x1:
            raise WorkbookRefused(f"文件已加密，请去掉密码。{_SAVE_AS}")
    if len({part.filename for part in parts}) < len(parts):
        raise WorkbookRefused(f"文件内部有重名的部分。{_SAVE_AS}")
    cells = count = 0
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as kept:
        for part in parts:
            if not part.filename.lower().endswith((".xml", ".rels")):
                continue
            text = _read(archive, part)
            kept.writestr(part.filename, text)
            if part.filename == "[Content_Types].xml" and (_MAIN not in text or b"macroEnabled" in text):
                raise WorkbookRefused(f"它不是普通的 xlsx 工作簿。{_SAVE_AS}")
            if b"sheetData" in text:
                count += 1
                cells += _measured(text)
    if count > MAXIMUM_SHEETS or cells > MAXIMUM_CELLS:
        raise WorkbookRefused(f"工作表或单元格过多（最多 {MAXIMUM_CELLS} 格）。{_SAVE_AS}")
    return copy.getvalue()


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, no further than the size told of it. That may be a lie, so it is also what the parser gets."""
    with archive.open(part) as opened:
        text = opened.read(part.file_size + 1)
    if b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise WorkbookRefused(f"文件内部的写法不安全。{_SAVE_AS}")
    return text


def _measured(sheet: bytes) -> int:
    """How many cells a sheet has; WorkbookRefused where it reaches too far."""
    rows, columns = len(_ROW.findall(sheet)), 0
    numbers = [int(number) for number in _ROW_NUMBER.findall(sheet)]
    if any(below <= above for above, below in pairwise(numbers)):
        raise WorkbookRefused(f"有工作表的行次序混乱，无法读取。{_SAVE_AS}")
    for letters, number in _REFERENCE.findall(sheet) + _DIMENSION.findall(sheet):
        rows = max(rows, int(number))
        columns = max(columns, _column(letters.upper()))
    if rows > MAXIMUM_ROWS or columns > MAXIMUM_COLUMNS:
        raise WorkbookRefused(
            f"有工作表用到了第 {rows} 行、第 {columns} 列（最多 {MAXIMUM_ROWS} 行、{MAXIMUM_COLUMNS} 列），"
            "请删去表格以外的空行空列及其格式；或者重新下载模板，只粘贴数值。"
        )
    return len(_CELL.findall(sheet))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
