"""What Word asks of a file, which other programs forgive."""

from typing import Any

# The sequences of ECMA-376, part 1, annex A (wml.xsd), of what Laurel's files have in them.
ORDER = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr tabs spacing ind jc outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i iCs strike color sz szCs u vertAlign",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg docGrid",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
}


def local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def disorder(root: Any) -> list[str]:
    """Where Word's schema is not kept: elements out of sequence, cells that do not end with a paragraph."""
    found = []
    for element in root.iter():
        if (sequence := ORDER.get(local(element))) is not None:
            names, known = [local(child) for child in element], sequence.split()
            unknown = [name for name in names if name not in known]
            places = [known.index(name) for name in names if name in known]
            if unknown or places != sorted(places):
                found.append(f"{local(element)}: {names}")
        if local(element) == "tc" and local(element[-1]) != "p":
            found.append("a cell without a paragraph at its end")
    return found


def is_wider_than_page(word: Any) -> bool:
    """Whether a table reaches over the margins, by more than a point."""
    page = word.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    return any(
        sum(column.width for column in table.columns) > room + 12_700
        for table in (*word.tables, *page.footer.tables)
    )
