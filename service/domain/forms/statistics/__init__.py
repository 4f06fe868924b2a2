"""The statistics workbook: a form's tables of figures as an xlsx file, out and back into a draft."""

from service.domain.forms.statistics.errors import NoFigures, WorkbookInvalid, WorkbookRefused
from service.domain.forms.statistics.imports import Imported, read
from service.domain.forms.statistics.plans import plans
from service.domain.forms.statistics.templates import template

__all__ = ["Imported", "NoFigures", "WorkbookInvalid", "WorkbookRefused", "plans", "read", "template"]
