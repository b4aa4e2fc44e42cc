"""`faultgate route`: which row of the routing table a report met, and why those before it did not hold."""

import sys
from collections.abc import Iterator, Mapping

from classifier import Knowledge, Routed, Routing, classify
from config.settings import Settings
from gateway.listing import archive, find
from records.record import FaultRecord, classified
from records.words import BY_PEOPLE
from storage.versions import Version, latest

_SHOWN = 3  # values of one condition in a line


def route(settings: Settings, record_id: str) -> int:
    """Print it, of the newest version of the record. Raises LookupError where there is no such report or record."""
    with archive(settings) as database:
        report = find(database, record_id)
        with database.read() as tx:
            version = latest(tx, report.report)
    if version is None:
        raise LookupError(f"{report.id} has no record yet: wait until it is read")
    knowledge = Knowledge.load()
    routing, record = Routing(settings, knowledge.phrases), _decided(version, knowledge)
    sys.stdout.write("".join(f"{line}\n" for line in told(routing.routed(record), routing.known(record))))
    return 0


def told(routed: Routed, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Tell each row that was looked at, with its comment, and where the report goes."""
    for tried in routed.tried:
        row = tried.row
        comment = f"  # {row.comment}" if row.comment else ""
        yield f"{'no ' if tried.failed else 'yes'} {row.name}{comment}"
        for name in tried.failed:
            wanted, there = getattr(row.when, name), sorted(known[name])
            yield f"      {name}: {_some(wanted)} wanted, {_some(there) or 'nothing known'} found"
    if not routed.tried or routed.tried[-1].failed:
        yield "no row holds: the default"
    yield ""
    yield from _result(routed)


def _decided(version: Version, knowledge: Knowledge) -> FaultRecord:
    """Decide anew, as the road does before it routes; a person's decision stays."""
    if version.record.classification.decided_by in BY_PEOPLE:
        return version.record
    subject = version.reading.telling_subject if version.reading else None
    return classified(version.record, classify(version.record, knowledge, subject))


def _result(routed: Routed) -> Iterator[str]:
    found = routed.record.classification.route
    facts = {
        "backends": ", ".join(routed.backends), "line": found.line if found else None,
        "group": found.group if found else None, "company": found.company if found else None,
        "mode": (found.mode if found else None) or "dispatched", "queue": "seniors" if routed.senior else None,
    }  # fmt: skip
    return (f"{name}: {value}" for name, value in facts.items() if value)


def _some(values: tuple[str, ...] | list[str]) -> str:
    more = len(values) - _SHOWN
    return ", ".join(values[:_SHOWN]) + (f" or {more} more" if more > 0 else "")
