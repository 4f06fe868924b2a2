"""A round of 2018 for tests, from the call to the award: who does what, in order, by pages and API."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from service.clock import SHANGHAI
from service.domain import access, editions, forms, offices, user_tasks
from service.domain.divisions import NATION
from service.domain.editions import EditionFolder
from service.domain.people import EXPERT, OFFICIAL
from tests.web.site import MONDAY, Site, Visitor

ROOT = Path(__file__).parent.parent.parent
YEAR = 2026
MEMBERS = ("chair", *(f"member{number}" for number in range(2, 10)))


class Chain:
    """The people of one whole chain of offices, and the edition of 2018, on a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.visitors: dict[str, Visitor] = {}
        self.round_id = self.application_id = ""
        self.edition_id = ""

    def set_up(self) -> None:
        """Add the offices of the chain and the committee's people, and publish the edition."""
        site, engine = self.site, self.site.app.process_engine
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
            today = self.site.clock.now().astimezone(SHANGHAI).date()
            return {
                form.key: {**form.content, **forms.sample(form.compiled, 2018, given.get(form.key), on=today)}
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
        self.fill(login, task_id, given or {})
        answer = visitor.post(f"/user-tasks/{task_id}/complete", {"decision": decision, "opinion": opinion})
        assert answer.status_code == 303, problems_of(answer.text)

    def fill(self, login: str, task_id: str, given: dict[str, dict[str, Any]]) -> None:
        """Save each form of the task as a draft."""
        for key, content in self.samples(login, task_id, given).items():
            saved = self.visitor(login).api(
                "PUT", f"/user-tasks/{task_id}/drafts/{key}", {"content": content, "version": 0}
            )
            assert saved.status_code == 200, saved.json
            assert [each for each in saved.json["problems"] if each["severity"] == "error"] == []

    def open_round(self) -> None:
        """The ministry opens the round and publishes the call, with a deadline four weeks on."""
        ministry = self.visitor("ministry")
        opened = ministry.post("/rounds", {"track": f"{self.edition_id} main", "year": str(YEAR)})
        assert opened.status_code == 303, problems_of(opened.text)
        self.do("ministry", "部署年度申报", "publish", given={"opening": {"deadline": "2026-03-30"}})
        self.round_id = str(opened.location).rsplit("/", 1)[1]

    def apply(self) -> None:
        """余杭区 begins its application."""
        county = self.visitor("county")
        assert "余杭区申报" in county.get(f"/rounds/{self.round_id}").text
        begun = county.post("/applications", {"round_id": self.round_id, "division_code": "330110"})
        assert begun.status_code == 303, problems_of(begun.text)
        assert "/user-tasks/" in begun.location
        (application,) = county.api("GET", "/applications").json
        self.application_id = str(application["id"])

    def recommend(self) -> None:
        """From the county's form to the province's submission."""
        self.do("county", "编制申报书和推荐表", "submit")
        self.do("city", "市级主管部门审核", "agree", opinion="材料属实，同意上报。")
        judged = {"conditions": {"items.quality.basis": "已查阅商标注册证原件。"}}
        self.do("province", "推荐单位审核", "agree", given=judged)
        chosen = {"selection": {"applications.*.recommended": True}}
        self.do("province", "比较遴选申报", "submit", given=chosen)
        self.do("province", "出具推荐函和声明", "submit")
        self.do("government", "审定推荐名单", "agree")
        self.do("province", "提交申报材料", "submit")

    def seat(self) -> None:
        """From the intake to the committee with its sheets before it."""
        self.do("ministry", "受理审查申报材料", "accept")
        self.pass_time(timedelta(days=30))
        self.do("ministry", "办结受理审查", "close")
        members = [
            {
                "person": self.site.people[login],
                "role": "bureau" if number < 3 else "expert",
                "chair": number == 0,
            }
            for number, login in enumerate(MEMBERS)
        ]
        self.do("ministry", "组建评审委员会", "seat", given={"committee": {"members": members}})
        self.do("ministry", "确定年度遴选数量", "record", given={"quota": {"quota": "10"}})

    def score(self) -> None:
        """From the intake to the last score sheet."""
        self.seat()
        self.hand_in_scores()

    def hand_in_scores(self) -> None:
        """Every member's score sheet."""
        for number, login in enumerate(MEMBERS):
            scores = {"scores.*.score": f"{80 + number}", "scores.*.recused": False}
            self.do(login, "评议审查并打分", "submit", given={"score_sheet": scores})

    def publish(self) -> None:
        """From the committee's opinion to the public notice."""
        self.do("chair", "提出评审意见和初选建议名单", "propose")
        self.do("ministry", "研究确定拟入选名单", "agree")
        self.do("ministry", "拟定并发布公示", "publish")

    def approve(self) -> None:
        """From the end of the notice to the award."""
        self.do("ministry", "报请批复", "report")
        self.do("council", "批复入选名单", "agree")
        today = {"date": self.site.clock.now().astimezone(SHANGHAI).date().isoformat()}
        self.do("ministry", "公布入选名单", "announce", given={"announcement": today})


def problems_of(page: str) -> str:
    """What a page that was shown again says is wrong."""
    _, _, after = page.partition('<div class="problems"')
    return after[:2000] or page
