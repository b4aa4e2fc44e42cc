"""Records completed by the operator's registers, for the worker."""

import threading
import time

from msgspec.structs import replace

from normalizer.registers import Hits, StreetName, Streets, completed
from records.reading import Reading
from records.record import Evidence, FaultRecord, PostalAddress
from records.words import Order
from storage import registers
from storage.database import Database, Transaction

FRESH = 60.0  # seconds for which what was found of the registers is believed
#: How surely a street is meant that stands in the text without a word for a street, or is written nearly so.
_FOUND, _NEAR = 0.9, 0.9
_BY_PEOPLE = (Order.REPORT, Order.FOLLOW_UP)


class Lookups:
    """Looks up what a record tells. Thread-safe; without registers every record stays as it is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = threading.Lock()
        self._looked = float("-inf")
        self._loads: dict[str, int] = {}
        self._streets = Streets(())

    def complete(self, record: FaultRecord, reading: Reading) -> FaultRecord:
        """Put streets right, fill in what is known of the subscriber, name what does not fit together."""
        streets = self._known()
        if not self._loads or record.order not in _BY_PEOPLE or record.machine_mail is not None:
            return record
        if streets:
            record = _placed(record, streets, reading.new_text)
        with self._database.read() as tx:
            hits = _hits(tx, record)
        return completed(record, hits)

    def _known(self) -> Streets:
        with self._looking:
            if time.monotonic() - self._looked > FRESH:
                self._refresh()
                self._looked = time.monotonic()
            return self._streets

    def _refresh(self) -> None:
        with self._database.read() as tx:
            loads = {name: one.load for name, one in registers.loaded(tx).items()}
            if loads != self._loads:
                found = registers.streets(tx)
                self._streets = Streets(
                    StreetName(key=one.street, written=one.written, city_key=one.city, city=one.city_written)
                    for one in found
                )
        self._loads = loads


def _placed(record: FaultRecord, streets: Streets, text: str) -> FaultRecord:
    """Spell the street as the register does; where the record has none, find one in the text."""
    address = record.affected.address
    if address.street is not None:
        street = streets.match(address.street, address.city)
        if street is None:
            return record
        kept = record.evidence.get("affected.address.street")
        near = Evidence(
            text=kept.text if kept else address.street, where=kept.where if kept else "body", confidence=_NEAR
        )
        evidence = dict(record.evidence)
        if street.written != address.street:
            evidence["affected.address.street"] = near
        found = replace(address, street=street.written, city=address.city or street.city)
        return replace(record, affected=replace(record.affected, address=found), evidence=evidence)
    placed = streets.in_text(text, address.city)
    if placed is None or address.house is not None:
        return record
    found = PostalAddress(
        city=address.city or placed.street.city, street=placed.street.written, house=placed.house,
        building=address.building, entrance=address.entrance, flat=address.flat or placed.flat,
    )  # fmt: skip
    told = Evidence(text=placed.text, where="body", confidence=_FOUND)
    names = [name for name in ("city", "street", "house", "flat") if getattr(found, name) != getattr(address, name)]
    evidence = {**record.evidence, **{f"affected.address.{name}": told for name in names}}
    return replace(record, affected=replace(record.affected, address=found), evidence=evidence)


def _hits(tx: Transaction, record: FaultRecord) -> Hits:
    reporter, affected, address = record.reporter, record.affected, record.affected.address
    placed = address.street is not None and address.house is not None
    street, house = address.street or "", address.house or ""
    return Hits(
        by_account=tuple(registers.by_account(tx, affected.account)) if affected.account else (),
        by_line=tuple(registers.by_phone(tx, affected.line)) if affected.line else (),
        by_phone=tuple(registers.by_phone(tx, reporter.phone)) if reporter.phone else (),
        by_place=tuple(registers.by_place(tx, street, house, address.flat)) if placed else (),
        houses=tuple(registers.houses_at(tx, street, house)) if placed else (),
    )  # fmt: skip
