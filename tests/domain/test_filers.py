"""Who filed an objection: told to those who handle it, and kept from those whose listing it is about."""

import pytest

from service.api.objections import ObjectionViewSchema
from service.domain import notices, offices, overviews, user_tasks, visibility
from service.domain.access import Actor, ActorMembership
from service.domain.attachments import Attachment, AttachmentMissing
from service.domain.notices import Listed
from service.domain.rounds import Round
from service.store.database import new_id
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, MINISTRY, ZHEJIANG, World


def test_who_filed_it_is_told_to_the_ministry_and_to_auditors_alone(world: World) -> None:
    round_id, ids = accepted_rows(world, [HANGZHOU])
    with world.database.write() as session:
        listed = [Listed(ids[HANGZHOU], HANGZHOU, "浙江省杭州市")]
        round_ = session.get_one(Round, round_id)
        notice = notices.prepare(context(session), round_, listed, title="公示", text="", contact="李四")
        notices.publish(context(session), notice.id, {"working_days": 5, "count_first_day": False})
        notice_id = notice.id
    objection = world.object_to(notice_id, ids[HANGZHOU])
    key = f"objection:{objection}"
    world.decide_objection(objection, "mendable")
    with world.database.write() as session:
        file = Attachment(
            id=new_id(),
            business_key=key,
            name="举报信.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at=world.clock.now(),
        )
        session.add(file)
        session.flush()
        province = world.official(session, offices.INDUSTRY, ZHEJIANG)
        ministry = world.official(session, *MINISTRY)
        auditor = Actor("auditor", "审计", (ActorMembership("", "", "auditor"),))
        for actor in (ministry, auditor):
            view = overviews.of_objection(session, actor, objection)
            assert (view.filer, view.contact, view.filer_withheld) == ("张三", "13800000000", False)
            assert visibility.attachment(session, actor, file.id) is file
            assert visibility.attachments_of(session, actor, key) == [file]
        view = overviews.of_objection(session, province, objection)
        told = ObjectionViewSchema().dump(view)
        assert told["filer_withheld"]
        assert (told["filer"], told["contact"]) == (None, None)
        assert told["attachments"] == []
        assert told["statement"] == "技术改造投资数据不实。"
        (task,) = world.tasks(session, key)
        assert task.element_id == "mend"
        assert user_tasks.view(session, province, task.id).attachments == []
        with pytest.raises(AttachmentMissing):
            visibility.attachment(session, province, file.id)
