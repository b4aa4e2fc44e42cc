"""How the doors wake the worker of the same machine: one datagram, which may be lost; polling is the safety net."""

import os
import socket
from contextlib import suppress
from pathlib import Path

_NAME = "bell"


def _address(data: Path) -> str:
    """Name the bell through an open folder: a socket's path may have only 107 bytes (unix(7))."""
    return f"/proc/self/fd/{os.open(data, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)}/{_NAME}"


class Ringer:
    """The doors' end."""

    def __init__(self, data: Path) -> None:
        self._path = _address(data)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def ring(self) -> None:
        """Wake the worker; where it is away, or awake already and full of bells, it looks by itself."""
        with suppress(OSError):  # the report is kept already: nothing here may raise
            self._socket.sendto(b"!", self._path)


class Listener:
    """The worker's end."""

    def __init__(self, data: Path) -> None:
        (data / _NAME).unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(_address(data))

    def wait(self, seconds: float) -> bool:
        """Sleep until the bell rings, at most so long; tells whether it rang. Many rings count as one."""
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(1)
        except TimeoutError:
            return False
        self._socket.settimeout(0)
        try:
            while self._socket.recv(1):
                pass
        except BlockingIOError:
            return True
        return True
