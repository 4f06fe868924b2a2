"""SpiffWorkflow's parser, with what it would decide in silence taken out.

The drawing decides nothing (flows keep the order of the XML), gateways and multi-instances are those of
`specs`, and a business rule task calls the project's own decision tables. Properties, form keys and lanes are
read by `documents`, not here.
"""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import EventBasedGatewayParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ParallelGateway,
    StartEvent,
)
from SpiffWorkflow.spiff.parser.event_parsers import (
    SpiffBoundaryEventParser,
    SpiffEndEventParser,
    SpiffIntermediateCatchEventParser,
    SpiffIntermediateThrowEventParser,
    SpiffStartEventParser,
)
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser, SpiffProcessParser
from SpiffWorkflow.spiff.parser.task_spec import (
    CallActivityParser,
    ScriptTaskParser,
    ServiceTaskParser,
    SpiffTaskParser,
    SubWorkflowParser,
    UserTaskParser,
)
from SpiffWorkflow.spiff.specs.defaults import CallActivity, ScriptTask, SubWorkflowTask, UserTask

from service.engine.documents import decision_reference, result_variable
from service.engine.specs import (
    DataPath,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    ServiceTask,
)

DECISION_SERVICE = "decision:"
"""A business rule task becomes a service task whose operation is this prefix and the decision's id, without
parameters: the script engine's `call_service` passes it to `decisions.decide`."""


class _ProcessParser(SpiffProcessParser):
    def get_position(self, node_id: str) -> dict[str, float]:
        """The same for all, so that outgoing flows keep the order of the XML: the drawing decides nothing."""
        return {"x": 0.0, "y": 0.0}


class _MultiInstances(SpiffTaskParser):
    PARALLEL_MI_CLASS = ParallelMultiInstanceTask
    SEQUENTIAL_MI_CLASS = SequentialMultiInstanceTask

    def _add_multiinstance_task(self, loop_characteristics: etree._Element) -> None:
        super()._add_multiinstance_task(loop_characteristics)
        if self.task.data_input is not None:
            self.task.data_input = DataPath(self.task.data_input.bpmn_id)


class _UserTaskParser(_MultiInstances, UserTaskParser):
    pass


class _ServiceTaskParser(_MultiInstances, ServiceTaskParser):
    pass


class _ScriptTaskParser(_MultiInstances, ScriptTaskParser):
    pass


class _SubWorkflowParser(_MultiInstances, SubWorkflowParser):
    pass


class _CallActivityParser(_MultiInstances, CallActivityParser):
    pass


class _DecisionParser(_MultiInstances):
    @staticmethod
    def get_decision_ref(node: etree._Element) -> str | None:
        """For the parser's list of dependencies, which it makes of every businessRuleTask."""
        return decision_reference(node)

    def create_task(self) -> Any:
        return self.spec_class(
            self.spec,
            self.bpmn_id,
            operation_name=DECISION_SERVICE + str(decision_reference(self.node)),
            operation_params={},
            result_variable=result_variable(self.node),
            **self.bpmn_attributes,
        )


class Parser(SpiffBpmnParser):
    """The elements that `lint` trusts, and no others."""

    PROCESS_PARSER_CLASS = _ProcessParser
    PARSER_CLASSES: dict[str, Any] = {  # noqa: RUF012
        full_tag("startEvent"): (SpiffStartEventParser, StartEvent),
        full_tag("endEvent"): (SpiffEndEventParser, EndEvent),
        full_tag("intermediateCatchEvent"): (SpiffIntermediateCatchEventParser, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (SpiffIntermediateThrowEventParser, IntermediateThrowEvent),
        full_tag("boundaryEvent"): (SpiffBoundaryEventParser, BoundaryEvent),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, ExclusiveGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveGateway),
        full_tag("parallelGateway"): (GatewayParser, ParallelGateway),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, EventBasedGateway),
        full_tag("userTask"): (_UserTaskParser, UserTask),
        full_tag("serviceTask"): (_ServiceTaskParser, ServiceTask),
        full_tag("scriptTask"): (_ScriptTaskParser, ScriptTask),
        full_tag("businessRuleTask"): (_DecisionParser, ServiceTask),
        full_tag("subProcess"): (_SubWorkflowParser, SubWorkflowTask),
        full_tag("callActivity"): (_CallActivityParser, CallActivity),
    }
    OVERRIDE_PARSER_CLASSES: dict[str, Any] = {}  # noqa: RUF012
