"""The watch over the network beside the worker: reads what was sighted, and opens an outage where too many report."""

import logging
import threading
import time
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from classifier.outages import Rates, Sighting, Suspicion, Watch
from classifier.outages.rates import hour_of_week
from classifier.outages.watch import MEMORY
from records.outage import Outage, OutageState
from records.record import FaultRecord, PostalAddress
from records.registers import Node, account_key, house_key, named, plain, street_key
from records.words import Order
from storage import outages, registers
from storage.database import Database, Transaction
from storage.outages import Sighted

log = logging.getLogger("faultgate.outages")

LEARN_EVERY = timedelta(hours=1)  # what is usual changes slowly
CIRCUITS = 10  # of a partner's ticket, that are looked up
_WEEK = timedelta(weeks=1)
ACTIVE_FRESH, TREE_FRESH = 2.0, 60.0  # seconds for which what the worker found is believed


class Outages:
    """One beside each dispatcher; in a cluster they see the same, and the archive opens an outage once."""

    def __init__(self, database: Database, threshold: float) -> None:
        self._database = database
        self._threshold = threshold
        self._watch: Watch | None = None
        self._learnt_at: datetime | None = None
        self._last = 0
        self._tree: dict[str, Node] = {}
        self._active: dict[str, Outage] = {}

    def look(self, now: datetime) -> list[str]:
        """Take in what was sighted since the last look; gives the alarms' texts."""
        self._learn(now)
        watch = self._watch
        if watch is None:
            return []
        with self._database.read() as tx:
            fresh = outages.sightings(tx, self._last, now - MEMORY)
            self._follow(watch, outages.active(tx))
        return [alarm for one in fresh if (alarm := self._see(watch, one, now))]

    def _learn(self, now: datetime) -> None:
        """Learn anew what is usual; the watch itself goes on with what it has seen."""
        if self._learnt_at is not None and now - self._learnt_at < LEARN_EVERY:
            return
        with self._database.read() as tx:
            rates, self._tree = learnt(tx, now)
        if self._watch is None:
            self._watch = Watch(rates, self._threshold)
        else:
            self._watch.rates = rates
        self._learnt_at = now

    def _follow(self, watch: Watch, active: list[Outage]) -> None:
        """Take over what others opened or ended: a person, or the watch of another machine."""
        known = {one.node: one for one in active}
        for node in self._active.keys() - known.keys():
            watch.close(node)
        for node in known.keys() - self._active.keys():
            watch.open(node)
        self._active = known

    def _see(self, watch: Watch, one: Sighted, now: datetime) -> str | None:
        self._last = max(self._last, one.id)
        if one.outage is not None:
            return None
        if one.apart is not None:  # a person says that it has a cause of its own
            self._database.write(partial(outages.count, one=one, hour=hour_of_week(one.at)))
            return None
        node = watch.outage_over(one.path)
        if node is not None:
            known = self._active[node]
            join = partial(outages.join, outage=known.id, reports=[one.report], at=now, name=known.name)
            self._database.write(join)
            return None
        suspicion = watch.see(Sighting(report=one.report, at=one.at, who=one.who, path=one.path))
        if suspicion is None:
            self._database.write(partial(outages.count, one=one, hour=hour_of_week(one.at)))
            return None
        return self._suspect(watch, suspicion, now)

    def _suspect(self, watch: Watch, suspicion: Suspicion, now: datetime) -> str | None:
        outage = Outage(
            id=0, node=suspicion.node, name=named(self._tree, suspicion.node), path=suspicion.path,
            state=OutageState.SUSPECTED, since=suspicion.since, seen_at=now, score=suspicion.score,
            expected=suspicion.expected,
        )  # fmt: skip
        opened = self._database.write(partial(outages.open_outage, outage=outage, reports=suspicion.reports))
        if opened is None:
            return None
        watch.open(suspicion.node)
        with self._database.read() as tx:
            found = outages.outage(tx, opened)
        if found is not None:
            self._active[found.node] = found
        return (
            f"a mass outage is suspected at {suspicion.node}: {len(suspicion.reports)} reports: see the desk's outages"
        )


def learnt(tx: Transaction, now: datetime) -> tuple[Rates, dict[str, Node]]:
    """Give what is usual on the network, and its tree."""
    (counts, since), tree = outages.counts(tx), registers.nodes(tx)
    weeks = max(0.0, (now - since) / _WEEK) if since else 0.0
    return Rates(counts, weeks, registers.below(tree.values())), tree


class Place(Struct, frozen=True, kw_only=True):
    """Where a report is on the network, and whose it is."""

    who: str
    path: tuple[str, ...]  # the smallest node first


class Network:
    """The network as the worker sees it: where a report is, and whether an outage lies over it. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = threading.Lock()
        self._tree: dict[str, Node] = {}
        self._tree_at = self._active_at = float("-inf")
        self._active: dict[str, Outage] = {}

    def place(self, record: FaultRecord) -> Place | None:
        """Place a report by its node, by a partner's circuit, otherwise by street and house.

        None where it tells none of these, or is no fault.
        """
        if record.order is not Order.REPORT:
            return None
        self._refresh()
        path = registers.path(self._tree, record.affected.node) or self._by_circuit(record)
        path = path or _by_address(record.affected.address)
        return Place(who=_who(record), path=path) if path else None

    def _by_circuit(self, record: FaultRecord) -> tuple[str, ...]:
        """Find the node of the first circuit of a partner's ticket that the register of subscribers knows."""
        circuits = record.partner.circuits if record.partner else ()
        if not circuits:
            return ()
        with self._database.read() as tx:
            known = [found for circuit in circuits[:CIRCUITS] for found in registers.by_account(tx, circuit)]
        return next((path for one in known if (path := registers.path(self._tree, one.node))), ())

    def over(self, place: Place | None) -> Outage | None:
        """Give the active outage over a place."""
        self._refresh()
        path = place.path if place else ()
        return next((self._active[node] for node in path if node in self._active), None)

    def _refresh(self) -> None:
        now = time.monotonic()
        with self._looking, self._database.read() as tx:
            if now - self._active_at > ACTIVE_FRESH:
                self._active = {one.node: one for one in outages.active(tx)}
                self._active_at = now
            if now - self._tree_at > TREE_FRESH:
                self._tree = registers.nodes(tx)
                self._tree_at = now


def _who(record: FaultRecord) -> str:
    """Tell whose report it is. A partner's desk writes for many, so each of his tickets counts for itself."""
    reporter, account = record.reporter, account_key(record.affected.account)
    if record.partner is not None:
        return account or record.id or ""
    return account or reporter.phone or reporter.email or reporter.messenger or record.id or ""


def _by_address(address: PostalAddress) -> tuple[str, ...]:
    """Make nodes of an address: house, street, city."""
    if address.street is None or address.house is None:
        return ()
    street = f"@{plain(address.city)}/{street_key(address.street)}"
    return (f"{street}/{house_key(address.house)}", street, f"@{plain(address.city)}")
