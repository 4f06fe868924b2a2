"""The one envelope of everything that is not a success."""

from typing import Any

from tests.web.site import Site


def test_missing_fields_are_named_in_chinese(sqlite_site: Site) -> None:
    answer = sqlite_site.client().post("/api/v1/session", json={"password": 1, "more": ""})
    assert answer.status_code == 422
    assert answer.json == {
        "code": "unprocessable_entity",
        "message": "提交的内容有需要改正的地方。",
        "problems": [
            {"form": None, "pointer": "/login", "message": "请填写这一项。"},
            {"form": None, "pointer": "/password", "message": "这一项应为文字。"},
            {"form": None, "pointer": "/more", "message": "没有这一项，请检查名称。"},
        ],
    }


def test_what_is_no_json_is_refused(sqlite_site: Site) -> None:
    client = sqlite_site.client()
    answer = client.post("/api/v1/session", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert answer.json["message"] == "提交的内容无法识别，请检查后再试。"


def test_unknown_addresses_and_methods_are_answered_in_json(sqlite_site: Site) -> None:
    client = sqlite_site.client()
    assert client.get("/api/v1/nothing").json["code"] == "not_found"
    assert client.patch("/api/v1/session").json["code"] == "method_not_allowed"


def test_a_body_that_is_too_large_is_refused(sqlite_site: Site) -> None:
    sqlite_site.app.config["MAX_CONTENT_LENGTH"] = 100
    answer = sqlite_site.client().post("/api/v1/session", json={"login": "a" * 200, "password": ""})
    assert answer.status_code == 413
    assert "太大" in answer.json["message"]


def test_what_nobody_foresaw_tells_nothing_of_its_inside(sqlite_site: Site) -> None:
    sqlite_site.app.testing = False
    views = sqlite_site.app.view_functions
    views["api.notices.index"] = _fail(views["api.notices.index"])
    answer = sqlite_site.client().get("/api/v1/notices")
    assert (answer.status_code, answer.json["code"]) == (500, "unexpected")
    assert "秘密" not in answer.text


def _fail(view: Any) -> Any:
    def fail() -> None:
        raise RuntimeError("秘密")

    fail.access = view.access  # type: ignore[attr-defined]
    return fail
