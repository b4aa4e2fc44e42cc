"""The queue: every report of every channel, the first due first; and the way to the next one that needs a person."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import takewhile
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter
from msgspec import Struct
from starlette.responses import Response

from desk import outages
from desk.page import Here, Page
from desk.pages.clock import clock
from desk.pages.promises import pressing
from desk.visit import Clerk
from desk.words import N_
from records.people import Role
from records.standing import Level, Standing, State
from records.words import Disposition, Order, Service, Urgency
from storage import promises, standings
from storage.database import Transaction
from storage.rows import micros
from storage.standings import Counts, Filter

router = APIRouter(include_in_schema=False)

SHOWN = 100  # reports on one page
_V = TypeVar("_V", bound=StrEnum)

#: The queues by the name in the address: label, and which "state/level" counts they hold ("" for any level).
_TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": (N_("Open"), ("unread/", "review/", "asked/", "approval/")),
    "overdue": (N_("Overdue"), ()),
    "review": (N_("To check"), ("review/clerk",)),
    "senior": (N_("With seniors"), ("unread/senior", "review/senior", "asked/senior", "approval/")),
    "asked": (N_("Sender asked"), ("asked/",)),
    "unread": (N_("Being read"), ("unread/",)),
    "settled": (N_("Done"), ("settled",)),
}


class Chosen(Struct, frozen=True, kw_only=True):
    """What somebody chose to see; what the address says wrongly is left out."""

    state: str = ""
    channel: str = ""
    order: Order | None = None
    service: Service | None = None
    disposition: Disposition | None = None
    urgency: Urgency | None = None
    mine: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether more than a queue was chosen."""
        return any((self.channel, self.order, self.service, self.disposition, self.urgency, self.mine))

    def query(self, **other: str) -> str:
        """Write it as the query of an address."""
        own = {name: getattr(self, name) for name in self.__struct_fields__ if name != "mine"}
        told = {**own, "mine": "1" if self.mine else "", **other}
        return urlencode({name: str(value) for name, value in told.items() if value})


@router.get("/")
def show(page: Here, visit: Clerk) -> Response:
    """Show the queue."""
    return page.show("queue.html", here="queue", **_values(page, visit))


@router.get("/queue/rows")
def rows(page: Here, visit: Clerk) -> Response:
    """Give the part of the page that changes by itself."""
    return page.show("queue_rows.html", **_values(page, visit))


@router.get("/next")
def following(page: Here, visit: Clerk) -> Response:
    """Go to the first report that needs a person and that nobody else has open."""
    levels = (Level.SENIOR, Level.CLERK) if visit.may(Role.SENIOR) else (Level.CLERK,)
    wired = page.wired
    with wired.database.read() as tx:
        waiting = [
            one
            for level in levels
            for one in standings.queue(tx, Filter(states=(State.REVIEW,), level=level), SHOWN)
            if one.taken_by in (None, visit.person.login)
        ]
    if not waiting:
        return page.go("/", "nothing-waits")
    first = min(waiting, key=lambda one: (one.due_at, one.report))
    return page.go(f"/reports/{first.id}/review")


def _values(page: Page, visit: Clerk) -> dict[str, Any]:
    query, wired = page.request.query_params, page.wired
    chosen = _chosen(query, frozenset(wired.settings.doors))
    now = wired.now()
    with wired.database.read() as tx:
        found = _found(tx, chosen, _after(query.get("after", "")), visit.person.login)
        counts = standings.counts(tx, now)
        promised = promises.of(tx, [one.report for one in found])
    if chosen.state == "overdue":
        found = list(takewhile(lambda one: one.due_at <= now, found))
    last = found[-1] if len(found) == SHOWN else None
    return {
        "pressing": {report: pressing(its, now) for report, its in promised.items()},
        "lines": [(one, clock(one, now)) for one in found], "tabs": _tabs(page, chosen, counts), "chosen": chosen,
        "filtered": chosen.narrowed, "query": chosen.query(after=query.get("after", "")[:40]),
        "channels": list(wired.settings.doors), "more": _more(chosen, last),
        "outages": outages.suspected(wired),
        "vocabularies": {"order": Order, "service": Service, "disposition": Disposition, "urgency": Urgency},
    }  # fmt: skip


def _found(tx: Transaction, chosen: Chosen, after: tuple[int, int] | None, login: str) -> list[Standing]:
    states: tuple[State, ...] = (State(chosen.state),) if chosen.state in set(State) else ()
    level = {"senior": Level.SENIOR, "review": Level.CLERK}.get(chosen.state)
    wanted = Filter(
        states=states, level=level, channel=chosen.channel or None, order=chosen.order, service=chosen.service,
        disposition=chosen.disposition, urgency=chosen.urgency, taken_by=login if chosen.mine else None,
    )  # fmt: skip
    return standings.queue(tx, wanted, SHOWN, after)


def _chosen(query: Mapping[str, str], channels: frozenset[str]) -> Chosen:
    return Chosen(
        state=query.get("state", "") if query.get("state") in _TABS else "",
        channel=query.get("channel", "") if query.get("channel") in channels else "",
        order=_one(Order, query.get("order")), service=_one(Service, query.get("service")),
        disposition=_one(Disposition, query.get("disposition")), urgency=_one(Urgency, query.get("urgency")),
        mine=query.get("mine") == "1",
    )  # fmt: skip


def _one(vocabulary: type[_V], value: str | None) -> _V | None:
    return next((one for one in vocabulary if one.value == value), None)


def _after(text: str) -> tuple[int, int] | None:
    due, _, report = text.partition("-")
    known = due.isdecimal() and report.isdecimal() and max(len(due), len(report)) < 19  # a column's numbers
    return (int(due), int(report)) if known else None


def _more(chosen: Chosen, last: Standing | None) -> str | None:
    return chosen.query(after=f"{micros(last.due_at)}-{last.report}") if last else None


def _tabs(page: Page, chosen: Chosen, counts: Counts) -> list[dict[str, Any]]:
    def number(name: str, kinds: tuple[str, ...]) -> int:
        if name == "overdue":
            return counts.overdue
        return sum(count for key, count in counts.states.items() if key.startswith(kinds))

    return [
        {"name": name, "label": page._(label), "number": number(name, kinds), "chosen": name == chosen.state,
         "query": urlencode({"state": name}) if name else ""}
        for name, (label, kinds) in _TABS.items()
    ]  # fmt: skip
