"""A round of 2018 for tests, from the call to the award: who does what, in order, by pages and API."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from service.domain import access, editions, forms, offices, user_tasks
from service.domain.divisions import NATION
from service.domain.editions import EditionFolder
from service.domain.people import EXPERT, OFFICIAL
from tests.web.site import MONDAY, Site, Visitor

ROOT = Path(__file__).parent.parent.parent
MEMBERS = ("chair", *(f"member{number}" for number in range(2, 10)))


class Chain:
    """The people of one whole chain of offices, and the edition of 2018, on a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.visitors: dict[str, Visitor] = {}
        engine = site.app.process_engine
        with site.database.write() as session:
            for login, kind, code in (
                ("government", offices.GOVERNMENT, "330000"),
                ("council", offices.STATE_COUNCIL, NATION),
            ):
                office = offices.ensure(session, kind, code, now=MONDAY)
                site.add(session, login, OFFICIAL, office.id)
            bureau = offices.ensure(session, offices.INDUSTRY, NATION, now=MONDAY)
            for number, login in enumerate(MEMBERS):
                if number < 3:
                    site.add(session, login, OFFICIAL, bureau.id)
                else:
                    site.add(session, login, EXPERT, None)
            edition = editions.publish(
                session,
                EditionFolder.read(ROOT, "miit_industry/2018"),
                editions.known(engine.services),
                now=MONDAY,
            )
            self.edition_id = edition.id

    def visitor(self, login: str) -> Visitor:
        if login not in self.visitors:
            self.visitors[login] = self.site.signed_in(login)
        return self.visitors[login]

    def pass_time(self, step: timedelta) -> None:
        """Move on; what has become due happens, and everybody has to sign in again."""
        self.site.clock.advance(step)
        self.site.app.process_engine.run_due(self.site.database, strict=True)
        self.visitors.clear()

    def tasks(self, login: str) -> dict[str, str]:
        """What the person has to do: name → id."""
        rows = self.visitor(login).api("GET", "/user-tasks?size=100").json["rows"]
        return {row["name"]: row["id"] for row in rows}

    def samples(self, login: str, task_id: str, given: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Valid content for each form that the task fills in."""
        with self.site.database.read() as session:
            actor = access.actor(session, self.site.people[login], self.site.clock.now())
            view = user_tasks.view(session, actor, task_id)
            return {
                form.key: {**form.content, **forms.sample(form.compiled, 2018, given.get(form.key))}
                for form in view.forms
                if form.editable
            }

    def do(
        self,
        login: str,
        task: str,
        decision: str,
        *,
        opinion: str = "同意。",
        given: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        """Save each form as a draft and hand the task in by its page."""
        visitor = self.visitor(login)
        open_tasks = self.tasks(login)
        assert task in open_tasks, f"{login} has {list(open_tasks)}"
        task_id = open_tasks[task]
        for key, content in self.samples(login, task_id, given or {}).items():
            saved = visitor.api(
                "PUT", f"/user-tasks/{task_id}/drafts/{key}", {"content": content, "version": 0}
            )
            assert saved.status_code == 200, saved.json
            assert [each for each in saved.json["problems"] if each["severity"] == "error"] == []
        answer = visitor.post(f"/user-tasks/{task_id}/complete", {"decision": decision, "opinion": opinion})
        assert answer.status_code == 303, problems_of(answer.text)


def problems_of(page: str) -> str:
    """What a page that was shown again says is wrong."""
    _, _, after = page.partition('<div class="problems"')
    return after[:2000] or page
