"""The kinds of fields that a form can have."""

from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.row_tables import CELLS, read_table
from service.domain.forms.kinds.texts import RichText
from service.domain.forms.reading import Reader

KINDS: dict[str, Reader] = CELLS | {
    RichText.kind: RichText.read,
    MetricTable.kind: MetricTable.read,
    "table": read_table,
}
"""How to read each, by the name that a definition uses."""
