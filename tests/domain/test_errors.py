"""Errors: every one has a Chinese sentence for its message, with its fields filled in."""

import importlib
import inspect
import pkgutil
import re
import string

import service.domain
from service.domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Problem
from service.domain.forms.errors import FormError, ParameterMissing, RowsMissing

FAMILIES = {Invalid, Forbidden, NotFound, Conflict}
# Faults of an edition, which its check finds before it is published: the reader can do nothing about them.
OF_THE_EDITION = {FormError, RowsMissing, ParameterMissing}


class CakeEaten(Conflict):
    """蛋糕已被{who}吃完。"""


def every_error(family: type[DomainError] = DomainError) -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(service.domain.__path__, "service.domain."):
        importlib.import_module(module.name)
    found = set()
    waiting = [family]
    while waiting:
        for error in waiting.pop().__subclasses__():
            found.add(error)
            waiting.append(error)
    return {error for error in found if error.__module__.startswith("service.domain")}


def test_the_docstring_with_its_fields_is_the_message() -> None:
    error = CakeEaten(who="张三")
    assert str(error) == error.message == "蛋糕已被张三吃完。"
    assert error.fields == {"who": "张三"}


def test_invalid_counts_its_problems() -> None:
    error = Invalid([Problem("/name", "请填写姓名。"), Problem("/age", "请填写年龄。")])
    assert str(error) == "填写的内容有 2 处需要改正。"


def test_an_error_of_one_fault_is_its_own_problem() -> None:
    class NameTooShort(Invalid):
        """姓名“{name}”太短。"""

        place = "/name"

    assert NameTooShort(name="一").problems == [Problem("/name", "姓名“一”太短。")]


def test_a_brace_in_a_field_is_no_field() -> None:
    assert str(CakeEaten(who="{who}")) == "蛋糕已被{who}吃完。"


def test_every_domain_error_belongs_to_a_family_and_says_so_in_chinese() -> None:
    for error in every_error():
        assert error in OF_THE_EDITION | FAMILIES or FAMILIES & set(error.__mro__), error.__name__
        message = inspect.cleandoc(error.__doc__ or "")
        names = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
        assert "" not in names, f"{error.__name__} has a field without a name"
        text = re.sub(r"{\w+}", "", message)
        assert re.search("[一-鿿]", text) or names == {"message"}, f"{error.__name__}: {message}"
        assert "\n" not in message, f"{error.__name__} runs over more than one line"
