"""Version codes: sixteen characters on paper that lead back to the one record they were printed from.

The first eight tell the submission (40 bits of its id, by which it is found), the next seven what was sealed
of it (35 bits of its seal), the last one is a check character. So a code belongs to one content only, can be
typed from paper, and cannot be guessed.
"""

import hmac
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.forms.submissions import FormSubmission
from service.engine import seals

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without I, L, O, which read like 1 and 0, and U."""
_ID_DIGITS, _ID, _SEAL = 10, 8, 7
LENGTH = _ID + _SEAL + 1
_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u2013": None, "\u2014": None})


def code(row: FormSubmission) -> str:
    """The code of a submission: `3F7K-9QXM-ABCD-EFGH`."""
    plain = _plain(row)
    return "-".join(plain[start : start + 4] for start in range(0, LENGTH, 4))


def read(text: str) -> str | None:
    """A code as somebody typed it, in its one spelling; None where it cannot be one (the check says so)."""
    bare = unicodedata.normalize("NFKC", text[:100]).upper().translate(_LIKE)
    if len(bare) != LENGTH or not set(bare) <= set(ALPHABET) or bare[-1] != _check(bare[:-1]):
        return None
    return bare


def find(session: Session, text: str) -> FormSubmission | None:
    """The submission that a code was printed from; None where there is none, or it is not as it was."""
    bare = read(text)
    if bare is None:
        return None
    first = f"{_number(bare[:_ID]):0{_ID_DIGITS}x}"
    rest = 32 - _ID_DIGITS
    near = FormSubmission.id.between(first + "0" * rest, first + "f" * rest)
    found = session.scalars(select(FormSubmission).where(near))
    return next((row for row in found if hmac.compare_digest(_plain(row), bare)), None)


def _plain(row: FormSubmission) -> str:
    (digest,) = seals.of(row)[FormSubmission.__tablename__].values()
    seal = int(str(digest)[:16], 16) >> (64 - 5 * _SEAL)
    data = _spell(int(row.id[:_ID_DIGITS], 16), _ID) + _spell(seal, _SEAL)
    return data + _check(data)


def _spell(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(text: str) -> int:
    number = 0
    for char in text:
        number = number << 5 | ALPHABET.index(char)
    return number


def _check(data: str) -> str:
    """One wrong character, or any two that changed places, never give the same check character.

    It is a polynomial over the field of 32 elements: each place has a weight of its own, a power of 2.
    """
    total = 0
    for char in data:
        total = _twice(total ^ ALPHABET.index(char))
    return ALPHABET[total]


def _twice(value: int) -> int:
    """2 · value modulo x⁵ + x² + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
