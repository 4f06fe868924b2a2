"""What the logs tell of a failure, and what they keep to themselves."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from service import logs


@pytest.fixture(autouse=True)
def set_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def fail(typed: str) -> None:
    raise ValueError(f"{len(typed)} letters")


@pytest.mark.parametrize("json", [False, True], ids=["for people", "as JSON"])
def test_a_failure_is_logged_without_what_was_typed(capsys: pytest.CaptureFixture[str], json: bool) -> None:
    logs.configure(json=json)
    password = "-".join(("a", "secret"))
    try:
        fail(password)
    except ValueError:
        structlog.get_logger().exception("request_failed")
    told = capsys.readouterr().err
    assert "request_failed" in told
    assert "ValueError" in told
    assert "8 letters" in told
    assert "test_logs.py" in told
    assert "a-secret" not in told
