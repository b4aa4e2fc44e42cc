"""The desk's process: pages and API for people, beside the doors and the worker."""

import asyncio
import logging
import signal
import socket
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import uvloop
from fastapi import FastAPI

from config.settings import Desk, Settings
from desk.app import app
from desk.passwords import Passwords
from desk.services import Services
from gateway.bell import Ringer
from gateway.reception import intake
from normalizer.pictures import Pictures
from storage import audit, people
from storage.database import Database
from storage.opening import open_database, open_originals
from web.serving import Server, address_of, bound, server

log = logging.getLogger("faultgate.desk")

PATIENCE = 3.0  # seconds until the others are not kept waiting for a desk that is not open yet
REOPEN = 2.0  # seconds until a port that could not be opened is tried again
FIRST_ADMIN = 'make the first admin with `faultgate person add LOGIN --role admin --name "…"`'


def run(settings: Settings) -> None:
    """Serve the desk until SIGTERM; its address is printed once it answers."""
    originals = open_originals(settings.gateway, settings.storage)
    spool = originals.hold_spool() if originals is not None else None
    database = open_database(settings.gateway, settings.storage)
    pictures = Pictures(settings.readers)
    services = Services(
        settings=settings, database=database, originals=originals, reception=intake(settings, database),
        pictures=pictures, now=lambda: datetime.now(UTC), ring=Ringer(Path(settings.gateway.data)).ring,
        passwords=Passwords(),
    )  # fmt: skip
    try:
        uvloop.run(_serve(settings.desk, app(services)))
    finally:
        pictures.close()
        database.close()
        if spool is not None:
            spool.close()


async def _serve(desk: Desk, made: FastAPI) -> None:
    """Serve until told to stop."""
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopping.set)
    port = await _open(desk, stopping)
    if port is None:
        return
    serving = server(made, behind_proxy=desk.public_url is not None, opened=lambda: _say(address_of(port)))
    ending = asyncio.ensure_future(_stop(serving, stopping))
    await serving.serve(sockets=[port])
    ending.cancel()


async def _open(desk: Desk, stopping: asyncio.Event) -> socket.socket | None:
    """Open the port, however often it takes; None when told to stop before."""
    late = asyncio.get_running_loop().call_later(PATIENCE, _say, "closed")
    while not stopping.is_set():
        try:
            port = bound(desk.host, desk.port)
        except OSError as error:
            log.error("%s", remedy(desk, error))  # noqa: TRY400 - the remedy is the message, not our stack
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), REOPEN)
        else:
            late.cancel()
            return port
    late.cancel()
    return None


async def _stop(serving: Server, stopping: asyncio.Event) -> None:
    await stopping.wait()
    serving.should_exit = True


def _say(address: str) -> None:
    """Tell the supervisor."""
    print(f"desk: {address}", flush=True)


def remedy(desk: Desk, error: OSError) -> str:
    """Say what to do about a port that can't be opened."""
    return f"{desk.host}:{desk.port} can't be opened ({error.strerror}): end what listens there, or wire desk.port"


def check(settings: Settings, database: Database) -> str:
    """Tell in one line whether the desk is or can be opened, and by whom. Raises LookupError with the remedy."""
    desk = settings.desk
    with database.read() as tx:
        led = people.has_admin(tx)
    state = "is open" if _answers(desk) else _openable(desk)
    who = "" if led else f"; nobody can sign in yet: {FIRST_ADMIN}"
    return f"http://{desk.host}:{desk.port} {state}{who}"


def check_audit(database: Database) -> str:
    """Follow the audit log's chain. Raises LookupError where it does not hold."""
    with database.read() as tx:
        entries, newest = audit.verify(tx)
    return f"{entries} entries, unbroken{f', the newest is {newest[:16]}' if newest else ''}"


def _answers(desk: Desk) -> bool:
    """Tell whether a desk answers there already."""
    asking = HTTPConnection(desk.host, desk.port, timeout=5)
    try:
        asking.request("GET", "/sign-in")
        return asking.getresponse().getheader("content-security-policy") is not None
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def _openable(desk: Desk) -> str:
    try:
        bound(desk.host, desk.port).close()
    except OSError as error:
        raise LookupError(remedy(desk, error)) from error
    return "can be opened"
