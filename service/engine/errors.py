"""What can go wrong in the engine. A class's docstring is its message; {…} are its arguments."""

from datetime import datetime
from typing import Any, ClassVar

from service.clock import SHANGHAI


class EngineError(Exception):
    """流程引擎无法完成这一步。"""

    fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *values: Any) -> None:
        if len(values) != len(self.fields):
            raise TypeError(f"{type(self).__name__} takes {self.fields}")
        super().__init__(*values)
        for name, value in zip(self.fields, values, strict=True):
            setattr(self, name, value)

    def __str__(self) -> str:
        shown = {name: _shown(getattr(self, name)) for name in self.fields}
        return (type(self).__doc__ or "").strip().format(**shown)


class NotFound(EngineError):
    """找不到这项内容（{what}），它可能已被删除，或链接有误。"""

    fields = ("what",)
    what: str


class Conflict(EngineError):
    """这项内容刚被别人改过，请刷新页面后再试。"""


class UserTaskClosed(Conflict):
    """“{name}”已由{who}于{when}办结（{decision}），本次提交没有生效。请刷新页面查看结果。"""

    fields = ("name", "who", "when", "decision")
    name: str
    who: str | None
    when: datetime
    decision: str | None


class UserTaskWithdrawn(Conflict):
    """“{name}”已于{when}随流程推进而撤回，不再需要办理。请刷新页面查看流程现状。"""

    fields = ("name", "when")
    name: str
    when: datetime


class UserTaskLapsed(UserTaskWithdrawn):
    """“{name}”的办理期限已过，任务已于{when}撤回，不能再提交；没有提交的草稿不算报送。请刷新页面查看流程现状。"""


class DeadlinePassed(Conflict):
    """“{name}”的办理期限已过，不能再提交。流程正在转入下一步，请稍后刷新页面查看。"""

    fields = ("name",)
    name: str


class AlreadyClaimed(Conflict):
    """“{name}”已由{who}于{when}签收，正在办理。请与其联系，或等其退回签收后再办理。"""

    fields = ("name", "who", "when")
    name: str
    who: str
    when: datetime


class NotClaimed(Conflict):
    """“{name}”没有被您签收，无需退回签收。请刷新页面查看现状。"""

    fields = ("name",)
    name: str


class NothingClaimed(Conflict):
    """“{name}”现在没有人签收，无需解除。请刷新页面查看现状。"""

    fields = ("name",)
    name: str


class VersionChanged(Conflict):
    """这一流程在您打开页面后又有进展（您看到的是第{seen}版，现为第{current}版）。请刷新页面，核对后再提交。"""

    fields = ("seen", "current")
    seen: int
    current: int


class InstanceSuspended(Conflict):
    """这一流程已暂停，恢复之前不能办理。请联系管理员。"""


class InstanceEnded(Conflict):
    """这一流程已经结束，不能再办理。"""


class NotSuspended(Conflict):
    """这一流程没有暂停，无需恢复。"""


class NotPersonal(Conflict):
    """“{name}”不是指定个人办理的任务，不能改派；请由本单位的其他人员签收办理。"""

    fields = ("name",)
    name: str


class NotReassignable(EngineError):
    """“{name}”的办理人由表达式 {expression} 得出，不能改派。请联系管理员改正流程定义。"""

    fields = ("name", "expression")
    name: str
    expression: str


class VariableMissing(EngineError):
    """流程中待办的步骤都没有变量 {variable}，不能更改。请联系管理员检查流程定义。"""

    fields = ("variable",)
    variable: str


class DecisionMissing(EngineError):
    """请选择一项决定（{choices}），再提交。"""

    fields = ("choices",)
    choices: str


class DecisionUnknown(EngineError):
    """“{name}”没有“{decision}”这一选项。可选的有：{choices}。"""

    fields = ("name", "decision", "choices")
    name: str
    decision: str
    choices: str


class ConditionFailed(EngineError):
    """流程走到“{element}”时没有一个分支的条件成立，因此没有保存任何改动。请联系管理员检查这一网关的条件。"""

    fields = ("element",)
    element: str


class InstanceStuck(EngineError):
    """流程走过“{element}”之后既没有结束，也不再等待任何人、时间或消息，因此没有保存任何改动。请管理员检查流程定义。"""

    fields = ("element",)
    element: str


class EndlessLoop(EngineError):
    """流程在“{element}”附近循环不止，没有一步需要人来办理，因此没有保存任何改动。请联系管理员改正流程定义。"""

    fields = ("element",)
    element: str


class TimerInvalid(EngineError):
    """计时器“{element}”的表达式 {expression} 得到 {value}，不是带时区的时间或时长。请管理员改正流程定义。"""

    fields = ("element", "expression", "value")
    element: str
    expression: str
    value: Any


class DueInvalid(EngineError):
    """“{element}”的办理期限表达式 {expression} 得到 {value}，不是带时区的时间。请管理员改正流程定义。"""

    fields = ("element", "expression", "value")
    element: str
    expression: str
    value: Any


class DataRefused(EngineError):
    """流程变量 {path} 不能保存：{reason}。"""

    fields = ("path", "reason")
    path: str
    reason: str


class ServiceUnknown(EngineError):
    """“{element}”要调用的服务 {name} 没有登记。请联系管理员检查流程定义。"""

    fields = ("element", "name")
    element: str
    name: str


class EffectUnknown(EngineError):
    """办结“{element}”要做的 {name} 没有登记，因此没有保存任何改动。请联系管理员检查流程定义。"""

    fields = ("element", "name")
    element: str
    name: str


class AssignmentUnknown(EngineError):
    """“{element}”没有办理人：既没有 office，也不在任何泳道里。请联系管理员改正流程定义。"""

    fields = ("element",)
    element: str


class StepFailed(EngineError):
    """流程走到“{element}”时出错，因此没有保存任何改动：{reason}"""

    fields = ("element", "reason")
    element: str
    reason: str


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI)
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return "系统" if value is None else str(value)
