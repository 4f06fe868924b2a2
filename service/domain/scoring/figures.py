"""Figures as they are published: rounded half up, once, with all their decimals."""

from fractions import Fraction


def published(figure: Fraction, places: int = 2) -> Fraction:
    """`figure`, which is not negative, rounded half up to `places` decimals."""
    unit = 10**places
    return Fraction((figure * unit + Fraction(1, 2)).__floor__(), unit)


def text(figure: Fraction, places: int = 2) -> str:
    """A published figure with all its decimals: `95.30`."""
    whole, part = divmod(int(figure * 10**places), 10**places)
    return f"{whole}.{part:0{places}}" if places else str(whole)
