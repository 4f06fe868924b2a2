"""The README's first command, run as a reader runs it; its second is what runs this test."""

import os
import signal
import subprocess
from pathlib import Path

from tests.cli.test_serve import answer, free_port

REPOSITORY = Path(__file__).parents[2]


def test_make_run_sets_the_demo_up_and_serves_it_and_a_second_run_starts_from_what_is_there(
    tmp_path: Path,
) -> None:
    folder, port = tmp_path / "var", free_port()
    environ = {**os.environ, "LAUREL_DATA": str(folder), "LAUREL_PORT": str(port)}
    for run in ("first", "second"):
        log = tmp_path / run
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["make", "run"],
                cwd=REPOSITORY,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                assert answer(port) == 200
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=60)
        text = log.read_text()
        assert f"http://127.0.0.1:{port}" in text
        assert "yuhang" in text
        assert "Traceback" not in text
