"""RabbitMQ as the tests use it: a virtual host of their own, behind a wire that can be cut."""

import contextlib
import secrets
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq.brokers.rabbitmq import RabbitmqBroker

from tests.conftest import unavailable

RABBIT = ("127.0.0.1", 5672)


class Wire:
    """A TCP proxy: while it is cut, nobody is let in and everybody is thrown out."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for pair in list(self._pairs):
            self._hang_up(pair)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._server.accept()
                if self.is_cut:
                    near.close()
                    continue
                pair = near, socket.create_connection(self._target, timeout=10)
                self._pairs.add(pair)
                threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while True:
                for one in select.select(pair, [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        raise ConnectionError
                    pair[pair[0] is one].sendall(data)
        self._hang_up(pair)

    def _hang_up(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self._pairs.discard(pair)
        for one in pair:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Rabbit:
    """A virtual host of RabbitMQ, and the wire to it."""

    def __init__(self, vhost: str) -> None:
        self._vhost = vhost
        self.wire = Wire(RABBIT)
        self.url = f"amqp://guest:guest@127.0.0.1:{self.wire.port}/{vhost}"

    def flush(self) -> None:
        """Lose every bell that waits."""
        broker = RabbitmqBroker(url=self.url.replace(str(self.wire.port), str(RABBIT[1])))
        for queue in ("road", "deliver"):
            broker.declare_queue(queue, ensure=True)
            broker.flush(queue)
        broker.close()


@contextmanager
def rabbit() -> Iterator[Rabbit]:
    """A virtual host of our own, removed afterwards."""
    vhost = f"faultgate-{secrets.token_hex(4)}"
    if shutil.which("rabbitmqctl") is None or _rabbitmqctl("add_vhost", vhost):
        unavailable("RabbitMQ can't be used: start it, and run as root, to torture the cluster profile")
    _rabbitmqctl("set_permissions", "-p", vhost, "guest", ".*", ".*", ".*")
    one = Rabbit(vhost)
    try:
        yield one
    finally:
        one.wire.close()
        _rabbitmqctl("delete_vhost", vhost)


def _rabbitmqctl(*words: str) -> int:
    return subprocess.run(["rabbitmqctl", "-q", *words], capture_output=True, timeout=60, check=False).returncode
