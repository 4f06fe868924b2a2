"""The benchmark still runs; what it measures is no test's business."""

import subprocess
import sys

from tests.bench.__main__ import BARE_HTTP, LAUREL, LAUREL_HTTP, STOCK
from tests.bench.paths import PATHS, ROOT


def test_every_variant_walks_every_path() -> None:
    command = [sys.executable, "-m", "tests.bench", "--turns", "1", "--cases", "1"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    for variant in (STOCK, LAUREL, BARE_HTTP, LAUREL_HTTP):
        assert result.stdout.count(variant) >= len(PATHS)
    assert "Traceback" not in result.stderr
