"""A reading child for tests of the guard: what the original says is what happens to the child."""

import contextlib
import ctypes
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from normalizer import pace
from normalizer.child import main
from normalizer.job import Job, Normalized
from records.linking import Clues
from records.reading import Reading
from records.record import FaultRecord
from records.words import Order

jobs = 0
ballast: list[bytearray] = []


def explode(job: Job) -> Normalized:
    """Do what the original says, and answer with the result as text."""
    global jobs  # noqa: PLW0603 - how long a child lives is what the test is about
    jobs += 1
    word, _, rest = job.content.partition(b" ")
    return _normalized(job, str(BOMBS[word.decode()](rest)))


def _normalized(job: Job, text: str) -> Normalized:
    c = job.context
    record = FaultRecord(
        id=c.id,
        order=Order.REPORT,
        channel=c.channel,
        received_at=c.received_at,
        due_at=c.due_at,
        language=None,
        original=c.original,
    )
    return Normalized(reading=Reading(media_type=job.media_type, text=text), record=record, clues=Clues())


def allocate(_: bytes) -> int:
    return len(bytearray(4 * 1024**3))


def hoard(size: bytes) -> int:
    ballast.append(bytearray(b"x") * int(size))
    return len(ballast)


def spin(_: bytes) -> None:
    while True:
        pass


def burn(seconds: bytes) -> int:
    until = time.process_time() + float(seconds)
    while time.process_time() < until:
        pass
    return os.getpid()


def pages(count: bytes) -> int:
    """Take 0.3 s for each page, and say when each begins."""
    for _ in range(int(count)):
        pace.page()
        time.sleep(0.3)
    return int(count)


def recurse(_: bytes) -> int:
    return recurse(_) + 1


def overflow(_: bytes) -> None:
    """Run over the C stack, where no RecursionError is raised."""
    callback = ctypes.CFUNCTYPE(None)
    sys.setrecursionlimit(10**9)

    def again() -> None:
        callback(again)()

    again()


def write(size: bytes) -> str:
    path = Path(f"/tmp/faultgate-bomb-{os.getpid()}")  # noqa: S108 - it must not be written
    try:
        with path.open("wb", buffering=0) as file:
            for _ in range(0, int(size), 1024**2):
                file.write(b"\0" * min(int(size), 1024**2))
    finally:
        path.unlink(missing_ok=True)
    return "written"


def connect(port: bytes) -> str:
    with socket.create_connection(("127.0.0.1", int(port)), timeout=5):
        return "connected"


def fork(_: bytes) -> str:
    while True:
        if os.fork() == 0:
            time.sleep(60)


def launch(_: bytes) -> str:
    return str(subprocess.run(["/bin/true"], check=True).returncode)


def thread(_: bytes) -> str:
    seen: list[str] = []
    worker = threading.Thread(target=seen.append, args=("threads work",))
    worker.start()
    worker.join()
    return seen[0]


def shout(_: bytes) -> str:
    print("\0\1 a customer's text " * 1000)  # noqa: T201
    os.write(1, b"\0" * 1000)
    sys.stderr.write("a customer's text")
    with contextlib.suppress(OSError):
        os.write(0, b"\0" * 1000)
    return "shouted"


def blame(text: bytes) -> None:
    raise ValueError(text.decode())


def surrogate(_: bytes) -> str:
    return "\ud800"


BOMBS: dict[str, Callable[[bytes], object]] = {
    "echo": lambda rest: rest.decode(),
    "pid": lambda _: os.getpid(),
    "jobs": lambda _: jobs,
    "nice": lambda _: os.nice(0),
    "network": lambda _: Path("/proc/self/ns/net").readlink(),
    "environment": lambda _: sorted(os.environ),
    "length": len,
    "sleep": lambda rest: time.sleep(float(rest)),
    "allocate": allocate,
    "hoard": hoard,
    "spin": spin,
    "kill": lambda _: os.kill(os.getpid(), 9),
    "leave": lambda _: os._exit(3),
    "stop": lambda _: os.kill(os.getpid(), 19),
    "burn": burn,
    "pages": pages,
    "recurse": recurse,
    "overflow": overflow,
    "write": write,
    "connect": connect,
    "fork": fork,
    "launch": launch,
    "thread": thread,
    "shout": shout,
    "blame": blame,
    "surrogate": surrogate,
}

if __name__ == "__main__":
    main(explode, Job)
