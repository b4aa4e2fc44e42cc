"""A reading child: answers jobs over the socket that it was given as standard input, until that is closed.

The guard runs it as `python -m normalizer.child LIMITS`; there is no other use.
"""

import os
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from normalizer import pace
from normalizer.frames import PAGE, Hello, Limits, pack, receive
from normalizer.jail import confine, grant
from normalizer.job import Job

Asked = TypeVar("Asked", bound=Struct)


def main(work: Callable[[Asked], Struct], asked: type[Asked]) -> None:
    """Give up all that is not needed, then do `work` for each job; one that fails is answered with its reason."""
    limits = msgspec.json.decode(sys.argv[1], type=Limits)
    with _own_line() as line:
        os.nice(10 if limits.niced else 0)
        line.sendall(pack(Hello(isolated=confine(limits.memory))))
        pace.follow(partial(_begin_page, line, limits.wall))
        with suppress(EOFError):  # the guard lets go
            while True:
                line.sendall(_answer(receive(line)[1], work, asked, limits.wall))


def _own_line() -> socket.socket:
    """Take the socket away from standard input and point the standard streams nowhere.

    A library's stray print must neither break a frame nor bring a customer's text into a log.
    """
    line = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return line


def _answer(frame: bytearray, work: Callable[[Asked], Struct], asked: type[Asked], wall: float) -> bytearray:
    grant(wall)
    try:
        return pack(work(msgspec.msgpack.decode(frame, type=asked)))
    except Exception as error:
        return pack(_reason(error), good=False)


def _begin_page(line: socket.socket, wall: float) -> None:
    grant(wall)
    line.sendall(PAGE)


def _reason(error: Exception) -> str:
    """Name an error and its place; its message is left out, as it may quote the customer."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(frame.f_code.co_filename).name}:{line}"


if __name__ == "__main__":
    import normalizer.readers.mail  # noqa: F401 - most originals are mail: loaded while nobody waits
    from normalizer.normalize import normalize

    main(normalize, Job)
