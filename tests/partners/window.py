"""The partners' window on a real port of loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.partners.house import House
from web.serving import address_of, bound, server

BASE = "/tmf-api/troubleTicket/v{version}"
TICKETS = "/tmf-api/troubleTicket/v5/troubleTicket"
TICKETS4 = "/tmf-api/troubleTicket/v4/troubleTicket"


@contextmanager
def open_window(house: House) -> Iterator[str]:
    """Serve it in a thread; gives the address."""
    opened = threading.Event()
    port = bound("127.0.0.1", 0)
    serving = server(house.app, behind_proxy=False, opened=opened.set)
    thread = threading.Thread(target=serving.run, args=([port],))
    thread.start()
    assert opened.wait(30)
    try:
        yield address_of(port)
    finally:
        serving.should_exit = True
        thread.join()
