"""What marshmallow says about a wrong field, in Chinese."""

from typing import Any

from marshmallow import Schema, fields

_MESSAGES: dict[type[fields.Field[Any]], dict[str, Any]] = {
    fields.Field: {
        "required": "请填写这一项。",
        "null": "这一项不能为空。",
        "validator_failed": "这一项的内容不正确。",
    },
    fields.String: {"invalid": "这一项应为文字。", "invalid_utf8": "这一项应为 UTF-8 编码的文字。"},
    fields.Integer: {"invalid": "这一项应为整数。"},
    fields.Number: {"invalid": "这一项应为数字。", "too_large": "这个数太大。"},
    fields.Boolean: {"invalid": "这一项应为 true 或 false。"},
    fields.List: {"invalid": "这一项应为列表。"},
    fields.Mapping: {"invalid": "这一项应为对象。"},
    fields.Nested: {"type": "这一项应为对象。"},
}


def translate() -> None:
    """Replace the English texts. marshmallow looks them up on its classes, so that is where they are set."""
    for field, texts in _MESSAGES.items():
        field.default_error_messages = texts
    Schema._default_error_messages = {
        "type": "请求的内容应为一个 JSON 对象。",
        "unknown": "没有这一项，请检查名称。",
    }
