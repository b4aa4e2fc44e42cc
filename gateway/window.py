"""What the desk and the partners' window have in common: a port that is opened, and served until told to stop."""

import asyncio
import logging
import signal
import socket
from contextlib import suppress

from msgspec import Struct
from starlette.applications import Starlette

from web.serving import Server, address_of, bound, server

log = logging.getLogger("faultgate.window")

PATIENCE = 3.0  # seconds until the others are not kept waiting for a window that is not open yet
REOPEN = 2.0  # seconds until a port that could not be opened is tried again


class Window(Struct, frozen=True, kw_only=True):
    """One window of the house."""

    name: str  # of its part
    host: str
    port: int
    wired: str  # key of the wiring file that names the port
    behind_proxy: bool


async def serve(window: Window, made: Starlette) -> None:
    """Serve until SIGTERM; `name: address` is printed once it answers."""
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stopping.set)
    port = await _open(window, stopping)
    if port is None:
        return
    serving = server(made, behind_proxy=window.behind_proxy, opened=lambda: _say(window, address_of(port)))
    ending = asyncio.ensure_future(_stop(serving, stopping))
    await serving.serve(sockets=[port])
    ending.cancel()


async def _open(window: Window, stopping: asyncio.Event) -> socket.socket | None:
    """Open the port, however often it takes; None when told to stop before."""
    late = asyncio.get_running_loop().call_later(PATIENCE, _say, window, "closed")
    while not stopping.is_set():
        try:
            port = bound(window.host, window.port)
        except OSError as error:
            log.error("%s", remedy(window, error))  # noqa: TRY400 - the remedy is the message, not our stack
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


def _say(window: Window, address: str) -> None:
    """Tell the supervisor."""
    print(f"{window.name}: {address}", flush=True)


def remedy(window: Window, error: OSError) -> str:
    """Say what to do about a port that can't be opened."""
    place = f"{window.host}:{window.port}"
    return f"{place} can't be opened ({error.strerror}): end what listens there, or wire {window.wired}"


def openable(window: Window) -> str:
    """Tell that the port can be opened. Raises LookupError with the remedy."""
    try:
        bound(window.host, window.port).close()
    except OSError as error:
        raise LookupError(remedy(window, error)) from error
    return "can be opened"
