"""How the doors wake the worker of the same machine: one datagram, which may be lost; polling is the safety net."""

import socket
from pathlib import Path

_NAME = "bell"


class Ringer:
    """The doors' end."""

    def __init__(self, data: Path) -> None:
        self._path = str(data / _NAME)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def ring(self) -> None:
        """Wake the worker; where it is away, or awake already and full of bells, it looks by itself."""
        try:
            self._socket.sendto(b"!", self._path)
        except (BlockingIOError, ConnectionRefusedError, FileNotFoundError):
            return


class Listener:
    """The worker's end."""

    def __init__(self, data: Path) -> None:
        path = data / _NAME
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

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
