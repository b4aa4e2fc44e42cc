"""The worker's process: the road, its bells and the dispatcher."""

import fcntl
import gc
import logging
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from classifier import Knowledge
from config.settings import Fax, Imap, Scan, Settings, Smtp
from gateway.bell import Listener
from gateway.bells import Bells
from gateway.dispatcher import Dispatcher
from gateway.files import Files
from gateway.nightly import Nightly, training
from gateway.stopping import Stopping
from gateway.ticket_watch import TicketWatch
from gateway.watch import Watch
from normalizer.guard import Guard
from normalizer.parts import Parts
from outbox.backends import Backend, Tools, backend
from outbox.breaker import Breaker
from outbox.files import Lender, nothing
from outbox.replies import Mailer
from records.partner_events import way_to
from storage import tasks
from storage.database import Database
from storage.ledger import Ledger
from storage.opening import open_database, open_originals, reply_key
from storage.tickets import Shelf
from worker import Road

log = logging.getLogger("faultgate.worker")

#: More threads than readers: those that wait for a commit share it.
THREADS = 6
#: Seconds between looks where no bell reaches us: a door on another machine rings nobody here.
POLL = {True: 2.0, False: 0.1}


def run(settings: Settings, wiring: Path | None = None) -> None:
    """Work until SIGTERM; `worker: ready` is printed once bells are answered. `wiring`: the settings' file."""
    stopping = Stopping()
    embedded = settings.storage.url is None
    alone = _alone(Path(settings.gateway.data), stopping) if embedded else None
    if stopping.is_set():  # while another worker has the folder: its bell and its leases are not ours to touch
        return
    database = open_database(settings.gateway, settings.storage)
    guard = Guard(settings.readers)
    paper = settings.readers.paper
    own = destinations(settings)
    originals, parts = open_originals(settings.gateway, settings.storage), Parts(settings.readers)
    lent = backends(settings, database, Files(database, originals, parts))
    wired = {name: Breaker(name, one) for name, one in lent.items()}
    road = _road(settings, database, guard, wired)
    tickets = TicketWatch(settings, database, wired)
    bells = Bells(road, settings.broker, threads=THREADS, paper=paper, destinations=own)
    bell = Listener(Path(settings.gateway.data))
    watch = Watch(settings, database, road.about)
    nightly = Nightly(settings, database, training(wiring), datetime.now(UTC))

    def look(now: datetime) -> None:
        watch.look(now)
        nightly.look(now)

    dispatcher = Dispatcher(database, bells, bell, poll=POLL[embedded], watch=look, paper=paper, destinations=own)
    if embedded:
        database.write(tasks.release_all)  # we are the only worker: what a dead one had begun is free
    bells.start()
    tickets.start()
    guard.warm()
    gc.freeze()  # what is loaded stays: the collector need not look at it again
    print("worker: ready", flush=True)
    dispatcher.run(stopping)
    nightly.stop()
    tickets.stop()
    bells.stop()
    guard.close()
    parts.close()
    database.close()
    if alone is not None:
        os.close(alone)


def _alone(data: Path, stopping: Stopping) -> int:
    """Hold the folder's one place for a worker; waits for another to end. Gives the open lock file."""
    lock = os.open(data / "worker.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    told = False
    while not stopping.is_set():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if not told:
                log.warning("another worker has %s: waiting for its end", data)
            told = True
            stopping.wait(0.2)
    return lock


def _road(settings: Settings, database: Database, guard: Guard, wired: dict[str, Breaker]) -> Road:
    key = reply_key(settings.gateway)
    return Road(
        settings=settings,
        database=database,
        originals=open_originals(settings.gateway, settings.storage),
        key=key,
        guard=guard,
        knowledge=Knowledge.load(),
        backends=dict[str, Backend](wired),
        mailer=Mailer(settings.replies, settings.gateway, key),
    )


def destinations(settings: Settings) -> tuple[str, ...]:
    """Name the destinations that have threads of their own: each backend, the smarthost, each messenger and partner."""
    chats = (name for name, one in settings.channels.items() if not isinstance(one, Smtp | Imap | Fax | Scan))
    partners = (way_to(name) for name, one in settings.partners.items() if one.events is not None)
    return (*settings.backends, "replies", *chats, *partners)


def backends(settings: Settings, database: Database, files: Lender = nothing) -> dict[str, Backend]:
    """Build every wired ticket backend; `files` lends those that go with the reports."""
    lent = Tools(
        gateway=settings.gateway, shelf=Shelf(database), ledger=Ledger(database), now=partial(datetime.now, UTC),
        files=files,
    )  # fmt: skip
    return {name: backend(name, one, lent) for name, one in settings.backends.items()}
