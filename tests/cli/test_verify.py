"""Verifying: an untouched history holds; each way of tampering is named."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Laurel


def test_an_untouched_history_holds(laurel: Laurel) -> None:
    result = laurel("verify")
    assert result.exit_code == 0, result.output
    assert "办理记录完整（" in result.output


def test_a_history_that_was_found_whole_says_so_itself(data_folder: Path, laurel: Laurel) -> None:
    for _ in range(2):
        assert laurel("verify").exit_code == 0
    with sqlite3.connect(data_folder / "laurel.sqlite") as connection:
        types = [row[0] for row in connection.execute("SELECT type FROM history_event ORDER BY seq")]
    assert types[-2:] == ["history_verified", "history_verified"]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE history_event SET data = '{}' WHERE seq = 2",
        "UPDATE history_event SET at = '2018-01-01 00:00:00.000000' WHERE seq = 2",
        "DELETE FROM history_event WHERE seq = 2",
        "DELETE FROM history_event WHERE seq = (SELECT max(seq) FROM history_event)",
    ],
)
def test_a_row_that_was_changed_or_taken_out_is_named(
    data_folder: Path, laurel: Laurel, tampering: str
) -> None:
    with sqlite3.connect(data_folder / "laurel.sqlite") as connection:
        assert connection.execute(tampering).rowcount == 1
    result = laurel("verify")
    assert result.exit_code == 1
    assert "system" in result.output
