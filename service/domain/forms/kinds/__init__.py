"""The kinds of fields that a form can have."""

from service.domain.forms.fields import Reader
from service.domain.forms.kinds.tables import CELLS, MetricTable, read_table
from service.domain.forms.kinds.texts import RichText

KINDS: dict[str, Reader] = CELLS | {
    RichText.kind: RichText.read,
    MetricTable.kind: MetricTable.read,
    "table": read_table,
}
"""How to read each, by the name that a definition uses."""
