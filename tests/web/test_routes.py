"""Who may call which route: every one is named here with its access, and tried by all who may not."""

import pytest
from werkzeug.routing import Rule

from service.auth import routes
from service.auth.routes import UndeclaredRoutes
from tests.web.site import Site

EVERYBODY = ("public",)
SIGNED_IN = ("signed_in",)
WORKERS = ("official", "expert")
ADMIN = ("admin",)
WATCHERS = ("admin", "auditor")

PAGES = {
    "GET /": EVERYBODY,
    "GET /health": EVERYBODY,
    "GET /static/<path:filename>": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "POST /sign-out": SIGNED_IN,
    "GET /account": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "POST /account/sessions/<session_id>/revoke": SIGNED_IN,
    "GET /user-tasks": SIGNED_IN,
    "GET /user-tasks/done": SIGNED_IN,
    "GET /user-tasks/<user_task_id>": SIGNED_IN,
    "POST /user-tasks/<user_task_id>/claim": WORKERS,
    "POST /user-tasks/<user_task_id>/release": WORKERS,
    "POST /user-tasks/<user_task_id>/complete": WORKERS,
    "POST /user-tasks/<user_task_id>/attachments": WORKERS,
    "POST /user-tasks/<user_task_id>/attachments/<attachment_id>/remove": WORKERS,
    "GET /user-tasks/<user_task_id>/forms/<form_key>/<format>": SIGNED_IN,
    "GET /user-tasks/<user_task_id>/forms/<form_key>/workbook": WORKERS,
    "GET /user-tasks/<user_task_id>/forms/<form_key>/workbook/template": WORKERS,
    "POST /user-tasks/<user_task_id>/forms/<form_key>/workbook": WORKERS,
    "GET /user-tasks/<user_task_id>/forms/<form_key>/reported": WORKERS,
    "POST /user-tasks/<user_task_id>/forms/<form_key>/reported": WORKERS,
    "GET /user-tasks/<user_task_id>/forms/<form_key>/suggestions": WORKERS,
    "POST /user-tasks/<user_task_id>/forms/<form_key>/suggestions": WORKERS,
    "GET /submissions/<submission_id>/<format>": SIGNED_IN,
    "GET /verify": EVERYBODY,
    "GET /verify/<code>": EVERYBODY,
    "GET /attachments/<attachment_id>": SIGNED_IN,
    "GET /cases/<business_key>/files/<sha256>": SIGNED_IN,
    "GET /diagrams/<business_key>": SIGNED_IN,
    "GET /cases/<business_key>/history": SIGNED_IN,
    "GET /history": WATCHERS,
    "GET /applications": SIGNED_IN,
    "POST /applications": ("official",),
    "GET /applications/<application_id>": SIGNED_IN,
    "GET /applications/<application_id>/case": ("official",),
    "POST /applications/<application_id>/case": ("official",),
    "GET /rounds": SIGNED_IN,
    "GET /rounds/new": ("official", "admin"),
    "POST /rounds": ("official", "admin"),
    "GET /rounds/<round_id>": SIGNED_IN,
    "GET /rounds/<round_id>/prospects/<application_id>": ("official", "auditor"),
    "GET /rounds/<round_id>/replacement": ("official",),
    "GET /rounds/<round_id>/standings": SIGNED_IN,
    "GET /applications/<application_id>/points": SIGNED_IN,
    "GET /targets": ("official", "auditor"),
    "POST /targets": ("official",),
    "GET /targets/new": ("official",),
    "GET /targets/<target_year_id>": ("official", "auditor"),
    "POST /rounds/<round_id>/replacement": ("official",),
    "GET /notices": EVERYBODY,
    "GET /notices/<notice_id>": EVERYBODY,
    "POST /notices/<notice_id>/objections": EVERYBODY,
    "GET /objections/receipt": EVERYBODY,
    "GET /objections": ("official", "auditor"),
    "GET /objections/<objection_id>": ("official", "auditor"),
    "GET /ledger": EVERYBODY,
    "GET /ledger/redemptions": ("official", "auditor"),
    "GET /ledger/sanctions": ("official", "auditor"),
    "GET /ledger/repeats": ("official", "auditor"),
    "GET /ledger/awards/<award_id>": ("official", "auditor"),
    "POST /ledger/awards/<award_id>/redemptions": ("official",),
    "GET /editions": SIGNED_IN,
    "GET /editions/<edition_id>": SIGNED_IN,
    "GET /editions/<edition_id>/articles": EVERYBODY,
    "GET /editions/<edition_id>/diagrams/<name>": SIGNED_IN,
    "GET /editions/<edition_id>/diagrams/<name>/drawing": SIGNED_IN,
    "GET /editions/<edition_id>/files": SIGNED_IN,
    "GET /sanctions": ("official", "auditor"),
    "GET /sanctions/<sanction_id>": ("official", "auditor"),
    "POST /sanctions/<sanction_id>/lift": ("official",),
    "GET /admin": WATCHERS,
    "GET /admin/status": WATCHERS,
    "POST /admin/status/jobs/<kind>/<job_id>/retry": ADMIN,
    "GET /admin/claims": ADMIN,
    "GET /admin/claims/<user_task_id>": ADMIN,
    "POST /admin/claims/<user_task_id>/release": ADMIN,
    "GET /admin/calendar": WATCHERS,
    "POST /admin/calendar": ADMIN,
    "POST /admin/calendar/plan": ADMIN,
    "GET /admin/divisions": WATCHERS,
    "POST /admin/divisions": ADMIN,
    "POST /admin/divisions/plan": ADMIN,
    "GET /people": WATCHERS,
    "GET /people/new": ADMIN,
    "POST /people": ADMIN,
    "GET /people/<person_id>": WATCHERS,
    "POST /people/<person_id>/password": ADMIN,
    "POST /people/<person_id>/memberships": ADMIN,
    "POST /people/<person_id>/memberships/<membership_id>/end": ADMIN,
    "POST /people/<person_id>/active": ADMIN,
    "GET /demo-clock": ADMIN,
    "POST /demo-clock": ADMIN,
}
API = {
    "GET /api/v1/docs": EVERYBODY,
    "GET /api/v1/openapi.json": EVERYBODY,
    "POST /api/v1/session": EVERYBODY,
    "GET /api/v1/session": SIGNED_IN,
    "DELETE /api/v1/session": SIGNED_IN,
    "GET /api/v1/sessions": SIGNED_IN,
    "DELETE /api/v1/sessions/<session_id>": SIGNED_IN,
    "PUT /api/v1/password": SIGNED_IN,
    "GET /api/v1/user-tasks": SIGNED_IN,
    "GET /api/v1/user-tasks/<user_task_id>": SIGNED_IN,
    "PUT /api/v1/user-tasks/<user_task_id>/drafts/<form_key>": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/claim": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/release": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/complete": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/attachments": WORKERS,
    "DELETE /api/v1/user-tasks/<user_task_id>/attachments/<attachment_id>": WORKERS,
    "GET /api/v1/user-tasks/<user_task_id>/forms/<form_key>/<format>": SIGNED_IN,
    "GET /api/v1/user-tasks/<user_task_id>/forms/<form_key>/workbook": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/forms/<form_key>/workbook": WORKERS,
    "GET /api/v1/user-tasks/<user_task_id>/forms/<form_key>/suggestions": WORKERS,
    "POST /api/v1/user-tasks/<user_task_id>/forms/<form_key>/suggestions": WORKERS,
    "GET /api/v1/submissions/<submission_id>/<format>": SIGNED_IN,
    "GET /api/v1/verify/<code>": EVERYBODY,
    "GET /api/v1/attachments/<attachment_id>": SIGNED_IN,
    "GET /api/v1/attachments/<attachment_id>/content": SIGNED_IN,
    "GET /api/v1/applications": SIGNED_IN,
    "POST /api/v1/applications": ("official",),
    "GET /api/v1/applications/<application_id>": SIGNED_IN,
    "GET /api/v1/rounds": SIGNED_IN,
    "POST /api/v1/rounds": ("official", "admin"),
    "GET /api/v1/rounds/<round_id>": SIGNED_IN,
    "GET /api/v1/rounds/<round_id>/replacements/choices": ("official",),
    "POST /api/v1/rounds/<round_id>/replacements": ("official",),
    "GET /api/v1/rounds/<round_id>/ranking": SIGNED_IN,
    "GET /api/v1/rounds/<round_id>/prospects/<application_id>": ("official", "auditor"),
    "GET /api/v1/rounds/<round_id>/results": EVERYBODY,
    "GET /api/v1/targets": ("official", "auditor"),
    "POST /api/v1/targets": ("official",),
    "GET /api/v1/targets/<target_year_id>": ("official", "auditor"),
    "GET /api/v1/standings/rounds/<round_id>": SIGNED_IN,
    "GET /api/v1/standings/applications/<application_id>": SIGNED_IN,
    "GET /api/v1/standings/applications/<application_id>/corrections": SIGNED_IN,
    "GET /api/v1/cycles": ("official", "auditor"),
    "GET /api/v1/cycles/<application_id>": SIGNED_IN,
    "GET /api/v1/notices": EVERYBODY,
    "GET /api/v1/notices/<notice_id>": EVERYBODY,
    "POST /api/v1/notices/<notice_id>/objections": EVERYBODY,
    "GET /api/v1/notices/receipts/<number>": EVERYBODY,
    "GET /api/v1/objections": ("official", "auditor"),
    "POST /api/v1/objections": ("official",),
    "GET /api/v1/objections/<objection_id>": ("official", "auditor"),
    "GET /api/v1/ledger/awards": EVERYBODY,
    "GET /api/v1/ledger/incentives": EVERYBODY,
    "GET /api/v1/ledger/awards/<award_id>": ("official", "auditor"),
    "POST /api/v1/ledger/awards/<award_id>/redemptions": ("official",),
    "GET /api/v1/ledger/redemptions": ("official", "auditor"),
    "GET /api/v1/ledger/sanctions": ("official", "auditor"),
    "GET /api/v1/ledger/repeats": ("official", "auditor"),
    "GET /api/v1/cases/<business_key>/diagram": SIGNED_IN,
    "GET /api/v1/cases/<business_key>/history": SIGNED_IN,
    "GET /api/v1/cases/system/history": WATCHERS,
    "GET /api/v1/editions": SIGNED_IN,
    "GET /api/v1/editions/<edition_id>": SIGNED_IN,
    "GET /api/v1/editions/<edition_id>/articles": EVERYBODY,
    "GET /api/v1/editions/<edition_id>/articles/<number>": EVERYBODY,
    "GET /api/v1/editions/<edition_id>/files": SIGNED_IN,
    "GET /api/v1/sanctions": ("official", "auditor"),
    "GET /api/v1/sanctions/<sanction_id>": ("official", "auditor"),
    "POST /api/v1/sanctions/<sanction_id>/lift": ("official",),
    "GET /api/v1/claims": ADMIN,
    "GET /api/v1/claims/<user_task_id>": ADMIN,
    "POST /api/v1/claims/<user_task_id>/release": ADMIN,
    "GET /api/v1/registers/calendar": WATCHERS,
    "POST /api/v1/registers/calendar": ADMIN,
    "POST /api/v1/registers/calendar/plan": ADMIN,
    "GET /api/v1/registers/divisions": WATCHERS,
    "POST /api/v1/registers/divisions": ADMIN,
    "POST /api/v1/registers/divisions/plan": ADMIN,
    "GET /api/v1/status": WATCHERS,
    "POST /api/v1/status/jobs/<kind>/<job_id>/retry": ADMIN,
    "GET /api/v1/demo-clock/accounts": EVERYBODY,
    "GET /api/v1/people": WATCHERS,
    "POST /api/v1/people": ADMIN,
    "GET /api/v1/people/<person_id>": WATCHERS,
    "PUT /api/v1/people/<person_id>/password": ADMIN,
    "PUT /api/v1/people/<person_id>/active": ADMIN,
    "DELETE /api/v1/people/<person_id>/active": ADMIN,
    "POST /api/v1/people/<person_id>/memberships": ADMIN,
    "DELETE /api/v1/people/memberships/<membership_id>": ADMIN,
    "GET /api/v1/demo-clock": SIGNED_IN,
    "POST /api/v1/demo-clock": ADMIN,
}
ROUTES = PAGES | API
ROLES = {"official": "county", "expert": "expert", "auditor": "auditor", "admin": "admin"}


def path_of(route: str) -> tuple[str, str]:
    """The method, and the path with ids that name nothing."""
    method, _, pattern = route.partition(" ")
    parts = ["0" * 32 if part.startswith("<") else part for part in pattern.split("/")]
    return method, "/".join(parts)


def named(rule: Rule) -> set[str]:
    return {f"{method} {rule.rule}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_every_route_is_listed_with_the_access_that_it_declares(sqlite_site: Site) -> None:
    app = sqlite_site.app
    declared = {
        name: access.levels
        for rule in app.url_map.iter_rules()
        if (access := routes.declared(app, rule.endpoint)) is not None
        for name in named(rule)
    }
    assert declared == ROUTES


def test_an_app_with_a_route_that_says_nothing_does_not_start(sqlite_site: Site) -> None:
    sqlite_site.app.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(UndeclaredRoutes, match="silent"):
        routes.refuse_undeclared(sqlite_site.app)


def test_strangers_are_asked_to_sign_in_and_told_nothing(sqlite_site: Site) -> None:
    stranger = sqlite_site.visitor()
    for route, access in ROUTES.items():
        if access == EVERYBODY:
            continue
        method, path = path_of(route)
        if path.startswith("/api/"):
            answer = stranger.api(method, path.removeprefix("/api/v1"))
            assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in"), route
        elif method == "GET":
            answer = stranger.get(path)
            assert answer.status_code == 302, route
            assert answer.location == f"/sign-in?next={path}", route
        else:
            assert stranger.post(path).status_code == 401, route


@pytest.mark.parametrize("role", ROLES)
def test_who_has_the_wrong_role_gets_403_and_the_right_one_gets_past(sqlite_site: Site, role: str) -> None:
    reader = sqlite_site.signed_in(ROLES[role])
    for route, access in ROUTES.items():
        if access == EVERYBODY or "sign-out" in route or route == "DELETE /api/v1/session":
            continue
        method, path = path_of(route)
        is_api = path.startswith("/api/")
        if is_api:
            answer = reader.api(method, path.removeprefix("/api/v1"), json={} if method != "GET" else None)
        elif method == "GET":
            answer = reader.get(path)
        else:
            answer = reader.post(path)
        if access != SIGNED_IN and role not in access:
            assert answer.status_code == 403, route
            assert "您没有进行这项操作的权限" in (answer.json["message"] if is_api else answer.text), route
        else:
            assert answer.status_code not in (401, 405, 500), route
            assert "您没有进行这项操作的权限" not in answer.get_data(as_text=True), route


def test_what_one_may_not_know_of_answers_like_what_does_not_exist(sqlite_site: Site) -> None:
    reader = sqlite_site.signed_in("county")
    for path in (
        "/user-tasks/0",
        "/applications/0",
        "/rounds/0",
        "/objections/0",
        "/attachments/0",
        "/diagrams/application:0",
        "/notices/0",
        "/editions/0",
        "/nowhere",
    ):
        assert reader.get(path).status_code == 404, path
