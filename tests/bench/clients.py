"""Servers in processes of their own, and one client that keeps its connection."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

START_SECONDS = 60


class Client:
    """Posts JSON, one request after the other."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Any:
        content = json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            self.connection.request("POST", path, content, sent)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server closes what has been idle for two seconds.
            self.connection.close()
            self.connection.request("POST", path, content, sent)
            response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{path} → {response.status} {answer.decode()}")
        return json.loads(answer or b"null")


@contextmanager
def server(kind: str, folder: File) -> Iterator[Client]:
    """A running server and its client."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.server", kind, str(folder), str(port)]
    process = subprocess.Popen(command)
    try:
        _await(port, process)
        yield Client(port)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
