"""A data folder that `laurel init` set up, and the commands called on a copy of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.config import DATA_FOLDER

Laurel = Callable[..., Result]
ADMIN = "chief"


def call(folder: Path, *arguments: str) -> Result:
    """One command, in this process and away from a terminal."""
    # What may stand in the developer's own environment must not lead a test elsewhere.
    clean = dict.fromkeys(("DATABASE_URL", "SECRET_KEY", "LAUREL_PORT"))
    return CliRunner(env={**clean, DATA_FOLDER: str(folder)}).invoke(main, arguments)


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production data folder as it is after `laurel init --admin`."""
    folder = tmp_path_factory.mktemp("data") / "laurel"
    result = call(folder, "init", "--admin", ADMIN)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def data_folder(prepared_folder: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(prepared_folder, tmp_path / "laurel"))


@pytest.fixture
def laurel(data_folder: Path) -> Laurel:
    """`laurel("verify")` on that copy."""
    return lambda *arguments: call(data_folder, *arguments)
