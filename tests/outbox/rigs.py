"""One of each kind of backend, wired to a real server or a stand-in, over a line that breaks as told."""

import base64
import itertools
import json
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from config.backends import Mail, RequestTracker, Searched, Tmf621, Webhook
from config.secrets import Secret
from config.settings import Backend as Settings
from config.settings import Builtin
from outbox import deliver
from outbox.backends import Backend, Tools, backend
from outbox.backends.builtin import MemoryShelf
from outbox.files import Lent
from records.deliveries import Delivered, Delivery, Ticket, Verb
from records.numbers import number
from tests.outbox.fakes.server import running
from tests.outbox.fakes.tmf621 import Partner
from tests.outbox.fakes.webhook import KEY, Receiver
from tests.outbox.faulty import Line, faulty
from tests.outbox.prism import held_to_the_standard
from tests.outbox.rt import request_tracker
from tests.outbox.situations import AT, GATEWAY, ticket
from tests.outbox.smarthost import Sink
from tests.outbox.smarthost import running as smarthost

_bases = itertools.count(1000, 1000)  # a real server is kept for all tests: each has numbers of its own


Files = list[tuple[str, bytes]]  # names and contents


class Rig:
    """A backend, what lies behind it, and the line between them."""

    def __init__(
        self, desk: Backend, tickets: Callable[[str], int], said: Callable[[str, str], int],
        files: Callable[[str], Files] | None = None,
    ) -> None:  # fmt: skip
        self.desk = desk
        self.files = files  # a ticket's number of ours → its files; None: it takes none
        self.brings: list[Lent] = []  # what the house lends with every report
        self.tickets = tickets  # our number → how many tickets hold it
        self.said = said  # a ticket's number of ours, a follow-up's → how often the one stands on the other
        self.line: Line | None = None
        self.ledger = MemoryLedger()
        self.hasty = desk  # the same backend with less patience
        self.linking = desk  # the same, where a follow-up to a closed ticket gets one of its own
        self.base = next(_bases)

    def number(self, report: int) -> str:
        return number(self.base + report, AT)

    def ticket(self, report: int, after: int | None = None) -> Ticket:
        return ticket(self.base + report, None if after is None else self.base + after)

    def send(self, verb: Verb, report: int, after: int | None = None) -> Delivered:
        what = Delivery(
            id=1, report=self.base + report, verb=verb, backend="desk", key="k", ticket=self.ticket(report, after)
        )
        done = deliver(what, self.desk)
        self.ledger.keep(verb, self.ticket(report, after), done)
        return done


class MemoryLedger:
    """What the archive knows of what has left, in dictionaries."""

    def __init__(self) -> None:
        self.numbers: dict[str, str | None] = {}
        self.over: set[str | None] = set()

    def keep(self, verb: Verb, what: Ticket, done: Delivered) -> None:
        if verb is Verb.CREATE:
            self.numbers[what.external_id] = done.external_id
        elif verb is Verb.WITHDRAW:
            self.over.add(done.external_id)

    def number_of(self, _: str, external_id: str) -> str | None:
        return self.numbers.get(external_id)

    def withdrawn(self, _: str, number: str) -> bool:
        return number in self.over


def tools(**changes: Any) -> Tools:
    house = {"gateway": GATEWAY, "shelf": MemoryShelf(), "ledger": MemoryLedger(), "now": lambda: datetime.now(UTC)}
    return Tools(**{**house, **changes})


def secret(folder: Path, text: str, name: str = "secret") -> Secret:
    file = folder / name
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
    settings = RequestTracker(url=line.url, token=Secret(file=str(token)), queue="Faults", timeout=60)

    def ask_one(path: str, **query: str) -> Any:
        where = f"{url}/REST/2.0/{path}?{urllib.parse.urlencode(query)}"
        asked = urllib.request.Request(where, headers={"Authorization": f"token {token.read_text().strip()}"})  # noqa: S310 - loopback
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return json.load(answer)

    def ask(path: str, **query: str) -> Any:
        return ask_one(path, **query)["items"]

    def tickets(number: str) -> list[str]:
        return [one["id"] for one in ask("tickets", query=f"CF.{{External-ID}} = '{number}'")]

    def said(earlier: str, number: str) -> int:
        history = [
            one for key in tickets(earlier) for one in ask(f"ticket/{key}/history", fields="Data", per_page="100")
        ]
        return sum((one["Data"] or "").startswith(number) for one in history)

    def files(number: str) -> Files:
        found = [
            one for key in tickets(number) for one in ask(f"ticket/{key}/attachments", fields="Filename", per_page="99")
        ]
        return [
            (one["Filename"], base64.b64decode(ask_one(f"attachment/{one['id']}")["Content"]))
            for one in found if one["Filename"]
        ]  # fmt: skip

    return over(line, settings, lambda number: len(tickets(number)), said, files)


def tmf621(stack: ExitStack, folder: Path) -> Rig:
    """A partner of version 5 with a memory, behind Prism, which holds every word to the official file."""
    partner, url = _partner()
    line = stack.enter_context(faulty(url))
    settings = Tmf621(url=line.url, token=secret(folder, "right"), timeout=3)

    def tickets(number: str) -> list[dict[str, Any]]:
        return [one for one in partner.tickets.values() if one["externalIdentifier"][0]["id"] == number]

    def said(earlier: str, number: str) -> int:
        return sum(note["text"].startswith(number) for one in tickets(earlier) for note in one.get("note", []))

    def files(number: str) -> Files:
        found = [one for ticket in tickets(number) for one in ticket.get("attachment", [])]
        return [(one["name"], base64.b64decode(one["content"])) for one in found]

    return over(line, settings, lambda number: len(tickets(number)), said, files)


def webhook(stack: ExitStack, folder: Path) -> Rig:
    receiver = Receiver()
    line = stack.enter_context(faulty(stack.enter_context(running(receiver))))

    def said(earlier: str, number: str) -> int:
        return int(receiver.taken[number]["data"]["earlier"] == earlier)

    settings = Webhook(url=line.url, secret=secret(folder, KEY), timeout=1)
    return over(line, settings, lambda number: int(number in receiver.taken), said)


def mail(stack: ExitStack, _: Path) -> Rig:
    sink = Sink()
    port = stack.enter_context(smarthost(sink))

    def mails(number: str) -> dict[str, Any]:
        """Give the mails about one of our numbers, by Message-ID: a desk keeps one of each."""
        told = [message_from_bytes(one.original_content or b"", policy=default) for one in sink.taken]
        return {one["Message-ID"]: one for one in told if number in one["Message-ID"]}

    settings = Mail(to=("desk@carrier.example",), host="127.0.0.1", port=port, allow_plaintext=True, timeout=10)
    return over(
        None, settings, lambda number: len(mails(number)),
        lambda earlier, number: sum(earlier in one["In-Reply-To"] for one in mails(number).values()),
        lambda number: [
            (part.get_filename(), part.get_payload(decode=True)) for one in mails(number).values()
            for part in one.iter_attachments() if not str(part.get_filename()).endswith(".json")
        ],
    )  # fmt: skip


def over(
    line: Line | None, settings: Settings, tickets: Callable[[str], int], said: Callable[[str, str], int],
    files: Callable[[str], Files] | None = None,
) -> Rig:  # fmt: skip
    ledger, brings = MemoryLedger(), list[Lent]()
    lent = tools(ledger=ledger, files=lambda _: brings)
    rig = Rig(backend("desk", settings, lent), tickets, said, files)
    rig.brings = brings
    rig.line, rig.ledger = line, ledger
    if isinstance(settings, Searched):
        rig.linking = backend("desk", replace(settings, closed="linked"), lent)
    if isinstance(settings, RequestTracker):
        rig.hasty = backend("desk", replace(settings, timeout=3), lent)
    return rig


_shared = ExitStack()  # servers that are kept for all tests
_servers: dict[str, Any] = {}


@contextmanager
def shared_servers() -> Iterator[None]:
    """End at last what the first test that needed it has started."""
    with _shared:
        yield
        _servers.clear()


def _partner() -> tuple[Partner, str]:
    if "tmf621" not in _servers:
        partner = Partner()
        url = _shared.enter_context(held_to_the_standard(5, _shared.enter_context(running(partner, one_each=True))))
        _servers["tmf621"] = partner, url
    partner, url = _servers["tmf621"]
    return partner, url


def _real_rt() -> tuple[str, Path]:
    if "rt" not in _servers:
        _servers["rt"] = _shared.enter_context(request_tracker())
    url, token = _servers["rt"]
    return url, token
