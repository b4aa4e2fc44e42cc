"""The torture run: mails over both doors while every part of the gateway is killed, stopped, starved and cut off.

All chance comes from one seed. The senders resend until they are promised; afterwards the road is let run empty and
the archive is held against what the senders know.
"""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from config.settings import Settings
from config.wiring import load
from storage.database import Database, Transaction
from storage.opening import open_database
from storage.tasks import LEASE
from tests.channels.dovecot import Dovecot, free_port
from tests.torture.broker import Rabbit
from tests.torture.house import House, eventually
from tests.torture.mails import mails
from tests.torture.oracle import Ledger, found, judge, restarted
from tests.torture.senders import Mailbox, Servers

ROOT = Path(__file__).parents[2]
DISK = 256  # MB
HALF_A_MINUTE = timedelta(seconds=30)
FLAGGED = 60.0  # seconds until the mailbox's mails are marked, after the storm
KILLED = ("supervisor", "doors", "worker", "reader")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One run; the same plan gives the same mails and the same dice."""

    seed: int
    smtp: int  # mails
    imap: int
    pace: float = 0.3  # seconds between the mails of one sender, on average
    pauses: tuple[float, float] = (0.3, 3.0)  # seconds between two faults
    patience: float = 300.0  # seconds for the senders, and again for the drain
    real_leases: bool = False  # wait for lost leases; otherwise half a minute counts as one


class Figures(msgspec.Struct, kw_only=True):
    """What a run did and found."""

    seed: int
    acknowledged: int = 0
    found: int = 0
    tickets: int = 0
    lost: int = 0
    unexpected: int = 0
    twice: int = 0
    tries: int = 0
    starts: int = 0
    faults: Counter[str] = msgspec.field(default_factory=Counter)
    storm_seconds: float = 0.0
    drain_seconds: float = 0.0


class Stage:
    """Everything a run needs: an archive's wiring, the gateways, the mailbox and what can be done to them."""

    def __init__(self, folder: Path, dovecot: Dovecot, *, url: str | None = None, rabbit: Rabbit | None = None) -> None:
        self.folder, self.dovecot, self.rabbit, self.url = folder, dovecot, rabbit, url
        self.user = f"torture{os.getpid()}{folder.name}"
        self.port = free_port()
        self.disk: Path | None = None
        os.environ["FAULTGATE_TEST_IMAP"] = "secret"
        self.wirings = [self._wire("one")] if url is None else [self._wire("one"), self._wire("two")]
        self.houses = [House(self.wirings[0]), *(House(wiring, "worker") for wiring in self.wirings[1:])]

    @property
    def settings(self) -> Settings:
        return load(self.wirings[0])

    def _wire(self, name: str) -> Path:
        wiring = self.folder / f"{name}.toml"
        cluster = f'url = "{self.url}"\n[broker]\nurl = "{self.rabbit.url}"\n' if self.rabbit else ""
        wiring.write_text(
            f'[gateway]\ndata = "{self.folder}/disk/{name}"\ndomain = "support.example"\n'
            f"[storage]\nmin_free = 0\n{cluster}[desk]\nport = 0\n"
            f'[channels.mail]\nkind = "smtp"\nport = {self.port}\n'
            f'[channels.inbox]\nkind = "imap"\nhost = "localhost"\nport = {self.dovecot.tls_port}\npoll = 1.0\n'
            f'ca_file = "{self.dovecot.root}/cert.pem"\nuser = "{self.user}"\n'
            'password = { env = "FAULTGATE_TEST_IMAP" }\ntimeout = 10.0\n'
        )
        return wiring

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Mount the small disk, where that is allowed, and start the gateways."""
        where = self.folder / "disk"
        where.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "faultgate-test", str(where)]
        mounted = subprocess.run(mount, capture_output=True, timeout=30, check=False).returncode == 0
        self.disk = where if mounted else None
        try:
            for house in self.houses:
                house.start()
            for house in self.houses:
                house.wait_ready()
            yield
        finally:
            for house in self.houses:
                house.stop()

    def close(self) -> None:
        """Give the small disk back."""
        if self.disk is not None:
            subprocess.run(["umount", "--lazy", str(self.disk)], timeout=30, check=True)


class Storm:
    """Faults, one after another, as the dice fall."""

    def __init__(self, stage: Stage, chance: Random) -> None:
        self._stage, self._chance = stage, chance
        self.faults: Counter[str] = Counter()
        self._deck: list[tuple[str, Callable[[], bool]]] = []
        self._choices: list[tuple[str, Callable[[], bool]]] = [(f"kill {kind}", self._killer(kind)) for kind in KILLED]
        self._choices.append(("stop worker", self._stop_worker))
        if stage.disk is not None:
            self._choices.append(("disk full", self._fill_disk))
        if stage.rabbit is not None:
            self._choices.append(("broker gone", partial(self._cut_broker, stage.rabbit)))
            self._choices.append(("database gone", self._cut_database))
            self._choices.append(("worker late", self._outlast_lease))

    def strike(self) -> None:
        """Let one fault happen, if it finds whom to hit; a gateway that ended is started again."""
        if not self._deck:  # a shuffled deck and not dice: each kind comes in every round
            self._deck = self._chance.sample(self._choices, len(self._choices))
        name, fault = self._deck.pop()
        self.faults[name] += fault()
        for house in self._stage.houses:
            house.keep_alive()

    @property
    def complete(self) -> bool:
        """Tell whether every kind of fault has happened."""
        return all(self.faults[name] for name, _ in self._choices)

    def _killer(self, kind: str) -> Callable[[], bool]:
        return lambda: self._send(kind, signal.SIGKILL)

    def _send(self, kind: str, number: int) -> bool:
        hit = self._chance.choice(self._stage.houses).signal(kind, number)
        time.sleep(0.05)  # the supervisor's end must be seen before it is started again
        return bool(hit)

    def _stop_worker(self) -> bool:
        house, seconds = self._chance.choice(self._stage.houses), self._chance.uniform(0.2, 3.0)
        stopped = house.signal("worker", signal.SIGSTOP)
        time.sleep(seconds)
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        return bool(stopped)

    def _outlast_lease(self) -> bool:
        """Stop a worker until its leases are over and another has its tasks; then it wakes up and writes (F26)."""
        stopped = self._stage.houses[0].signal("worker", signal.SIGSTOP)
        database = open_database(self._stage.settings.gateway, self._stage.settings.storage)
        database.write(_age_leases)
        database.close()
        time.sleep(self._chance.uniform(1.0, 3.0))
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        return bool(stopped)

    def _fill_disk(self) -> bool:
        ballast = self._stage.disk / "ballast" if self._stage.disk else Path()
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(65536))
        time.sleep(self._chance.uniform(0.2, 2.0))
        ballast.unlink()
        return True

    def _cut_broker(self, rabbit: Rabbit) -> bool:
        """Stop the broker and forget all bells, as a server that is killed and loses its disk."""
        rabbit.wire.cut()
        time.sleep(self._chance.uniform(0.2, 3.0))
        rabbit.flush()
        rabbit.wire.mend()
        return True

    def _cut_database(self) -> bool:
        database = open_database(self._stage.settings.gateway, self._stage.settings.storage)
        with database.read() as tx:
            hit = tx.all(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        database.close()
        return bool(hit)


def torture(stage: Stage, plan: Plan) -> Figures:
    """Do one run; gives its figures. Raises AssertionError where a law is broken."""
    figures, ledger = Figures(seed=plan.seed), Ledger()
    letters = mails(plan.seed, plan.smtp + plan.imap)
    servers = Servers(stage.port, letters[: plan.smtp], ledger, seed=plan.seed, pace=plan.pace)
    slow = plan.pace * plan.smtp / 4 / plan.imap  # done when the mail servers are
    box = Mailbox(stage.dovecot, stage.user, letters[plan.smtp :], ledger, seed=plan.seed, pace=slow)
    try:
        with stage.opened():
            _storm(stage, plan, servers, box, figures)
            database = open_database(stage.settings.gateway, stage.settings.storage)
            begun = time.monotonic()
            eventually("the mailbox is taken", lambda: len(box.taken()) == plan.imap, FLAGGED, 1.0)
            ledger.acknowledged |= box.taken()
            _drain(stage, database, plan, len(letters))
            figures.drain_seconds = time.monotonic() - begun
            _tickets(database, stage, figures, len(letters))
            database.close()
        figures.tries = servers.tries
        figures.starts = sum(house.starts for house in stage.houses)
        _judge(stage, ledger, figures)
        _read_logs(stage)
    finally:
        servers.give_up()
        box.give_up()
        stage.close()
    return figures


def _storm(stage: Stage, plan: Plan, servers: Servers, box: Mailbox, figures: Figures) -> None:
    begun, storm = time.monotonic(), Storm(stage, Random(plan.seed))
    dice = Random(plan.seed + 1)
    servers.start()
    box.start()
    while not (servers.done and storm.complete) or box.is_alive():
        assert time.monotonic() - begun < plan.patience, "the senders are not done"
        storm.strike()
        time.sleep(dice.uniform(*plan.pauses))
    figures.storm_seconds, figures.faults = time.monotonic() - begun, storm.faults


def _drain(stage: Stage, database: Database, plan: Plan, expected: int) -> None:
    """Let the road run empty; what a killed worker held is free when its lease is over."""

    def empty() -> bool:
        if not plan.real_leases:
            database.write(_end_old_leases)
        for house in stage.houses:
            house.keep_alive()
        with database.read() as tx:
            [reports] = tx.all("SELECT COUNT(*) AS n FROM reports")
            [open_] = tx.all("SELECT COUNT(*) AS n FROM tasks WHERE done_at IS NULL")
        return (reports["n"], open_["n"]) == (expected, 0)

    eventually("everything is done", empty, plan.patience, 1.0)


def _end_old_leases(tx: Transaction) -> None:
    """Let what was begun half a minute ago and still is not done count as abandoned, as it would after the lease."""
    tx.run("UPDATE tasks SET lease_until = 0 WHERE done_at IS NULL AND lease_until BETWEEN 1 AND :until",
           until=tx.now() + (LEASE - HALF_A_MINUTE) // timedelta(microseconds=1))  # fmt: skip


def _age_leases(tx: Transaction) -> None:
    tx.run("UPDATE tasks SET lease_until = lease_until - :lease WHERE done_at IS NULL AND lease_until > 0",
           lease=LEASE.total_seconds() * 1_000_000)  # fmt: skip


def _tickets(database: Database, stage: Stage, figures: Figures, expected: int) -> None:
    """Ask the command line, as a person would: one record and one ticket for each mail."""
    command = ["faultgate", "records", "--json", "--config", str(stage.wirings[0])]
    run = subprocess.run([sys.executable, "-m", *command], capture_output=True, timeout=120, check=True)
    records = [msgspec.json.decode(line) for line in run.stdout.splitlines()]
    wrong = [one["id"] for one in records if one["order"] != "report" or len(one["tickets"]) != 1]
    assert not wrong, f"not one record with one ticket: {wrong[:10]}"
    with database.read() as tx:
        tickets = [row["external_id"] for row in tx.all("SELECT external_id FROM tickets")]
    assert sorted(tickets) == sorted(one["id"] for one in records)
    assert len(records) == expected
    _export(stage, records[::-1][:2])
    figures.tickets = len(tickets)


def _export(stage: Stage, records: list[dict[str, Any]]) -> None:
    """Let the command line write an original, as a person would read it."""
    for one in records:
        command = [sys.executable, "-m", "faultgate", "export", "--config", str(stage.wirings[0]), one["id"]]
        content = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout
        assert hashlib.sha256(content).hexdigest() == one["original"]["sha256"]


def _read_logs(stage: Stage) -> None:
    """Every trouble was foreseen: none shows with a stack of ours (the broker's library writes its own)."""
    ours = re.compile(rf'File "{re.escape(str(ROOT))}/(?!\.venv)')
    for wiring in stage.wirings:
        log = wiring.with_suffix(".log").read_text(errors="replace")
        found = ours.search(log)
        assert found is None, log[max(0, found.start() - 1000) :][:3000]


def _judge(stage: Stage, ledger: Ledger, figures: Figures) -> None:
    """After the last process is gone: the archive as the next start finds it."""
    settings = stage.settings
    database = restarted(settings.gateway, settings.storage)
    there = found(database, settings.gateway, settings.storage)
    database.close()
    figures.acknowledged, figures.found = len(ledger.acknowledged), len(there)
    figures.lost = len(ledger.acknowledged - there.keys())
    figures.unexpected = len(there.keys() - ledger.attempted.keys())
    figures.twice = sum(reports > 1 for reports in there.values())
    judge(ledger, there)
    assert ledger.acknowledged == ledger.attempted.keys(), "the senders were promised everything in the end"
