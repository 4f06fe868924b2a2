"""Quotation marks: a title that holds some, quoted in a sentence, has single ones within (‘ ’)."""

_OPEN, _CLOSE = "“", "”"


def nested(text: str) -> str:
    """A sentence whose inner quotation marks are single ones; as it is where they do not pair."""
    if text.count(_OPEN) < 2:
        return text
    depth, written = 0, []
    for character in text:
        if character == _OPEN:
            depth += 1
            written.append(_OPEN if depth % 2 else "‘")
        elif character == _CLOSE:
            written.append(_CLOSE if depth % 2 else "’")
            depth -= 1
            if depth < 0:
                return text
        else:
            written.append(character)
    return text if depth else "".join(written)
