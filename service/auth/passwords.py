"""Passwords, kept as Argon2id digests."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.auth.errors import WeakPassword

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200  # Argon2 takes more, but a megabyte of password is an attack on the memory.

_hasher = PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, three passes, four lanes.


def hash_password(password: str) -> str:
    """The digest to keep, salt and parameters included."""
    return _hasher.hash(password)


def new_hash(password: str, login: str) -> str:
    """The digest of a password that somebody is given; WeakPassword.

    Argon2 is slow on purpose: call this before a write begins, so that nobody else waits for it.
    """
    check_strength(password, login)
    return hash_password(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is no such person (`password_hash` None)."""
    if len(password) > MAXIMUM_LENGTH:
        return False
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(password_hash: str) -> bool:
    """Whether the digest was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_strength(password: str, login: str) -> None:
    """Refuse what is short, all one character or the account's own name (NIST SP 800-63B, 3.1.1.2)."""
    if len(password) < MINIMUM_LENGTH:
        raise WeakPassword(f"密码至少要有 {MINIMUM_LENGTH} 个字符，请换一个更长的密码。")
    if len(password) > MAXIMUM_LENGTH:
        raise WeakPassword(f"密码不能超过 {MAXIMUM_LENGTH} 个字符。")
    if len(set(password)) < 4:
        raise WeakPassword("密码中不同的字符太少，请换一个更难猜的密码。")
    if login and login.lower() in password.lower():
        raise WeakPassword("密码中不能含有账号本身，请换一个密码。")


@cache
def _nobody() -> str:
    return hash_password("no person has this password")
