"""Forms on paper: who may export what, and what the code on a paper tells to whom."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import docx
import openpyxl
from sqlalchemy import text

from tests.web.chain import Chain

At = Callable[[str], Chain]


def task_of(chain: Chain, login: str) -> str:
    (task_id,) = chain.tasks(login).values()
    return task_id


def word(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return docx.Document(io.BytesIO(answer.data))


def code_of(document: Any) -> str:
    found = re.search(
        r"版本编号 ([0-9A-Z-]{19})（第 1 次提交）", document.sections[0].footer.tables[0].cell(0, 1).text
    )
    assert found is not None
    return found.group(1)


def submitted(chain: Chain) -> tuple[str, str]:
    """The county hands in; the submission of the 推荐表, and the link of its Word file on the city's page."""
    chain.do("county", "编制申报书和推荐表", "submit")
    page = chain.visitor("city").get(f"/user-tasks/{task_of(chain, 'city')}").text
    links = re.findall(r'href="(/submissions/([0-9a-f]{32})/docx)"', page)
    for link, submission_id in links:
        if "附件2" in word(chain.visitor("city").get(link)).paragraphs[0].text:
            return submission_id, link
    raise AssertionError(page)


def test_a_draft_is_exported_as_a_draft(at: At) -> None:
    chain = at("begun")
    county, task_id = chain.visitor("county"), task_of(chain, "county")
    content = {"city": "余杭区", "population": "120.5"}
    county.api("PUT", f"/user-tasks/{task_id}/drafts/recommendation", {"content": content, "version": 0})
    page = county.get(f"/user-tasks/{task_id}").text
    assert f"/user-tasks/{task_id}/forms/recommendation/docx" in page
    answer = county.get(f"/user-tasks/{task_id}/forms/recommendation/docx")
    document = word(answer)
    assert document.sections[0].header.paragraphs[0].text.startswith("草稿")
    assert "草稿.docx" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    book = county.api("GET", f"/user-tasks/{task_id}/forms/recommendation/xlsx")
    front = openpyxl.load_workbook(io.BytesIO(book.data))["表单"]
    assert ("人口（万人）", 120.5) in [(row[0].value, row[1].value) for row in front.iter_rows(max_col=2)]
    assert county.get(f"/user-tasks/{task_id}/forms/recommendation/pdf").status_code == 404
    assert county.get(f"/user-tasks/{task_id}/forms/nothing/docx").status_code == 404


def test_who_may_not_see_a_case_gets_no_file_of_it(at: At) -> None:
    chain = at("begun")
    submission_id, link = submitted(chain)
    for login in ("province", "expert"):
        for path in (link, f"/submissions/{submission_id}/xlsx"):
            assert chain.visitor(login).get(path).status_code == 404
        by_api = chain.visitor(login).api("GET", f"/submissions/{submission_id}/docx")
        assert (by_api.status_code, by_api.json["code"]) == (404, "submission_hidden")
    county_draft = f"/user-tasks/{task_of(chain, 'city')}/forms/report/docx"
    assert chain.visitor("province").get(county_draft).status_code == 404
    assert chain.visitor("auditor").get(link).status_code == 200


def test_the_code_on_the_paper_leads_back_to_the_record(at: At) -> None:
    chain = at("begun")
    submission_id, link = submitted(chain)
    code = code_of(word(chain.visitor("city").get(link)))
    address = word(chain.visitor("city").get(link)).sections[0].footer.tables[0].cell(0, 1).text
    assert f"{chain.site.config.base_url}/verify/{code}" in address
    asked = chain.site.visitor().get(f"/verify?code={code.lower()}")
    assert asked.location == f"/verify/{code.lower()}"
    stranger = chain.site.visitor().get(asked.location).text
    assert "工业稳增长和转型升级成效明显市（州）推荐表" in stranger
    assert "余杭区" in stranger
    assert "最后一次提交" in stranger
    assert submission_id not in stranger
    assert "只有办理单位可以查看" in stranger
    assert f"/submissions/{submission_id}/docx" in chain.visitor("county").get(f"/verify/{code}").text
    by_api = chain.site.visitor().api("GET", f"/verify/{code}").json
    assert (by_api["number"], by_api["latest"], by_api["submission_id"]) == (1, True, None)
    assert set(by_api) == {
        "code", "form", "subject", "division", "number", "submitted_at", "latest", "submission_id",
    }  # fmt: skip


def test_a_code_that_was_never_printed_or_no_longer_fits_is_not_known(at: At) -> None:
    chain = at("begun")
    submission_id, link = submitted(chain)
    code = code_of(word(chain.visitor("city").get(link)))
    stranger = chain.site.visitor()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for unknown in (wrong, "0000-0000-0000-0000", "x", "桂冠"):
        answer = stranger.get(f"/verify/{unknown}")
        assert answer.status_code == 404
        assert "没有这个版本编号" in answer.text
        assert stranger.api("GET", f"/verify/{unknown}").json["code"] == "code_unknown"
    with chain.site.database.write() as session:
        session.execute(text("UPDATE form_submission SET number = 7 WHERE id = :id"), {"id": submission_id})
    assert stranger.get(f"/verify/{code}").status_code == 404


def test_an_older_submission_says_that_it_is_not_the_last(at: At) -> None:
    chain = at("begun")
    _, link = submitted(chain)
    code = code_of(word(chain.visitor("city").get(link)))
    chain.do("city", "市级主管部门审核", "return", opinion="请核对人口数。")
    (name,) = chain.tasks("county")
    chain.do("county", name, "submit")
    assert "不是最后一次" in chain.site.visitor().get(f"/verify/{code}").text
