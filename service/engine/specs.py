"""Task specs that refuse what SpiffWorkflow's own let pass in silence. The import registers converters."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.serializer.default.task_spec import (
    ConditionalGatewayConverter,
    ExclusiveGatewayConverter,
)
from SpiffWorkflow.bpmn.serializer.helpers.spec import BpmnDataSpecificationConverter
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway as StockExclusiveGateway
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway as StockInclusiveGateway
from SpiffWorkflow.spiff.serializer.task_spec import ServiceTaskConverter, SpiffMultiInstanceConverter
from SpiffWorkflow.spiff.specs import defaults as stock
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.errors import ConditionFailed, EngineError
from service.engine.expressions import ExpressionFailed
from service.engine.serializer import SERIALIZER
from service.engine.values import Fault, kind, truth


class ConditionInvalid(EngineError):
    """网关“{gateway}”的条件 {expression} 无法判断：{reason}没有保存任何改动。请联系管理员检查这一条件。"""

    fields: ClassVar[tuple[str, ...]] = ("gateway", "expression", "reason")
    gateway: str
    expression: str
    reason: str


class ConditionsOverlap(EngineError):
    """网关“{gateway}”的条件 {expressions} 同时成立。没有保存任何改动。请联系管理员检查这些条件。"""

    fields: ClassVar[tuple[str, ...]] = ("gateway", "expressions")
    gateway: str
    expressions: str


class CollectionInvalid(EngineError):
    """“{element}”要为 {collection} 里的每一项各生成一份任务，但它是{kind}。它应是一组“键: 值”的数据。"""

    fields: ClassVar[tuple[str, ...]] = ("element", "collection", "kind")
    element: str
    collection: str
    kind: str


def _title(task: Task) -> str:
    return task.task_spec.bpmn_name or task.task_spec.bpmn_id


def _holds(task: Task, expression: str) -> bool:
    try:
        return truth(task.workflow.script_engine.evaluate(task, expression), "条件")
    except ExpressionFailed as error:
        raise ConditionInvalid(_title(task), error.expression, error.reason) from error
    except Fault as error:
        raise ConditionInvalid(_title(task), expression, str(error)) from error


class ExclusiveGateway(StockExclusiveGateway):
    """Evaluates every condition: the stock one takes the first that is true, by the drawing's y."""

    def _run_hook(self, my_task: Task) -> bool:
        hits = [
            (condition.args[0], name)
            for condition, name in self.cond_task_specs
            if condition is not None and _holds(my_task, condition.args[0])
        ]
        if len(hits) > 1:
            raise ConditionsOverlap(_title(my_task), "、".join(expression for expression, _ in hits))
        chosen = hits[0][1] if hits else self.default_task_spec
        if chosen is None:
            raise ConditionFailed(_title(my_task))
        my_task._sync_children([my_task.workflow.spec.get_task_spec_from_name(chosen)], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class InclusiveGateway(StockInclusiveGateway):
    """Every condition that is true; none and no default is an error that names the gateway."""

    def _get_matching_outputs(self, my_task: Task) -> tuple[list[Any], list[Any]]:
        spec = my_task.workflow.spec
        matches, defaults = [], []
        for condition, name in self.cond_task_specs:
            if condition is None:
                defaults.append(spec.get_task_spec_from_name(name))
            elif _holds(my_task, condition.args[0]):
                matches.append(spec.get_task_spec_from_name(name))
        if not matches and not defaults:
            raise ConditionFailed(_title(my_task))
        return matches, defaults


class ServiceTask(stock.ServiceTask):
    """Keeps a result only where the file names a variable for it: the stock one then makes up a name."""

    def __init__(self, wf_spec: Any, name: str, *, result_variable: str | None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, result_variable=result_variable, **kwargs)
        self.result_variable = result_variable

    def _execute(self, task: Task) -> bool:
        result = task.workflow.script_engine.call_service(
            task, operation_name=self.operation_name, operation_params=self.evaluate_params(task)
        )
        if self.result_variable is not None:
            task.data[self.result_variable] = json.loads(result)
        return True


class DataPath(TaskDataReference):
    """A variable, or a key inside one: `scoring.members`."""

    def get(self, my_task: Task) -> Any:
        value: Any = my_task.data
        for key in self.bpmn_id.split("."):
            if not isinstance(value, Mapping) or key not in value:
                return None
            value = value[key]
        return value

    def exists(self, my_task: Task) -> bool:
        return self.get(my_task) is not None


def _require_map(spec: Any, task: Task) -> None:
    task._inherit_data()  # The stock hook does so too, but only after this.
    collection = spec.data_input.get(task)
    if not isinstance(collection, Mapping):
        raise CollectionInvalid(_title(task), spec.data_input.bpmn_id, kind(collection))


class ParallelMultiInstanceTask(stock.ParallelMultiInstanceTask):
    """Only over a map: over a list, its results come in order of completion and a loop around it fails."""

    def _update_hook(self, my_task: Task) -> bool | None:
        _require_map(self, my_task)
        return super()._update_hook(my_task)


class SequentialMultiInstanceTask(stock.SequentialMultiInstanceTask):
    """Only over a map, as the parallel one."""

    def _update_hook(self, my_task: Task) -> bool | None:
        _require_map(self, my_task)
        return super()._update_hook(my_task)


# Under the stock names, so that these are what comes back from a stored spec.
for _spec_class, _converter in (
    (ExclusiveGateway, ExclusiveGatewayConverter),
    (InclusiveGateway, ConditionalGatewayConverter),
    (ServiceTask, ServiceTaskConverter),
    (ParallelMultiInstanceTask, SpiffMultiInstanceConverter),
    (SequentialMultiInstanceTask, SpiffMultiInstanceConverter),
    (DataPath, BpmnDataSpecificationConverter),
):
    _converter(_spec_class, SERIALIZER.registry)
