"""Whole numbers as people and programs send them, of pages and API alike."""

DIGITS = 9
LARGEST = 10**DIGITS - 1  # Whatever counts something stays far below, and every database holds it.


def whole(text: str) -> int | None:
    """A number from 0 to LARGEST; None where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
