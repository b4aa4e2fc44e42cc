"""What monitoring says of a node: that it is down opens a suspected outage there, that it is up proposes the end."""

from datetime import datetime

import msgspec

from records.outage import Alarm, Outage, OutageState
from storage.database import Transaction
from storage.outages import active, decide, open_outage
from storage.rows import clean, micros

MONITORING = "monitoring"  # who ends what nobody has written about


def heard(tx: Transaction, alarm: Alarm, path: tuple[str, ...], name: str, now: datetime) -> bool:
    """Take an alarm in; tells whether it was news: one that is repeated, or older than what is known, is not.

    `path`: the node and all above it. An active outage above or below the node takes the alarm as a word more.
    """
    stale = "SELECT 1 FROM outages WHERE node = :node AND monitored_at >= :at"
    if tx.one(stale, node=clean(alarm.node), at=micros(alarm.at)):
        return False
    known = next((one for one in active(tx) if one.node in path or alarm.node in one.path), None)
    if known is not None:
        return _more(tx, known, alarm, now)
    if alarm.state == "up":
        return False
    return _opened(tx, alarm, path, name, now)


def _more(tx: Transaction, known: Outage, alarm: Alarm, now: datetime) -> bool:
    own = known.node == alarm.node
    if (known.monitored_at is not None and known.monitored_at >= alarm.at) or (alarm.state == "up" and not own):
        return False
    _note(tx, known.id, alarm, alarm.text if own else f"{alarm.node}: {alarm.text}")
    if alarm.state == "up" and known.state is OutageState.SUSPECTED and not known.reports:
        decide(tx, known.id, OutageState.DISMISSED, MONITORING, now)  # nobody wrote and nobody was told
    return True


def _opened(tx: Transaction, alarm: Alarm, path: tuple[str, ...], name: str, now: datetime) -> bool:
    outage = Outage(
        id=0, node=alarm.node, name=name, path=path, state=OutageState.SUSPECTED, since=alarm.at, seen_at=now,
        score=0.0, expected=0.0,
    )  # fmt: skip
    rows = tx.all("SELECT report, path FROM sightings WHERE at >= :at AND outage IS NULL", at=micros(alarm.at))
    below = [row["report"] for row in rows if alarm.node in msgspec.json.decode(row["path"], type=tuple[str, ...])]
    opened = open_outage(tx, outage, below)
    if opened is None:
        return False
    _note(tx, opened, alarm, alarm.text)
    return True


def _note(tx: Transaction, outage: int, alarm: Alarm, text: str) -> None:
    tx.run(
        "UPDATE outages SET monitored_at = :at, monitoring = :text, up = :up WHERE id = :id",
        at=micros(alarm.at), text=clean(text), up=int(alarm.state == "up"), id=outage,
    )  # fmt: skip
