"""What the public reads and files: notices, objections, receipts; and how the ministry handles them."""

import base64
import hashlib
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from service.domain import objections
from tests.web.chain import Chain
from tests.web.crowds import crowd
from tests.web.site import Visitor

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
At = Callable[[str], Chain]
OBJECTION: dict[str, Any] = {
    "filer": "王小明",
    "contact": "0571-12345678",
    "statement": "工业增加值与统计公报不符。",
    "evidence": "见统计公报第三页。",
}


def notice_of(chain: Chain) -> str:
    (notice,) = chain.site.visitor().api("GET", "/notices").json
    return str(notice["id"])


def object_to(chain: Chain, public: Visitor, **changes: Any) -> Any:
    form = OBJECTION | {"application_id": chain.application_id} | changes
    return public.post(f"/notices/{notice_of(chain)}/objections", form)


def test_a_notice_tells_both_dates_and_no_rank(at: At) -> None:
    chain = at("noticed")
    page = chain.site.visitor().get(f"/notices/{notice_of(chain)}").text
    assert "2026年4月1日" in page
    assert "2026年4月9日24:00" in page
    assert "按行政区划代码排列，不分先后" in page
    assert "84.00" not in page


def test_an_objection_gives_a_receipt_by_which_it_is_found_again(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    filed = object_to(chain, public)
    assert filed.status_code == 303, filed.text
    number = filed.location.rsplit("=", 1)[1]
    assert re.fullmatch(r"YY20260401-[0-9A-F]{10}", number)
    receipt = public.get(filed.location).text
    assert number in receipt
    assert "待受理" in receipt
    assert "王小明" not in receipt
    unknown = public.get("/objections/receipt?number=YY20260401-0000000000")
    assert unknown.status_code == 404
    assert "请核对受理编号" in unknown.text


def test_what_is_missing_stands_at_its_field_and_what_was_typed_stays(at: At) -> None:
    chain = at("noticed")
    answer = object_to(chain, chain.site.visitor(), contact="", evidence="")
    assert answer.status_code == 422
    assert 'id="contact-error">请填写联系电话或地址' in answer.text
    assert 'id="evidence-error">请写明证据' in answer.text
    assert "工业增加值与统计公报不符。" in answer.text
    assert f'value="{chain.application_id}" selected' in answer.text


def test_markup_in_an_objection_is_shown_as_text(at: At) -> None:
    chain = at("noticed")
    answer = object_to(chain, chain.site.visitor(), statement="<script>alert(1)</script>", contact="")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text


def test_a_form_sent_twice_is_one_objection(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    first = object_to(chain, public, form_id="once")
    second = object_to(chain, public, form_id="once")
    assert second.location == first.location
    assert len(chain.visitor("ministry").api("GET", "/objections").json) == 1


def test_evidence_comes_with_the_objection_and_bad_files_with_none(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    refused = object_to(chain, public, files=(io.BytesIO(b"MZ"), "run.exe"))
    assert refused.status_code == 422
    assert "run.exe" in refused.text
    assert chain.visitor("ministry").api("GET", "/objections").json == []
    picture = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
    object_to(chain, public, files=(io.BytesIO(picture), "公报.png"))
    (line,) = chain.visitor("ministry").api("GET", "/objections").json
    assert "公报.png" in chain.visitor("ministry").get(f"/objections/{line['id']}").text


def test_the_ministry_handles_it_and_the_filer_reads_the_end(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    filed = object_to(chain, public)
    chain.do("ministry", "受理异议", "accept", opinion="予以受理。")
    chain.do("ministry", "核查异议", "report")
    ministry = chain.visitor("ministry")
    (line,) = ministry.api("GET", "/objections").json
    deciding = ministry.get(f"/user-tasks/{chain.tasks('ministry')['研究认定异议']}").text
    assert f'href="/objections/{line["id"]}#impact">如认定成立，名单有哪些变化</a>' in deciding
    chain.do("ministry", "研究认定异议", "not_upheld", opinion="经核查，数据与统计公报一致。")
    page = public.get(filed.location).text
    assert "不成立" in page
    assert "经核查，数据与统计公报一致。" in page


def test_before_it_is_decided_the_ministry_reads_who_would_move(at: At) -> None:
    chain = at("noticed")
    object_to(chain, chain.site.visitor())
    ministry = chain.visitor("ministry")
    (line,) = ministry.api("GET", "/objections").json
    impact = ministry.api("GET", f"/objections/{line['id']}").json["impact"]
    assert (
        impact["summary"]
        == "它在已公示的名单上；认定成立的移出，名单不足 10 个的依次递补，已公示的不变；没有递补。"
    )
    assert [(each["change"], each["division"]) for each in impact["moves"]] == [("leaves", line["division"])]
    page = ministry.get(f"/objections/{line['id']}").text
    assert "如认定成立，名单的变化" in page
    assert impact["summary"] in page
    chain.do("ministry", "受理异议", "reject", opinion="所述事项不在公示范围之内。")
    assert ministry.api("GET", f"/objections/{line['id']}").json["impact"] is None
    assert "如认定成立，名单的变化" not in ministry.get(f"/objections/{line['id']}").text


def test_the_task_of_an_objection_shows_the_application_objected_to_and_no_other(at: At) -> None:
    chain = at("noticed")
    object_to(chain, chain.site.visitor())
    path = f"/user-tasks/{chain.tasks('ministry')['受理异议']}"
    crowd(chain, 3)
    page = chain.visitor("ministry").get(path).text
    (listed,) = re.findall(r"异议涉及的申报</h2>.*?</details>", page, re.DOTALL)
    assert re.findall(r"/applications/(\w+)", listed) == [chain.application_id]
    assert "本轮次可以查看的申报" not in page


def test_the_notice_waits_for_an_open_objection(at: At) -> None:
    chain = at("noticed")
    object_to(chain, chain.site.visitor())
    chain.pass_time(timedelta(days=9))
    assert "报请批复" not in chain.tasks("ministry")
    chain.do("ministry", "受理异议", "reject", opinion="所述事项不在公示范围之内。")
    chain.pass_time(timedelta(seconds=1))
    assert "报请批复" in chain.tasks("ministry")


def test_after_the_last_day_no_objection_is_taken(at: At) -> None:
    chain = at("noticed")
    chain.pass_time(timedelta(days=9))
    answer = object_to(chain, chain.site.visitor())
    assert answer.status_code == 409
    assert "不再受理异议" in answer.text


def test_objections_are_hidden_from_whom_they_do_not_concern(at: At) -> None:
    chain = at("noticed")
    object_to(chain, chain.site.visitor())
    (line,) = chain.visitor("ministry").api("GET", "/objections").json
    for login in ("county", "province", "council"):
        assert chain.visitor(login).api("GET", "/objections").json == [], login
        assert chain.visitor(login).get(f"/objections/{line['id']}").status_code == 404, login
    assert "王小明" in chain.visitor("auditor").get(f"/objections/{line['id']}").text


def test_the_ministry_opens_a_case_outside_a_notice(at: At) -> None:
    chain = at("scored")
    address = f"/applications/{chain.application_id}/case"
    assert chain.visitor("county").get(address).status_code == 403
    ministry = chain.visitor("ministry")
    application = f"/applications/{chain.application_id}"
    assert f'href="{address}"' in ministry.get(application).text
    assert f'href="{address}"' not in chain.visitor("county").get(application).text
    missing = ministry.post(address, {"statement": "", "evidence": "举报信"})
    assert missing.status_code == 422
    assert 'id="statement-error">请写明异议的内容' in missing.text
    opened = ministry.post(address, {"statement": "涉嫌虚报产值。", "evidence": "举报信"})
    assert "已立案核查" in ministry.get(opened.location).text
    assert f'href="{address}"' not in ministry.get(application).text, "one at a time"


def test_the_filer_reads_what_was_found_only_when_all_is_done(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    filed = object_to(chain, public)
    chain.do("ministry", "受理异议", "accept", opinion="予以受理。")
    chain.do("ministry", "核查异议", "report")
    chain.do("ministry", "研究认定异议", "mendable", opinion="数据口径有误，限期整改。")
    assert "核查中" in public.get(filed.location).text
    assert "数据口径有误" not in public.get(filed.location).text
    number = filed.location.rsplit("=", 1)[1]
    assert public.api("GET", f"/notices/receipts/{number}").json["reason"] is None


def test_too_many_files_are_refused_before_any_is_kept(at: At) -> None:
    chain = at("noticed")
    files = [(io.BytesIO(PICTURE + bytes([number])), f"{number}.png") for number in range(6)]
    refused = object_to(chain, chain.site.visitor(), files=files)
    assert refused.status_code == 422
    assert 'id="files">附件至多 5 个。' in refused.text
    assert not list(chain.site.config.uploads.glob("*/*"))


def test_the_api_takes_evidence_too(at: At) -> None:
    chain = at("noticed")
    evidence = {"name": "公报.png", "content": base64.b64encode(PICTURE).decode()}
    filing = OBJECTION | {"application_id": chain.application_id, "files": [evidence]}
    address = f"/notices/{notice_of(chain)}/objections"
    answer = chain.site.visitor().api("POST", address, filing)
    assert (answer.status_code, answer.json["status"]) == (201, "filed")
    (line,) = chain.visitor("ministry").api("GET", "/objections").json
    (file,) = chain.visitor("ministry").api("GET", f"/objections/{line['id']}").json["attachments"]
    assert file["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    evidence["content"] = "不是 Base64"
    refused = chain.site.visitor().api("POST", address, filing)
    assert refused.json["problems"][0]["pointer"] == "/json/files/0/content".removeprefix("/json")


def test_too_many_filings_from_one_address_are_told_to_wait(at: At) -> None:
    chain = at("noticed")
    public = chain.site.visitor()
    for _ in range(20):
        assert object_to(chain, public, statement="").status_code == 422
    answer = object_to(chain, public)
    assert answer.status_code == 429
    assert "从您的网络提交的次数过多，这次没有保存，请在 1 分钟后再试。" in answer.text
    assert f">{OBJECTION['statement']}</textarea>" in answer.text  # What was typed is not lost.
    by_api = public.api("POST", f"/notices/{notice_of(chain)}/objections", {})
    assert (by_api.status_code, by_api.json["code"]) == (429, "filing_blocked")
    chain.pass_time(timedelta(minutes=1))
    assert object_to(chain, public).status_code == 303


def test_a_long_list_of_objections_takes_no_more_statements_and_has_pages(at: At) -> None:
    chain = at("noticed")
    site, address = chain.site, notice_of(chain)
    counts: list[int] = []
    for _ in range(2):
        with site.database.write() as session:
            for _ in range(13):
                objections.file_objection(
                    session,
                    site.app.process_engine,
                    notice_id=address,
                    application_id=chain.application_id,
                    **OBJECTION,
                )
        ministry = chain.visitor("ministry")
        statements: list[str] = []

        def listen(*given: Any, into: list[str] = statements) -> None:
            into.append(given[2])

        event.listen(site.database.engine, "before_cursor_execute", listen)
        ministry.get("/objections")
        event.remove(site.database.engine, "before_cursor_execute", listen)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert "共 26 项，第 1 / 2 页" in ministry.get("/objections").text
    assert ministry.get("/objections?page=2").text.count("YY2026") == 6
    second = ministry.api("GET", "/objections?page=2")
    assert (len(second.json), second.headers["X-Total-Count"]) == (6, "26")
