"""The facade of user tasks for web, API and command line: 待办, 已办, a task's page, drafts, completion."""

from service.domain.user_tasks.errors import (
    ClaimReleased,
    DraftChanged,
    FilesMissing,
    FormInvalid,
    FormUnknown,
    NotYours,
    OpinionNeeded,
    UserTaskHidden,
)
from service.domain.user_tasks.lists import Row, done, todo
from service.domain.user_tasks.papers import (
    CodeUnknown,
    File,
    FormatUnknown,
    Record,
    SubmissionHidden,
    form_file,
    submission_file,
    verify,
)
from service.domain.user_tasks.suggestions import (
    CarriedOver,
    NothingToCarryOver,
    Suggested,
    carry_over,
    suggested,
    with_earlier,
)
from service.domain.user_tasks.views import FormView, Step, View, view
from service.domain.user_tasks.work import Saved, attach, claim, complete, detach, release, save_draft
from service.domain.user_tasks.workbooks import Desk, Taken, open_desk, take, template

__all__ = [
    "CarriedOver",
    "ClaimReleased",
    "CodeUnknown",
    "Desk",
    "DraftChanged",
    "File",
    "FilesMissing",
    "FormInvalid",
    "FormUnknown",
    "FormView",
    "FormatUnknown",
    "NotYours",
    "NothingToCarryOver",
    "OpinionNeeded",
    "Record",
    "Row",
    "Saved",
    "Step",
    "SubmissionHidden",
    "Suggested",
    "Taken",
    "UserTaskHidden",
    "View",
    "attach",
    "carry_over",
    "claim",
    "complete",
    "detach",
    "done",
    "form_file",
    "open_desk",
    "release",
    "save_draft",
    "submission_file",
    "suggested",
    "take",
    "template",
    "todo",
    "verify",
    "view",
    "with_earlier",
]
