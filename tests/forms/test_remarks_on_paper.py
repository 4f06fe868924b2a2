"""Remarks and waivers leave and come back with the figures: Word, Excel, the statistics workbook."""

from typing import Any

import pytest

from tests.forms import test_exports, test_statistics
from tests.forms.folders import REVIEW, Folder

MIIT = Folder("miit_industry/2022", 2022, {"review": REVIEW})
SHANDONG = Folder("shandong_industry/2023", 2024, {"review": REVIEW})
RECOMMENDATIONS = [
    (folder, key) for folder in (MIIT, SHANDONG) for key in folder.keys if key.startswith("recommendation")
]
OF_THE_ROUND = ("quota", "sign_off", "sanction", "selection")  # No annexes; they need a whole case.
ALL = [(folder, key) for folder in (MIIT, SHANDONG) for key in folder.keys if key not in OF_THE_ROUND]


def remarked(folder: Folder, key: str) -> dict[str, Any]:
    """Content with a remark in its first and its last row."""
    content = folder.valid(key)
    rows = list(content["indicators"].values())
    rows[0]["remark"], rows[-1]["remark"] = "统计公报第3页。", "见附页，\n另附名单。"
    return content


@pytest.mark.parametrize(("folder", "key"), ALL)
def test_word_and_excel_show_what_the_page_shows(folder: Folder, key: str) -> None:
    content = remarked(folder, key) if key.startswith("recommendation") else folder.valid(key)
    test_exports.has_same_cells(folder.compiled(key), content)


def test_the_printed_remark_is_on_paper_with_what_was_written() -> None:
    word = test_exports.word_of(
        test_exports.paper(MIIT.compiled("recommendation_b"), remarked(MIIT, "recommendation_b"))
    )
    rows = test_exports.table_of(word, "指标")
    assert rows[1] == ["指标", "2020年", "2021年", "备注"]
    assert "标杆赛奖项。" in rows[-1][-1]
    assert "另附名单。" in rows[-1][-1]


@pytest.mark.parametrize(("folder", "key"), RECOMMENDATIONS)
def test_the_statistics_workbook_leaves_remarks_as_they_are(folder: Folder, key: str) -> None:
    form, content = folder.compiled(key), remarked(folder, key)
    imported = test_statistics.read(form, content, test_statistics.template(form, content))
    assert imported.changed == 0
    assert imported.content["indicators"] == content["indicators"]
