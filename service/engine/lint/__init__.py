"""The lint of BPMN and DMN files: one module a rule or family of rules."""
