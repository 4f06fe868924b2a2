"""The benchmark still runs; what it measures is no test's business."""

import subprocess
import sys

from tests.bench.__main__ import BARE_HTTP, COMMAND, COMPLETE, COMPLETE_HTTP, STOCK
from tests.bench.path import ROOT


def test_every_variant_walks_the_path() -> None:
    command = [sys.executable, "-m", "tests.bench", "--turns", "1", "--cases", "1"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    for variant in (STOCK, COMMAND, COMPLETE, BARE_HTTP, COMPLETE_HTTP):
        assert variant in result.stdout
    assert "Traceback" not in result.stderr
