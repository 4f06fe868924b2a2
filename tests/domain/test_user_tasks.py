"""The facade of user tasks, on the shipped edition and the real engine."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from service.domain import (
    access,
    attachments,
    diagrams,
    forms,
    offices,
    opinions,
    people,
    user_tasks,
)
from service.domain.access import Actor
from service.domain.attachments import AttachmentMissing
from service.domain.user_tasks import (
    DraftChanged,
    FilesMissing,
    FormInvalid,
    FormUnknown,
    NotYours,
    OpinionNeeded,
    UserTaskHidden,
    views,
)
from service.engine import history, seals
from service.engine.errors import UserTaskClosed, UserTaskWithdrawn
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database, new_id
from tests.domain.conftest import statements
from tests.domain.desks import Desk
from tests.domain.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


# Lists.


def test_what_is_to_be_done_is_seen_by_the_whole_office_and_nobody_else(desk: Desk) -> None:
    with desk.at(desk.county) as (session, actor):
        page = user_tasks.todo(session, actor)
    assert (page.total, page.number, page.pages) == (1, 1, 1)
    row = page.rows[0]
    assert (row.id, row.business_key, row.status) == (desk.task("fill_in"), desk.key, "open")
    assert row.subject.startswith(f"{desk.names[desk.county]} · ")
    assert row.office == desk.office(desk.county)
    with desk.at(desk.county, "同事") as (session, colleague):
        assert [row.id for row in user_tasks.todo(session, colleague).rows] == [desk.task("fill_in")]
    with desk.at(desk.city) as (session, city):
        assert user_tasks.todo(session, city) == ([], 1, 20, 0)


def test_what_was_done_is_listed_with_its_decision(desk: Desk) -> None:
    desk.submit()
    with desk.at(desk.county) as (session, actor):
        page = user_tasks.done(session, actor)
        assert user_tasks.todo(session, actor).total == 0
    with desk.at(desk.county, "同事") as (session, colleague):
        assert user_tasks.done(session, colleague).total == 0
    assert [(row.id, row.status) for row in page.rows] == [(desk.task("fill_in"), "completed")]
    assert page.rows[0].decision == "提交申报材料"
    assert page.rows[0].completed_at == desk.world.clock.now()


def test_a_list_takes_as_many_statements_for_many_rows_as_for_one(desk: Desk) -> None:
    def executed() -> int:
        with desk.at(desk.city) as (session, city), statements(session) as seen:
            user_tasks.todo(session, city)
        return len(seen)

    desk.submit()
    one = executed()
    for division in desk.counties[1:3]:
        application_id = desk.world.apply(desk.round_id, division)
        desk.world.do(f"application:{application_id}", "fill_in", "submit")
    with desk.at(desk.city) as (session, city):
        page = user_tasks.todo(session, city, size=2)
        assert (len(page.rows), page.total, page.pages) == (2, 3, 2)
        rest = user_tasks.todo(session, city, number=2, size=2)
        assert (len(rest.rows), rest.total) == (1, 3)
        beyond = user_tasks.todo(session, city, number=9, size=2)
        assert (beyond.rows, beyond.total) == ([], 3)
        ids = [row.id for row in (*page.rows, *rest.rows)]
        assert len(set(ids)) == 3
    assert executed() == one <= 4


def test_the_earliest_due_stands_first(desk: Desk) -> None:
    desk.submit()
    desk.world.advance(1)
    later = desk.world.apply(desk.round_id, desk.counties[1])
    desk.world.do(f"application:{later}", "fill_in", "submit")
    with desk.at(desk.city) as (session, city):
        due = [row.due_at for row in user_tasks.todo(session, city).rows]
    assert None not in due
    assert due[0] < due[1]  # type: ignore[operator]


# One task's page.


def test_a_task_page_shows_forms_decisions_and_where_the_case_stands(desk: Desk) -> None:
    with desk.at(desk.county) as (session, actor):
        view = user_tasks.view(session, actor, desk.task("fill_in"))
        assert view.may_complete
        assert [(form.key, form.editable, form.version) for form in view.forms] == [
            ("report", True, 0),
            ("recommendation", True, 0),
        ]
        assert list(view.decisions) == ["submit", "withdraw"]
        assert view.owner == desk.office(desk.county)
        assert view.subject.business_key == desk.key
        assert "fill_in" in diagrams.get(session, actor, desk.key).current
        assert [step.name for step in view.course] == [view.user_task.name]


def test_a_task_page_takes_a_bounded_number_of_statements(desk: Desk) -> None:
    desk.submit()
    desk.world.advance(1)
    desk.world.do(desk.key, "city_review", "return", opinion="请核对数据。")
    desk.world.advance(1)
    desk.submit()
    task = desk.task("city_review")
    for _ in range(2):  # The first time fills the caches of definitions and forms.
        with desk.at(desk.city) as (session, actor), statements(session) as executed:
            view = user_tasks.view(session, actor, task)
    assert len(executed) <= 15
    assert [step.decision for step in view.course] == ["提交申报材料", "退回修改", "提交申报材料", ""]
    assert view.course[1].opinion == "请核对数据。"
    assert {form.key for form in view.materials} == {"report", "recommendation"}
    assert not any(form.editable for form in view.materials)


def test_a_task_of_a_case_that_has_not_come_so_far_is_hidden(desk: Desk) -> None:
    task = desk.task("fill_in")
    for division in (desk.city, desk.province, desk.counties[1]):
        with desk.at(division) as (session, stranger):
            with pytest.raises(UserTaskHidden):
                user_tasks.view(session, stranger, task)
            with pytest.raises(UserTaskHidden):
                user_tasks.complete(session, desk.engine, stranger, task, decision="withdraw")
    with desk.at(desk.county) as (session, actor), pytest.raises(UserTaskHidden):
        user_tasks.view(session, actor, "nothing")


def test_who_sees_a_case_reads_anothers_task_but_does_not_touch_it(desk: Desk, tmp_path: Path) -> None:
    desk.submit()
    task = desk.task("city_review")
    with desk.at(desk.county) as (session, applicant):
        view = user_tasks.view(session, applicant, task)
        assert (view.may_complete, view.may_attach) == (False, False)
        owner = desk.office(desk.city)
        with pytest.raises(NotYours, match=f"这项任务由{owner}办理"):
            user_tasks.complete(session, desk.engine, applicant, task, decision="agree", opinion="同意")
        with pytest.raises(NotYours):
            user_tasks.claim(session, desk.engine, applicant, task)
        with pytest.raises(NotYours):
            user_tasks.save_draft(session, desk.engine, applicant, task, "report", {}, version=0)
        with pytest.raises(NotYours):
            user_tasks.attach(
                session,
                desk.engine,
                applicant,
                task,
                tmp_path,
                io.BytesIO(PDF),
                name="甲.pdf",
                maximum_bytes=1000,
            )


def test_what_is_given_to_one_person_is_sealed_from_all_others(desk: Desk) -> None:
    with desk.database.write() as session:
        now = desk.world.clock.now()
        member, other = (
            people.create(session, login=f"expert.{name}.{desk.county}", name=name, now=now).id
            for name in ("a", "b")
        )
        for person_id in (member, other):
            people.join(session, person_id, people.EXPERT, now=now)
        template = session.get_one(UserTask, desk.task("fill_in"))
        sheet = UserTask(
            id=new_id(),
            instance_id=template.instance_id,
            business_key=desk.key,
            element_id="fill_in",
            name="评分",
            office=None,
            division=None,
            assignee_id=member,
            created_at=template.created_at,
            form_keys=["report"],
            decisions={},
            status=UserTaskStatus.OPEN,
        )
        session.add(sheet)
        session.flush()
        mine, theirs = access.actor(session, member, now), access.actor(session, other, now)
        assert user_tasks.view(session, mine, sheet.id).may_complete
        assert [row.id for row in user_tasks.todo(session, mine).rows] == [sheet.id]
        assert user_tasks.todo(session, theirs).rows == []
        applicant = desk.world.official(session, offices.INDUSTRY, desk.county)
        for somebody in (theirs, applicant):
            with pytest.raises(UserTaskHidden):
                user_tasks.view(session, somebody, sheet.id)


def test_those_who_score_an_application_are_counted_and_not_named_on_it(desk: Desk) -> None:
    with desk.database.write() as session:
        began = desk.world.clock.now()
        hour = timedelta(hours=1)
        template = session.get_one(UserTask, desk.task("fill_in"))
        members = [
            people.create(session, login=f"member.{number}.{desk.county}", name=f"委员{number}", now=began).id
            for number in range(4)
        ]

        def asked(member: int, created: int, completed: int | None, status: UserTaskStatus) -> None:
            session.add(
                UserTask(
                    id=new_id(),
                    instance_id=template.instance_id,
                    business_key=desk.key,
                    element_id="score",
                    name="评分",
                    assignee_id=members[member],
                    created_at=began + created * hour,
                    completed_at=None if completed is None else began + completed * hour,
                    completed_by=members[member] if status == UserTaskStatus.COMPLETED else None,
                    form_keys=[],
                    decisions={},
                    status=status,
                )
            )

        # Three are asked, the third leaves and the fourth takes the seat; then all three score once more.
        asked(0, 0, 1, UserTaskStatus.COMPLETED)
        asked(1, 0, 3, UserTaskStatus.COMPLETED)
        asked(2, 0, 2, UserTaskStatus.WITHDRAWN)
        asked(3, 2, 4, UserTaskStatus.COMPLETED)
        for member in (0, 1):
            asked(member, 5, None, UserTaskStatus.OPEN)
        asked(3, 5, 6, UserTaskStatus.COMPLETED)
        session.flush()

        def told(person_id: str) -> list[tuple[str, str, str]]:
            actor = access.actor(session, person_id, began)
            course = views.course(session, actor, desk.key)
            return [(step.name, step.person, step.status) for step in course if "评分" in step.name]

        applicant = desk.world.official(session, offices.INDUSTRY, desk.county)
        assert told(applicant.person_id) == [
            ("评分（3 人，已交 3 人）", "", "completed"),
            ("评分（3 人，已交 1 人）", "", "open"),
        ]
        assert sorted(told(members[0])) == [
            ("评分", "委员0", "completed"),
            ("评分", "委员0", "open"),
            ("评分（2 人，已交 1 人）", "", "open"),
            ("评分（2 人，已交 2 人）", "", "completed"),
        ]


# Drafts.


def test_a_draft_is_kept_from_version_to_version_and_its_problems_are_told(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        saved = user_tasks.save_draft(
            session, desk.engine, actor, task, "recommendation", {"city": " 余杭区 "}, version=0
        )
        assert saved.version == 1
        assert any(problem.pointer and "填写" in problem.message for problem in saved.problems)
        again = user_tasks.save_draft(
            session, desk.engine, actor, task, "recommendation", {"city": "余杭"}, version=1
        )
        assert again.version == 2
        view = user_tasks.view(session, actor, task)
        shown = {form.key: form for form in view.forms}["recommendation"]
        assert (shown.version, shown.content["city"]) == (2, "余杭")
        assert shown.saved_by == actor.name


def test_of_two_colleagues_the_slower_reads_who_changed_the_draft_and_when(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county, "王芳") as (session, actor):
        user_tasks.save_draft(session, desk.engine, actor, task, "report", {}, version=0)
    message = f"草稿已由王芳于{desk.today}修改"
    with desk.at(desk.county) as (session, actor), pytest.raises(DraftChanged, match=message):
        user_tasks.save_draft(session, desk.engine, actor, task, "report", {}, version=0)


def test_only_a_form_of_the_task_takes_a_draft(desk: Desk) -> None:
    with desk.at(desk.county) as (session, actor):
        for key in ("quota", "nothing"):
            with pytest.raises(FormUnknown):
                user_tasks.save_draft(session, desk.engine, actor, desk.task("fill_in"), key, {}, version=0)
        with pytest.raises(FormInvalid):
            user_tasks.save_draft(
                session, desk.engine, actor, desk.task("fill_in"), "report", ["no", "object"], version=0
            )


# Completing.


def test_a_form_with_faults_is_refused_at_its_cells_and_nothing_is_saved(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        user_tasks.save_draft(
            session, desk.engine, actor, task, "recommendation", {"city": "余杭"}, version=0
        )
    with desk.at(desk.county) as (session, actor), pytest.raises(FormInvalid) as refused:
        user_tasks.complete(session, desk.engine, actor, task, decision="submit")
    assert set(refused.value.forms) == {"report", "recommendation"}
    assert all(
        problem.place.startswith(("/report/", "/recommendation/")) for problem in refused.value.problems
    )
    assert not any(problem.place == "/recommendation/city" for problem in refused.value.problems)
    with desk.database.read() as session:
        assert session.get_one(UserTask, task).status == "open"
        assert [desk.submissions(session, key) for key in ("report", "recommendation")] == [0, 0]
        assert forms.draft(session, task, "recommendation") is not None


def test_what_was_saved_as_draft_is_what_is_submitted(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        contents = desk.contents(session, actor, task)
        for key, content in contents.items():
            user_tasks.save_draft(session, desk.engine, actor, task, key, content, version=0)
        user_tasks.complete(session, desk.engine, actor, task, decision="submit")
        for key in contents:
            submitted = forms.latest(session, desk.key, key)
            assert submitted is not None
            assert submitted.submitted_by == actor.person_id
            assert forms.draft(session, task, key) is None
    assert desk.world.open_tasks(desk.key) == ["city_review"]


def test_what_is_handed_over_goes_before_the_draft(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        contents = desk.contents(session, actor, task)
        user_tasks.save_draft(session, desk.engine, actor, task, "report", {}, version=0)
        with pytest.raises(FormUnknown):
            user_tasks.complete(
                session, desk.engine, actor, task, decision="submit", contents={**contents, "quota": {}}
            )
        user_tasks.complete(session, desk.engine, actor, task, decision="submit", contents=contents)
    assert desk.world.open_tasks(desk.key) == ["city_review"]


def test_what_is_withdrawn_hands_nothing_in(desk: Desk) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        contents = desk.contents(session, actor, task)
        user_tasks.save_draft(session, desk.engine, actor, task, "report", contents["report"], version=0)
        user_tasks.complete(session, desk.engine, actor, task, decision="withdraw")
        assert forms.latest(session, desk.key, "report") is None
    assert desk.world.open_tasks(desk.key) == []


def test_who_sends_back_need_not_fill_in_the_form_and_hands_none_in(desk: Desk) -> None:
    desk.submit()
    desk.world.do(desk.key, "city_review", "agree")
    task = desk.task("province_review")
    with desk.at(desk.province) as (session, actor):
        before = forms.latest(session, desk.key, "recommendation")
        with pytest.raises(FormInvalid):
            user_tasks.complete(session, desk.engine, actor, task, decision="agree", opinion="同意。")
        filled = desk.contents(session, actor, task)
        user_tasks.complete(
            session, desk.engine, actor, task, decision="return", opinion="缺少公章。", contents=filled
        )
        after = forms.latest(session, desk.key, "recommendation")
        assert before is not None
        assert after is not None
        assert after.id == before.id
    assert desk.world.open_tasks(desk.key) == ["fill_in"]


def test_who_refuses_need_not_fill_in_the_form_but_what_holds_is_kept(desk: Desk) -> None:
    for is_filled in (False, True):
        other = desk.another()
        other.submit()
        other.world.do(other.key, "city_review", "agree")
        task = other.task("province_review")
        with other.at(other.province) as (session, actor):
            before = other.submissions(session, "recommendation")
            contents = other.contents(session, actor, task) if is_filled else {}
            user_tasks.complete(
                session,
                other.engine,
                actor,
                task,
                decision="refuse",
                opinion="不符合条件。",
                contents=contents,
            )
            assert other.submissions(session, "recommendation") == before + is_filled


def test_who_sends_back_says_why(desk: Desk) -> None:
    desk.submit()
    task = desk.task("city_review")
    with desk.at(desk.city) as (session, actor):
        assert set(user_tasks.view(session, actor, task).opinion_needed) >= {"return", "refuse"}
        for opinion in (None, "", "  \n"):
            with pytest.raises(OpinionNeeded, match="作出“退回修改”的决定") as refused:
                user_tasks.complete(session, desk.engine, actor, task, decision="return", opinion=opinion)
            assert refused.value.problems[0].place == "/opinion"
    assert desk.world.open_tasks(desk.key) == ["city_review"]


def test_opinion_and_forms_are_bound_into_the_history_by_digest_alone(desk: Desk) -> None:
    desk.submit()
    desk.world.do(desk.key, "city_review", "return", opinion="第三项数据有误。")
    with desk.database.read() as session:
        (opinion,) = opinions.of(session, desk.key)
        instance_id = session.get_one(UserTask, desk.task("city_review")).instance_id
        answers = [e for e in history.of_chain(session, instance_id) if e.type == "user_task_completed"]
        report = forms.latest(session, desk.key, "report")
        assert report is not None
        assert answers[0].data["forms"]["report"] == report.id
        assert (
            seals.of(report)["form_submission"].items()
            <= answers[0].data["sealed"]["form_submission"].items()
        )
        assert answers[1].data["opinion_id"] == opinion.id
        assert answers[1].data["sealed"] == seals.of(opinion)
        assert "有误" not in str([event.data for event in history.of_chain(session, instance_id)])
        assert history.verify(session) == []


def test_a_deadline_that_passed_has_withdrawn_the_task(database: Database) -> None:
    world = World(database)
    desk = Desk(world, world.open_round(), 0)
    task = desk.task("fill_in")
    desk.world.advance_to("2018-04-12")
    with desk.at(desk.county) as (session, actor):
        view = user_tasks.view(session, actor, task)
        assert (view.may_complete, view.forms) == (False, [])
        with pytest.raises(UserTaskWithdrawn, match="的办理期限已过，任务已于2018年4月"):
            user_tasks.complete(session, desk.engine, actor, task, decision="submit")


# Attachments.


def test_a_file_is_attached_and_taken_away_while_the_task_is_open(desk: Desk, tmp_path: Path) -> None:
    task = desk.task("fill_in")

    def attach(session: Session, actor: Actor) -> str:
        return user_tasks.attach(
            session,
            desk.engine,
            actor,
            task,
            tmp_path,
            io.BytesIO(PDF),
            name="佐证.pdf",
            maximum_bytes=1000,
        ).id

    with desk.at(desk.county) as (session, actor):
        first, second = attach(session, actor), attach(session, actor)
        user_tasks.detach(session, desk.engine, actor, task, first)
        assert [each.id for each in user_tasks.view(session, actor, task).attachments] == [second]
        with pytest.raises(AttachmentMissing):
            user_tasks.detach(session, desk.engine, actor, task, first)
        with pytest.raises(AttachmentMissing):
            user_tasks.detach(session, desk.engine, actor, task, "nothing")
    desk.submit()
    with desk.at(desk.county) as (session, actor), pytest.raises(UserTaskClosed):
        user_tasks.detach(session, desk.engine, actor, task, second)
    with desk.database.read() as session:
        instance_id = session.get_one(UserTask, task).instance_id
        types = [event.type for event in history.of_chain(session, instance_id)]
    assert types.count("attachment_added") == 2
    assert types.count("attachment_removed") == 1


def test_a_form_may_name_only_files_of_its_own_case(desk: Desk, tmp_path: Path) -> None:
    task = desk.task("fill_in")
    with desk.at(desk.county) as (session, actor):
        stranger = attachments.add(
            session,
            tmp_path,
            io.BytesIO(PDF),
            name="他人.pdf",
            business_key="application:another",
            user_task_id=None,
            person_id=None,
            now=desk.world.clock.now(),
            maximum_bytes=1000,
        )
        contents = desk.contents(session, actor, task)
        view = user_tasks.view(session, actor, task)
        form, key = next(
            (form.key, field.key)
            for form in view.forms
            for field in form.compiled.definition.fields.values()
            if field.kind == "files"
        )
        contents[form][key] = [{"name": "他人.pdf", "size": stranger.size, "sha256": stranger.sha256}]
        with pytest.raises(FilesMissing, match=r"附件“他人\.pdf”已不在本件附件中"):
            user_tasks.complete(session, desk.engine, actor, task, decision="submit", contents=contents)
        user_tasks.attach(
            session, desk.engine, actor, task, tmp_path, io.BytesIO(PDF), name="他人.pdf", maximum_bytes=1000
        )
        user_tasks.complete(session, desk.engine, actor, task, decision="submit", contents=contents)
    assert desk.world.open_tasks(desk.key) == ["city_review"]
