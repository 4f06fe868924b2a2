"""The worker: a tick that runs what is due, and housekeeping once an hour."""

import threading
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from service.auth import once, sessions, throttles
from service.clock import Clock
from service.domain import attachments
from service.engine.engine import ProcessEngine
from service.store.database import Database

log = structlog.get_logger(__name__)

TICK_SECONDS = 2
HOUSEKEEPING_SECONDS = 3600


class Worker:
    """Runs beside the server or alone. Any number may run, for what is due is claimed from tables.

    `session_clock` tells real time, in a demo too; `uploads` is the folder of the attachments.
    """

    def __init__(
        self, database: Database, engine: ProcessEngine, session_clock: Clock, uploads: Path
    ) -> None:
        self.database = database
        self.engine = engine
        self.session_clock = session_clock
        self.uploads = uploads
        self._scheduler = BackgroundScheduler(timezone="UTC")
        for job, seconds in ((self.tick, TICK_SECONDS), (self.keep_house, HOUSEKEEPING_SECONDS)):
            self._scheduler.add_job(job, "interval", seconds=seconds, max_instances=1, coalesce=True)

    def start(self) -> None:
        """Begin to tick in a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the running job and end."""
        self._scheduler.shutdown(wait=True)

    def run_until(self, stopped: threading.Event) -> None:
        """Tick until told to stop."""
        self.start()
        stopped.wait()
        self.stop()

    def tick(self) -> None:
        """Fire the due timers and deliver the pending messages."""
        try:
            if count := self.engine.run_due(self.database):
                log.info("due_work_done", count=count)
        except Exception:  # A tick that fails must not end the ticking.
            log.exception("due_work_failed")

    def keep_house(self) -> None:
        """Remove expired sessions, old counts of failed sign-ins, forms known as sent, stray files."""
        now = self.session_clock.now()
        with self.database.write() as session:
            gone = {table.__name__: table.sweep(session, now) for table in (sessions, throttles, once)}
        # In a transaction of its own: a folder that cannot be read must not keep expired sessions alive.
        with self.database.read() as session:
            gone[attachments.__name__] = attachments.sweep(session, self.uploads, now=now)
        log.info("house_kept", **{name.rpartition(".")[2]: count for name, count in gone.items()})
