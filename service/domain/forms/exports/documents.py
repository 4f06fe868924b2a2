"""A form as a Word document as its annex is laid out: cover, tables, chapters, opinions with their seals."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from service.domain.forms.cells import Cell
from service.domain.forms.definitions import COVER
from service.domain.forms.exports import columns, rich_text
from service.domain.forms.exports.papers import Paper, qr_png, writable
from service.domain.forms.exports.rich_text import Run
from service.domain.forms.kinds.choices import Choice, YesNo
from service.domain.forms.kinds.dates import Date
from service.domain.forms.kinds.files import Files
from service.domain.forms.kinds.grids import Grid
from service.domain.forms.kinds.row_tables import RepeatedTable
from service.domain.forms.kinds.texts import Text
from service.domain.forms.present import Block, ShownSection, present

_OPINION = "意见"
"""A section whose title ends so, and that is dated, is a box to be signed and sealed."""
_SEAL = "（盖章）"
_BOOK = "书"
"""A form whose title ends so is read chapter by chapter; others with a cover are 表."""
# The typefaces of official documents (GB/T 9704), by name: who prints has them, or Word takes the nearest.
TITLE, HEADING, SUBHEADING, BODY = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
_LATIN = "Times New Roman"
_MANY_COLUMNS = 6
_FEW_OPTIONS = 4
_LEFT, _CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def document(paper: Paper) -> bytes:
    """The form as docx."""
    written = io.BytesIO()
    _Writer(paper).write().save(written)
    return written.getvalue()


_PAGE = 156
"""Millimetres between the margins."""
_SEALED = 55
"""Millimetres that a box has at least, so that a seal of 42 finds room in it."""
_GAP = 12
"""Points between two tables."""
_COVER_LINE = 24
"""Characters that a line of a cover holds."""
_MARGIN, _NARROW_MARGIN = 1.9, 1.0
"""Millimetres left and right of the text of a cell; the narrow one in tables of many columns."""


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.word: Document = docx.Document()
        self.sections = [self._as_printed(section) for section in present(paper.compiled, paper.content)]
        covered = any(section.title == COVER for section in self.sections)
        self.boxed = covered and not paper.compiled.title.endswith(_BOOK)
        """A 表 has its texts in boxes; a 书 has them as chapters."""

    def write(self) -> Document:
        self._set_page()
        self._write_margins()
        if self._is_annex():
            self._paragraph(self.paper.compiled.definition.article or "", HEADING, 16)
        lines = columns.title_lines(self.paper.compiled.title)
        title = self._paragraph("\n".join(lines), TITLE, 22, _CENTRE)
        title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(22)
        for section in self.sections:
            if section.title == COVER:
                self._write_cover(section)
            else:
                self._write_section(section)
        last = self.word.paragraphs[-1]
        if not last.text:
            last.paragraph_format.line_spacing = Pt(1)  # Or a table that fills its page adds a blank one.
        return self.word

    def _as_printed(self, section: ShownSection) -> ShownSection:
        """Without the places for files that an annex does not have; files that are there are told."""
        fields = self.paper.compiled.definition.fields
        return replace(
            section,
            blocks=tuple(
                block
                for block in section.blocks
                if not (self._is_annex() and isinstance(fields[block.key], Files))
                or (block.cell is not None and block.cell.files)
            ),
        )

    def _is_annex(self) -> bool:
        return (self.paper.compiled.definition.article or "").startswith("附件")

    # The page

    def _set_page(self) -> None:
        page = self.word.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin = Mm(37), Mm(35)
        page.left_margin, page.right_margin = Mm(28), Mm(26)
        normal = self.word.styles["Normal"]
        normal.font.name, normal.font.size = _LATIN, Pt(16)
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
        normal.paragraph_format.space_after = Pt(0)
        about = self.word.core_properties
        about.title, about.author, about.comments = self.paper.compiled.title, "桂冠", ""
        about.identifier = self.paper.code
        if self.paper.submitted_at is not None:
            about.created = about.modified = self.paper.submitted_at

    def _write_margins(self) -> None:
        """Whose it is above; QR code, version and page number below."""
        page = self.word.sections[0]
        above = page.header.paragraphs[0]
        self._run(above, ("草稿　" if self.paper.is_draft else "") + self.paper.subject, BODY, 10.5)
        above.alignment = _RIGHT
        below = page.footer
        table = below.add_table(1, 3, Mm(_PAGE))
        code, version, number = table.rows[0].cells
        self._set_widths(table, [(code, version, number)], (25, 103, 28))
        if self.paper.address:
            code.paragraphs[0].add_run().add_picture(io.BytesIO(qr_png(self.paper.address)), Cm(2.1))
        self._run(version.paragraphs[0], self.paper.version, BODY, 9)
        if self.paper.address:
            self._run(version.add_paragraph(), self.paper.address, BODY, 9)
        self._run(number.paragraphs[0], "— ", BODY, 14)
        self._page_number(number.paragraphs[0])
        self._run(number.paragraphs[0], " —", BODY, 14)
        number.paragraphs[0].alignment = _RIGHT
        below._element.append(below.paragraphs[0]._p)  # Word wants a paragraph after a table.

    def _page_number(self, paragraph: WordParagraph) -> None:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)

    # Sections

    def _write_cover(self, section: ShownSection) -> None:
        lines = [block for block in section.blocks if not self._is_choice(block)]
        for block in lines:
            if block.cell is None:
                continue
            line = self._paragraph(f"{block.title}：{_text(block.cell)}", BODY, 16)
            line.paragraph_format.left_indent = Cm(2)
            line.paragraph_format.space_before = Pt(12)
            if _SEAL in (self.paper.compiled.definition.fields[block.key].note or ""):
                self._run(line, _SEAL, BODY, 16)
        for block in section.blocks:
            if self._is_choice(block):
                self.word.add_paragraph()
                label, choice = self._table(1, 2).rows[0].cells
                self._fill(label, block.title, HEADING, 14)
                self._fill(choice, self._answer(block), BODY, 14)
            elif block.table is not None:
                self._write_table(block, block.table)
        if imprint := self.paper.compiled.definition.imprint:
            line = self._paragraph(imprint, BODY, 16, _CENTRE)
            # Long names take of the blank above it, so that it stays on the cover.
            more = sum(
                (len(block.title) + len(_text(block.cell))) // _COVER_LINE for block in lines if block.cell
            )
            line.paragraph_format.space_before = Pt(max(96 - 24 * more, 12))
        self.word.add_page_break()

    def _write_section(self, section: ShownSection) -> None:
        heading = self._paragraph(section.title, HEADING, 16)
        heading.paragraph_format.space_before = Pt(12)
        heading.paragraph_format.keep_with_next = True
        fields = self.paper.compiled.definition.fields
        dated = any(isinstance(fields[block.key], Date) for block in section.blocks)
        if section.title.endswith(_OPINION) and dated:
            self._write_opinions(section)
            return
        pairs: list[Block] = []
        for block in section.blocks:
            if self.boxed and block.cell is not None and not self._is_long(block):
                pairs.append(block)
                continue
            self._write_pairs(pairs)
            pairs = []
            if block.table is not None:
                self._write_table(block, block.table)
            elif self.boxed:
                self._write_box(block)
            else:
                self._write_chapter(block)
        self._write_pairs(pairs)

    def _write_pairs(self, blocks: Sequence[Block]) -> None:
        """Label and value side by side; two numbers in succession share a row, as 面积 and 人口 do."""
        rows: list[list[Block]] = []
        for block in blocks:
            fits = rows and len(rows[-1]) == 1 and _is_number(rows[-1][0]) and _is_number(block)
            if fits:
                rows[-1].append(block)
            else:
                rows.append([block])
        if not rows:
            return
        for row, cells in zip(rows, [row.cells for row in self._table(len(rows), 4).rows], strict=True):
            for place, block in enumerate(row):
                self._fill(cells[2 * place], block.title, HEADING, 12)
                value = cells[1].merge(cells[3]) if len(row) == 1 else cells[2 * place + 1]
                self._fill(value, self._answer(block), BODY, 12)
        self._gap()

    def _write_chapter(self, block: Block) -> None:
        assert block.cell is not None
        if block.cell.html is None and not self._is_long(block):
            self._paragraph(f"{block.title}：{self._answer(block)}", BODY, 16)
            return
        heading = self._paragraph(block.title, SUBHEADING, 16)
        heading.paragraph_format.keep_with_next = True
        self._write_content(self.word, block.cell, 16)

    def _write_box(self, block: Block) -> None:
        assert block.cell is not None
        head, body = (row.cells[0] for row in self._table(2, 1).rows)
        self._fill(head, block.title, HEADING, 12, _CENTRE)
        head.paragraphs[0].paragraph_format.keep_with_next = True
        self._write_content(body, block.cell, 12)
        _drop_first(body)
        self._gap()

    def _write_opinions(self, section: ShownSection) -> None:
        """One box; the dates of the section are its date lines, under the place for the seal."""
        fields = self.paper.compiled.definition.fields
        row = self._table(1, 1).rows[0]
        row.height, body = Mm(_SEALED), row.cells[0]
        dates = [block for block in section.blocks if isinstance(fields[block.key], Date)]
        tables = [block for block in section.blocks if block.table is not None]
        for block in section.blocks:
            if block.cell is None or block in dates:
                continue
            if self._is_long(block) or block.cell.html is not None:
                if block.title != section.title:
                    self._run(body.add_paragraph(), block.title, HEADING, 12)
                self._write_content(body, block.cell, 14)
            else:
                self._run(body.add_paragraph(), f"{block.title}：{self._answer(block)}", BODY, 14)
        signed = [block.cell.text for block in dates if block.cell and block.cell.text]
        # The box of an annex asks for the seal alone.
        seal = _SEAL if self._is_annex() else f"负责人（签字）：　　　　　　{_SEAL}"
        for text in ("", seal, *(signed or ["　　年　　月　　日"])):
            line = body.add_paragraph()
            self._run(line, text, BODY, 14)
            line.alignment = _RIGHT
            line.paragraph_format.keep_with_next = True  # Seal and date on one page.
        line.paragraph_format.keep_with_next = None
        _drop_first(body)
        self._gap()
        for block in tables:
            assert block.table is not None
            self._write_table(block, block.table)

    # Tables

    def _write_table(self, block: Block, grid: Grid) -> None:
        # A repeated table is numbered on the screen only; its annex has no such column.
        depth = (
            0 if isinstance(self.paper.compiled.definition.fields[block.key], RepeatedTable) else grid.depth
        )
        width = depth + len(grid.columns)
        size = 9.0 if width > _MANY_COLUMNS else 12.0
        table = self._table(2 + len(grid.rows), width)
        lines = [row.cells for row in table.rows]
        margin = _NARROW_MARGIN if width > _MANY_COLUMNS else _MARGIN
        self._set_margins(table, margin)
        texts = [
            *([""] for _ in range(depth)),
            *(
                [title, *(_text(row.cells[place]) for row in grid.rows)]
                for place, title in enumerate(grid.columns)
            ),
        ]
        needs = columns.needs(grid, depth)
        self._set_widths(table, lines, columns.widths(needs, texts, size=size, margin=margin, room=_PAGE))
        self._hold_rows(table.rows, heads=2)
        self._fill(lines[0][0].merge(lines[0][-1]), block.title, HEADING, size, _CENTRE)
        at = 0
        for head in grid.corner_heads if depth else ():
            self._fill(lines[1][at].merge(lines[1][at + head.columns - 1]), head.text, HEADING, size, _CENTRE)
            at += head.columns
        for cell, title in zip(lines[1][depth:], grid.columns, strict=True):
            self._fill(cell, title, HEADING, size, _CENTRE)
        for number, (row, cells) in enumerate(zip(grid.rows, lines[2:], strict=True)):
            at = depth - sum(head.columns for head in row.heads)
            for head in row.heads if depth else ():
                last = lines[2 + number + head.rows - 1][at + head.columns - 1]
                self._fill(cells[at].merge(last), head.text, BODY, size)
                at += head.columns
            for cell, shown in zip(cells[depth:], row.cells, strict=True):
                self._fill(cell, _text(shown), BODY, size, _RIGHT if shown.number else _LEFT)
        _keep_together(lines[:2] if grid.rows else lines[:1])
        for number, row in enumerate(grid.rows):
            for head in row.heads if depth else ():
                _keep_together(lines[2 + number : 1 + number + head.rows])
        self._gap()

    def _hold_rows(self, rows: Iterable[_Row], heads: int) -> None:
        """No row is split between two pages, and the first ones, the headings, stand on each."""
        for number, row in enumerate(rows):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            if number < heads:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def _set_margins(self, table: WordTable, margin: float) -> None:
        """The room left and right of the text of every cell, in millimetres."""
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:w"), str(Mm(margin).twips))
            edge.set(qn("w:type"), "dxa")
            margins.append(edge)
        (look,) = table._tbl.tblPr.xpath("w:tblLook")
        look.addprevious(margins)

    def _table(self, rows: int, columns: int) -> WordTable:
        table = self.word.add_table(rows, columns)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        return table

    def _set_widths(
        self, table: WordTable, lines: Sequence[Sequence[_Cell]], millimetres: Sequence[float]
    ) -> None:
        """Give each column its width; cells that are merged later add theirs up."""
        table.autofit = False
        widths = [Mm(width) for width in millimetres]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for line in lines:
            for cell, width in zip(line, widths, strict=True):
                cell.width = width

    def _gap(self) -> None:
        """Two tables that touch would become one."""
        self._paragraph("", BODY, 6).paragraph_format.line_spacing = Pt(_GAP)

    # Text

    def _write_content(self, into: Document | _Cell, cell: Cell, size: float) -> None:
        if cell.html is None:
            for line in _text(cell).split("\n"):
                self._body(into, [Run(line)], size)
            return
        for block in rich_text.blocks(cell.html):
            if isinstance(block, rich_text.Table):
                self._write_rich_table(into, block, size)
            else:
                self._write_rich_paragraph(into, block, size)

    def _write_rich_paragraph(self, into: Document | _Cell, block: rich_text.Paragraph, size: float) -> None:
        runs = [Run(f"{block.marker} "), *block.runs] if block.marker else block.runs
        if block.heading:
            runs = [run._replace(bold=True) for run in runs]
        paragraph = self._body(into, runs, size)
        if block.indent:
            paragraph.paragraph_format.left_indent = Pt(2 * size * block.indent)

    def _write_rich_table(self, into: Document | _Cell, found: rich_text.Table, size: float) -> None:
        places, rows, columns = rich_text.laid_out(found)
        if not places:
            return
        table = into.add_table(rows, columns)
        table.style = "Table Grid"
        lines = [row.cells for row in table.rows]
        headed = all(cell.heading for cell in found.rows[0]) and rows > 1
        self._hold_rows(table.rows, heads=1 if headed else 0)
        for cell, row, column, height, width in places:
            target = lines[row][column].merge(lines[row + height - 1][column + width - 1])
            for number, block in enumerate(cell.blocks):
                if isinstance(block, rich_text.Table):
                    self._write_rich_table(target, block, size)
                    continue
                paragraph = target.paragraphs[0] if number == 0 else target.add_paragraph()
                for run in block.runs:
                    self._styled(paragraph, run._replace(bold=run.bold or cell.heading), size - 2)

    def _body(self, into: Document | _Cell, runs: Sequence[Run], size: float) -> WordParagraph:
        paragraph = into.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        for run in runs:
            self._styled(paragraph, run, size)
        return paragraph

    def _styled(self, paragraph: WordParagraph, run: Run, size: float) -> None:
        made = self._run(paragraph, run.text, BODY, size)
        made.bold, made.italic, made.underline = run.bold or None, run.italic or None, run.underline or None
        made.font.strike = run.strike or None

    def _paragraph(
        self, text: str, font: str, size: float, alignment: WD_ALIGN_PARAGRAPH = _LEFT
    ) -> WordParagraph:
        paragraph = self.word.add_paragraph()
        paragraph.alignment = alignment
        self._run(paragraph, text, font, size)
        return paragraph

    def _fill(
        self, cell: _Cell, text: str, font: str, size: float, alignment: WD_ALIGN_PARAGRAPH = _LEFT
    ) -> None:
        self._run(cell.paragraphs[0], text, font, size)
        cell.paragraphs[0].alignment = alignment
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER

    def _run(self, paragraph: WordParagraph, text: str, font: str, size: float):  # type: ignore[no-untyped-def]
        run = paragraph.add_run(writable(text))
        run.font.name, run.font.size = _LATIN, Pt(size)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        return run

    # Blocks

    def _is_choice(self, block: Block) -> bool:
        field = self.paper.compiled.definition.fields[block.key]
        return isinstance(field, Choice | YesNo)

    def _is_long(self, block: Block) -> bool:
        field = self.paper.compiled.definition.fields[block.key]
        return block.cell is not None and (
            block.cell.html is not None
            or field.kind == "rich_text"
            or (isinstance(field, Text) and field.lines > 1)
        )

    def _answer(self, block: Block) -> str:
        """A short value; a choice with all its options, the chosen one ticked, as on paper."""
        assert block.cell is not None
        field = self.paper.compiled.definition.fields[block.key]
        labels = ["是", "否"] if isinstance(field, YesNo) else []
        if isinstance(field, Choice):
            labels = [label for _, label in field.pairs(self.paper.compiled.scope)]
        text = _text(block.cell)
        if not labels or len(labels) > _FEW_OPTIONS or (text and text not in labels):
            return text
        return "　".join(f"{label} {'☑' if label == text else '□'}" for label in labels)


def _text(cell: Cell) -> str:
    """What a cell shows, as plain text; files by name and the beginning of their hash."""
    if cell.files:
        return "；".join(f"{file.name}（SHA-256 {file.sha256[:12]}…）" for file in cell.files)
    return rich_text.plain(cell.html) if cell.html is not None else cell.text


def _drop_first(cell: _Cell) -> None:
    """Without the blank paragraph that a new cell begins with, once something follows it."""
    first = cell.paragraphs[0]._p
    if first.getnext() is not None:
        first.getparent().remove(first)


def _keep_together(lines: Sequence[Sequence[_Cell]]) -> None:
    """Each of these rows on one page with the row below it."""
    for line in lines:
        for cell in line:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _is_number(block: Block) -> bool:
    return block.cell is not None and block.cell.number
