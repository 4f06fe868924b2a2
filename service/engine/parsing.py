"""The files of a package as the engine's specs: what a process holds, what it calls, what it decides by."""

from collections.abc import Iterable

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from service.engine import xml
from service.engine.decisions import read
from service.engine.documents import Document, Scope, decision_reference
from service.engine.packages import Package
from service.engine.parser import Parser


class ParsedPackage:
    """The files of a package that lint has let pass, parsed once."""

    def __init__(self, package: Package) -> None:
        self.documents = [Document(name, content) for name, content in package.bpmn.items()]
        self.processes = {
            process.id: process for document in self.documents for process in document.processes
        }
        self.tables = {
            decision.id: name
            for name, content in package.dmn.items()
            for decision in read(xml.parse(content, name))
        }
        self._parsers: dict[str, Parser] = {}

    def specs(
        self, process_id: str, whole: bool = True
    ) -> tuple[BpmnProcessSpec, dict[str, BpmnProcessSpec]]:
        """The spec of a process, and those of all that it holds and calls, by name."""
        subprocess_specs: dict[str, BpmnProcessSpec] = {}
        spec = self._parser(process_id).get_spec(process_id)
        pending = [(process_id, spec)]
        while pending:
            holder, holding = pending.pop()
            for task_spec in holding.task_specs.values():
                if not isinstance(task_spec, SubWorkflowTask) or task_spec.spec in subprocess_specs:
                    continue
                name = task_spec.spec
                owner = name if name in self.processes else holder
                found = self._parser(owner).get_spec(name, required=whole)
                if found is not None:
                    subprocess_specs[name] = found
                    pending.append((owner, found))
        return spec, subprocess_specs

    def called(self, process_id: str) -> list[Scope]:
        """The process, and all that it calls, itself first."""
        found = {process_id: self.processes[process_id]}
        pending = [process_id]
        while pending:
            for scope in self.processes[pending.pop()].within():
                for node in scope.nodes:
                    called = node.xml.get("calledElement")
                    if node.type == "callActivity" and called and called not in found:
                        found[called] = self.processes[called]
                        pending.append(called)
        return list(found.values())

    def decision_files(self, processes: Iterable[Scope]) -> list[str]:
        """The DMN files that the processes use."""
        references = (
            decision_reference(node.xml)
            for process in processes
            for scope in process.within()
            for node in scope.nodes
            if node.type == "businessRuleTask"
        )
        return sorted({self.tables[reference] for reference in references if reference})

    def _parser(self, process_id: str) -> Parser:
        """One a file: a parser keeps the messages of several files by id alone, and would mix them up."""
        document = self.processes[process_id].document
        if document.file not in self._parsers:
            parser = Parser()
            parser.add_bpmn_xml(document.root, document.file)
            self._parsers[document.file] = parser
        return self._parsers[document.file]
