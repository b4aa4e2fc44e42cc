"""A proxy that cuts a connection after so many bytes in one direction, wherever in the conversation that is."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

TO_SERVER, TO_CLIENT = "to server", "to client"


class CuttingProxy:
    """`with CuttingProxy(server_port) as proxy:` connect to `proxy.port`; `proxy.cut` tells where the next one is cut.

    A cut is a reset in both directions: what stood in buffers is lost, as on a broken line.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept)
        self.port = int(self._listening.getsockname()[1])
        self.cut: tuple[str, int] | None = None  # direction and number of bytes let through; None: all

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                cut = self.cut or ("", 0)
                for direction, source, target in ((TO_SERVER, client, server), (TO_CLIENT, server, client)):
                    limit = cut[1] if cut[0] == direction else None
                    threading.Thread(target=_pass_on, args=(source, target, limit)).start()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


def _pass_on(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    left = limit
    with contextlib.suppress(OSError):
        while left is None or left > 0:
            data = source.recv(65536 if left is None else min(65536, left))
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)
            left = None if left is None else left - len(data)
    for end in (source, target):
        _reset(end)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        end.shutdown(socket.SHUT_RDWR)
        end.close()
