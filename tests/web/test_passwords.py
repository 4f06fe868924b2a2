"""Passwords: what is kept, what matches, what is refused."""

import pytest
from argon2 import PasswordHasher

from service.auth import passwords
from service.auth.errors import WeakPassword


def test_a_password_matches_its_own_digest_only() -> None:
    kept = passwords.hash_password("三月十五 开始申报")
    assert "三月" not in kept
    assert passwords.matches(kept, "三月十五 开始申报")
    assert not passwords.matches(kept, "三月十五 开始申报 ")


def test_nothing_matches_where_there_is_no_person() -> None:
    assert not passwords.matches(None, "no person has this password")
    assert not passwords.matches(None, "")


def test_a_broken_digest_matches_nothing() -> None:
    assert not passwords.matches("", "secret-enough")
    assert not passwords.matches("$argon2id$broken", "secret-enough")


def test_a_password_too_long_for_the_memory_is_not_even_tried() -> None:
    assert not passwords.matches(passwords.hash_password("a" * 300), "a" * 300)


def test_digests_of_weaker_parameters_are_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024).hash("secret-enough")
    assert passwords.outdated(weak)
    assert not passwords.outdated(passwords.hash_password("secret-enough"))


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "至少要有 10 个字符"),
        ("a" * 201, "不能超过 200"),
        ("aaabbbaaabbb", "不同的字符太少"),
        ("my-Yuhang-2018", "不能含有账号"),
    ],
)
def test_weak_passwords_are_refused_with_the_mend(password: str, says: str) -> None:
    with pytest.raises(WeakPassword, match=says):
        passwords.check_strength(password, "yuhang")
