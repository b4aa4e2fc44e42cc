"""The nightly training: a niced child process beside the worker, once a day in the whole cluster."""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from config.settings import Settings
from storage import models
from storage.database import Database

log = logging.getLogger("faultgate.nightly")

#: A worker that has just started is left in peace; it makes up for a night that it slept through after this.
PEACE = timedelta(minutes=10)


def training(wiring: Path | None) -> list[str]:
    """Give the command that trains; it ends with the process that starts it."""
    config = ["--config", str(wiring)] if wiring else []
    # -P: a folder where it is started must not shadow our rooms
    return [sys.executable, "-P", "-m", "faultgate", "part", *config, "--supervisor", str(os.getpid()), "learn"]


class Nightly:
    """Begins the training of a day when its time has come. Waits for nothing."""

    def __init__(self, settings: Settings, database: Database, command: Sequence[str], started: datetime) -> None:
        at = settings.learning.nightly
        self._at = time.fromisoformat(at) if at else None
        self._zone = ZoneInfo(settings.gateway.zone)
        self._database = database
        self._command = command
        self._from = started + PEACE
        self._begun: date | None = None  # the last day that is somebody's
        self._child: subprocess.Popen[bytes] | None = None

    def look(self, now: datetime) -> None:
        """Begin what is due, and tell of what has failed. Raises TryAgain where the archive can't be asked."""
        self._hear()
        day = self._due(now)
        if day is None or self._child is not None:
            return
        if self._database.write(partial(models.begin_night, day=day)):
            log.info("models are trained from what was corrected")
            self._start()
        self._begun = day

    def stop(self) -> None:
        """End a training under way: what it has not finished is learnt the next night."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait()

    def _due(self, now: datetime) -> date | None:
        local = now.astimezone(self._zone)
        if self._at is None or now < self._from or local.time() < self._at or local.date() == self._begun:
            return None
        return local.date()

    def _start(self) -> None:
        try:
            self._child = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)  # noqa: S603
        except OSError as error:  # no process to be had: the next night
            log.error("the training can't be started: %s", error.strerror)  # noqa: TRY400

    def _hear(self) -> None:
        if self._child is None or (status := self._child.poll()) is None:
            return
        self._child = None
        if status:
            log.error("the training ended with %d: see the log, or try `faultgate model train`", status)
