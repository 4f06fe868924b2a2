"""SpiffWorkflow's parser, with Laurel's extensions, and with what it decides silently taken out."""

from collections.abc import Mapping
from typing import Any

DECISION_SERVICE = "decision:"
"""A business rule task becomes a service task whose operation is this prefix and the decision's id, without
parameters: the script engine's `call_service` passes it to `decisions.decide`."""

__all__ = ["DECISION_SERVICE", "Any", "Mapping"]
