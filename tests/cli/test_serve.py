"""Serving: the address and, in a demo, the accounts; an end on request; a port that is taken."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.config import DATA_FOLDER
from tests.cli.conftest import call

LAUREL = Path(sys.executable).parent / "laurel"
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, DATA_FOLDER: str(folder), "LAUREL_PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen([LAUREL, "serve"], env=environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def answer(port: int) -> int:
    """The status of /health, once the server is up."""
    for _ in range(START_SECONDS * 5):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as response:
                return int(response.status)
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def test_the_server_tells_its_address_answers_and_ends_when_asked(data_folder: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with serving(data_folder, port, log) as process:
        assert answer(port) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    text = log.read_text()
    assert f"http://127.0.0.1:{port}" in text
    assert "密码" not in text
    assert "Traceback" not in text


def test_a_demo_lists_its_accounts(data_folder: Path, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    settings = data_folder / "laurel.toml"
    settings.write_text(settings.read_text().replace("demo = false", "demo = true"))
    with serving(data_folder, port, log):
        assert answer(port) == 200
    text = log.read_text()
    assert "yuhang" in text
    assert "guiguan-2018" in text


def test_a_port_that_is_taken_is_named(data_folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = data_folder / "laurel.toml"
        settings.write_text(settings.read_text() + f"port = {port}\n")
        result = call(data_folder, "serve")
    assert result.exit_code == 1
    assert str(port) in result.output
    assert "LAUREL_PORT" in result.output


def test_a_folder_that_was_never_set_up_is_named(tmp_path: Path) -> None:
    result = call(tmp_path / "nothing", "serve")
    assert result.exit_code == 1
    assert "laurel init" in result.output
