"""The worker: a tick that runs what is due, and housekeeping once an hour."""

import os
import socket
import threading
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from service.auth import once, sessions, throttles
from service.clock import Clock
from service.domain import attachments, workers
from service.domain.workers import WorkerNote
from service.engine.engine import ProcessEngine
from service.store.database import Database, new_id

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
        self.id = new_id()
        self.started_at = session_clock.now()
        self.done = 0
        self._noted_at = self.started_at - workers.NOTE_EVERY
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
        failure = None
        try:
            if count := self.engine.run_due(self.database):
                self.done += count
                log.info("due_work_done", count=count)
        except Exception as error:  # A tick that fails must not end the ticking.
            failure = f"{type(error).__name__}: {error}"
            log.exception("due_work_failed")
        try:
            self._note(failure)
        except Exception:
            log.exception("step_not_noted")

    def _note(self, failure: str | None) -> None:
        """Let administrators see that somebody works, and what is in the way; not at every tick."""
        now = self.session_clock.now()
        if now - self._noted_at < workers.NOTE_EVERY:
            return
        name = f"{socket.gethostname()}（进程 {os.getpid()}）"[:120]
        with self.database.write() as session:
            workers.note(
                session,
                WorkerNote(
                    id=self.id,
                    name=name,
                    started_at=self.started_at,
                    stepped_at=now,
                    done=self.done,
                    error=failure,
                ),
            )
        self._noted_at = now

    def keep_house(self) -> None:
        """Remove what has expired: sessions, counts of failures, forms known as sent, notes, stray files."""
        now = self.session_clock.now()
        with self.database.write() as session:
            gone = {
                table.__name__: table.sweep(session, now) for table in (sessions, throttles, once, workers)
            }
        # In a transaction of its own: a folder that cannot be read must not keep expired sessions alive.
        with self.database.read() as session:
            gone[attachments.__name__] = attachments.sweep(session, self.uploads, now=now)
        log.info("house_kept", **{name.rpartition(".")[2]: count for name, count in gone.items()})
