"""The engine: BPMN definitions, instances, user tasks, timers, messages and history."""
