"""The doors' process: receives and commits; it never parses."""

import asyncio
import logging
import signal
import sys

import uvloop

from channels import Door, Unreachable, door
from config.settings import Settings
from gateway.reception import intake
from records.arrival import Reception
from storage.opening import open_database, open_originals

log = logging.getLogger("faultgate.doors")

#: The committer must not wait long for the interpreter while the loop is busy, nor the loop for the committer.
SWITCH_INTERVAL = 0.0005  # seconds
PATIENCE = 3.0  # seconds until the others are not kept waiting for a door that is not open yet
REOPEN = 2.0  # seconds until a door that could not be opened is tried again


def run(settings: Settings) -> None:
    """Open every door and serve until SIGTERM; an address is printed once its door stands open."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    originals = open_originals(settings.gateway, settings.storage)
    spool = originals.hold_spool() if originals is not None else None
    database = open_database(settings.gateway, settings.storage)
    try:
        uvloop.run(_serve(settings, intake(settings, database)))
    finally:
        database.close()
        if spool is not None:
            spool.close()


async def _serve(settings: Settings, reception: Reception) -> None:
    stopping = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stopping.set)
    async with asyncio.TaskGroup() as group:
        for name, channel in settings.channels.items():
            group.create_task(_keep_open(name, door(name, channel, settings.gateway), reception, stopping))


async def _keep_open(name: str, one: Door, reception: Reception, stopping: asyncio.Event) -> None:
    """Serve one door; one that can't be opened is told and tried again, and never closes the others."""
    late = asyncio.get_running_loop().call_later(PATIENCE, _say, name, "closed")
    told = ""

    def opened(address: str) -> None:
        nonlocal told
        told = ""
        late.cancel()
        _say(name, address)

    while not stopping.is_set():
        try:
            await one.serve(reception, stopping, opened)
        except Unreachable as trouble:
            if str(trouble) != told:  # once, and not every two seconds for as long as a disk is away
                log.error("%s: %s", name, trouble)  # noqa: TRY400 - the remedy is the message, not our stack
            told = str(trouble)
        except Exception:
            log.exception("%s: the door fell shut", name)
        if not stopping.is_set():
            await _sleep(stopping, REOPEN)
    late.cancel()


def _say(name: str, address: str) -> None:
    """Tell the supervisor."""
    print(f"{name}: {address}", flush=True)


async def _sleep(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
