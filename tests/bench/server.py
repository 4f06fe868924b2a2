"""A server, as `laurel serve` runs one: `python -m tests.bench.server laurel|bare folder port`."""

import sys
from datetime import datetime
from pathlib import Path as File

from flask import Flask

from service.app import create_app
from service.auth.requests import EdgeApp
from service.cli.serve import Server
from service.clock import VirtualClock
from service.config import Config
from tests.bench import bare
from tests.bench.paths import PATHS
from tests.bench.recordings import Recording


class LaurelServer(Server):
    """The product, on the benchmark's clock."""

    def load(self) -> EdgeApp:
        moment = datetime.fromisoformat((self.config.data_folder / "now").read_text())
        self.app = create_app(self.config, clock=VirtualClock(moment))
        return self.app

    def announce(self) -> None:
        pass


class BareServer(LaurelServer):
    """The same server around the bare endpoint, with no worker beside it."""

    def load(self) -> Flask:  # type: ignore[override]
        folder = self.config.data_folder
        recordings = {path.process: Recording.load(folder / f"{path.process}.json") for path in PATHS}
        return bare.create_app(self.config.database_url, recordings)

    def start_worker(self) -> None:
        pass


if __name__ == "__main__":
    kind, folder, port = sys.argv[1:]
    config = Config(
        data_folder=File(folder),
        database_url=f"sqlite:///{folder}/{kind}.sqlite",
        secret_key="benchmark",
        port=int(port),
    )
    (LaurelServer if kind == "laurel" else BareServer)(config).run()
