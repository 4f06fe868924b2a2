"""What a statistics workbook is refused for; nothing of it is taken over then."""

from service.domain.errors import Invalid, NotFound


class WorkbookRefused(Invalid):
    """工作簿没有导入：{reason}"""

    place = "/file"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class WorkbookInvalid(Invalid):
    """工作簿有 {count} 处需要改正，没有导入任何内容。"""


class NoFigures(NotFound):
    """“{form}”没有可以用工作簿填写的数据表。"""
