"""Laurel: award rounds run as the policy document says, on BPMN."""
