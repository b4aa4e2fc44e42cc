"""One of each kind of backend, wired to a real server or a stand-in, over a line that breaks as told."""

import itertools
import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from config.secrets import Secret
from config.settings import Backend as Settings
from config.settings import Builtin, RequestTracker
from outbox import deliver
from outbox.backends import Backend, Tools, backend
from outbox.backends.builtin import MemoryShelf
from records.deliveries import Delivered, Delivery, Ticket, Verb
from records.numbers import number
from tests.outbox.faulty import Line, faulty
from tests.outbox.rt import request_tracker
from tests.outbox.situations import AT, GATEWAY, ticket

_bases = itertools.count(1000, 1000)  # a real server is kept for all tests: each has numbers of its own


class Rig:
    """A backend, what lies behind it, and the line between them."""

    def __init__(self, desk: Backend, tickets: Callable[[str], int], said: Callable[[str, str], int]) -> None:
        self.desk = desk
        self.tickets = tickets  # our number → how many tickets hold it
        self.said = said  # a ticket's number of ours, a follow-up's → how often the one stands on the other
        self.line: Line | None = None
        self.base = next(_bases)

    def number(self, report: int) -> str:
        return number(self.base + report, AT)

    def ticket(self, report: int, after: int | None = None) -> Ticket:
        return ticket(self.base + report, None if after is None else self.base + after)

    def send(self, verb: Verb, report: int, after: int | None = None) -> Delivered:
        what = Delivery(
            id=1, report=self.base + report, verb=verb, backend="desk", key="k", ticket=self.ticket(report, after)
        )
        return deliver(what, self.desk)


def tools(**changes: Any) -> Tools:
    return Tools(**{"gateway": GATEWAY, "shelf": MemoryShelf(), **changes})


def secret(folder: Path, text: str) -> Secret:
    file = folder / "secret"
    file.write_text(text + "\n")
    return Secret(file=str(file))


def builtin(_: ExitStack, __: Path) -> Rig:
    shelf = MemoryShelf()
    return Rig(
        backend("desk", Builtin(), tools(shelf=shelf)),
        lambda number: int(number in shelf.tickets),
        lambda earlier, number: int(number in shelf.entries[earlier]),
    )


def request_tracker_5(stack: ExitStack, _: Path) -> Rig:
    url, token = _real_rt()
    line = stack.enter_context(faulty(url))
    settings = RequestTracker(url=line.url, token=Secret(file=str(token)), queue="Faults", timeout=3)

    def ask(path: str, **query: str) -> Any:
        where = f"{url}/REST/2.0/{path}?{urllib.parse.urlencode(query)}"
        asked = urllib.request.Request(where, headers={"Authorization": f"token {token.read_text().strip()}"})
        with urllib.request.urlopen(asked) as answer:
            return json.load(answer)["items"]

    def tickets(number: str) -> list[str]:
        return [one["id"] for one in ask("tickets", query=f"CF.{{External-ID}} = '{number}'")]

    def said(earlier: str, number: str) -> int:
        history = [
            one for key in tickets(earlier) for one in ask(f"ticket/{key}/history", fields="Data", per_page="100")
        ]
        return [one["Data"].strip() for one in history].count(number)

    return over(line, settings, lambda number: len(tickets(number)), said)


def over(line: Line, settings: Settings, tickets: Callable[[str], int], said: Callable[[str, str], int]) -> Rig:
    rig = Rig(backend("desk", settings, tools()), tickets, said)
    rig.line = line
    return rig


#: How a test makes one of each kind; a new kind adds its line, with a real or shipped stand-in for the other side.
MAKERS: dict[str, Callable[[ExitStack, Path], Rig]] = {
    "builtin": builtin,
    "request_tracker": request_tracker_5,
}
_shared = ExitStack()  # servers that are kept for all tests
_servers: dict[str, Any] = {}


@contextmanager
def shared_servers() -> Iterator[None]:
    """End at last what the first test that needed it has started."""
    with _shared:
        yield
        _servers.clear()


def _real_rt() -> tuple[str, Path]:
    if "rt" not in _servers:
        _servers["rt"] = _shared.enter_context(request_tracker())
    url, token = _servers["rt"]
    return url, token
