"""A record completed from the registers; what does not fit together is named for a person, never settled silently."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from records.record import Affected, Evidence, FaultRecord, PostalAddress, lacking
from records.registers import REGISTER, House, Subscriber, account_key, house_key, plain, street_key
from records.words import Review

#: How surely a subscriber is the one meant, by what he was found with.
_BY_ACCOUNT, _BY_PHONE, _BY_PLACE = 0.97, 0.9, 0.9


class Hits(Struct, frozen=True, kw_only=True):
    """What the registers hold of a record's account, telephone numbers and address."""

    by_account: tuple[Subscriber, ...] = ()
    by_line: tuple[Subscriber, ...] = ()
    by_phone: tuple[Subscriber, ...] = ()
    by_place: tuple[Subscriber, ...] = ()  # of the flat, where one is told
    houses: tuple[House, ...] = ()


def completed(record: FaultRecord, hits: Hits) -> FaultRecord:
    """Fill what the record lacks from the one subscriber that it tells of, and name collisions.

    A collision is two fields that lead to different subscribers or places: then nothing of a subscriber is filled in.
    What is looked up is marked by `where` in its evidence, so that it is told to nobody who may not be the subscriber.
    """
    found = {
        "affected.account": _only(hits.by_account), "affected.line": _only(hits.by_line),
        "reporter.phone": _only(hits.by_phone), "affected.address": _only(hits.by_place),
    }  # fmt: skip
    collisions = tuple(dict.fromkeys(_collisions(record, found)))
    if collisions:
        reviews = tuple(dict.fromkeys((*record.needs_review, Review.CONFLICTING_FIELDS)))
        return _on_node(replace(record, collisions=collisions, needs_review=reviews), hits)
    by, subscriber = next(((name, one) for name, one in found.items() if one), ("", None))
    return _on_node(_filled(record, subscriber, by) if subscriber else record, hits)


def _only(found: tuple[Subscriber, ...]) -> Subscriber | None:
    accounts = {account_key(one.account) for one in found}
    return found[0] if len(accounts) == 1 else None


def _collisions(record: FaultRecord, found: Mapping[str, Subscriber | None]) -> Iterator[str]:
    """Name each pair of fields that don't fit together: "affected.account/affected.address"."""
    told = [(name, one) for name, one in found.items() if one]
    for place, (name, one) in enumerate(told):
        for other_name, other in told[place + 1 :]:
            if account_key(one.account) != account_key(other.account):
                yield f"{name}/{other_name}"
        if name != "affected.address" and not _same_place(record.affected.address, one):
            yield f"{name}/affected.address"
        if name != "affected.address" and not _same_equipment(record.affected.equipment, one.equipment):
            yield f"{name}/affected.equipment"


def _same_place(told: PostalAddress, known: Subscriber) -> bool:
    """Tell whether an address may be the subscriber's; what is not told on either side contradicts nothing."""
    pairs = (
        (street_key(told.street), street_key(known.street)), (house_key(told.house), house_key(known.house)),
        (plain(told.flat), plain(known.flat)), (plain(told.city), plain(known.city)),
    )  # fmt: skip
    return all(not one or not other or one == other for one, other in pairs)


def _same_equipment(told: str | None, known: str | None) -> bool:
    words, others = set(plain(told).split()), set(plain(known).split())
    return not words or not others or not words.isdisjoint(others)


def _filled(record: FaultRecord, known: Subscriber, by: str) -> FaultRecord:
    surely = {"affected.account": _BY_ACCOUNT, "affected.address": _BY_PLACE}.get(by, _BY_PHONE)
    reporter, affected, address = record.reporter, record.affected, record.affected.address
    evidence = dict(record.evidence)

    def take(name: str, own: str | None, looked_up: str | None) -> str | None:
        if own is None and looked_up:
            evidence[name] = Evidence(text=looked_up, where=REGISTER, confidence=surely)
        return own or looked_up or None

    whole = PostalAddress(
        city=take("affected.address.city", address.city, known.city),
        street=take("affected.address.street", address.street, known.street),
        house=take("affected.address.house", address.house, known.house), building=address.building,
        entrance=address.entrance, flat=take("affected.address.flat", address.flat, known.flat),
    )  # fmt: skip
    reporter = replace(
        reporter, name=take("reporter.name", reporter.name, known.name),
        phone=take("reporter.phone", reporter.phone, known.phone),
        organization=take("reporter.organization", reporter.organization, known.organization),
    )  # fmt: skip
    affected = Affected(
        line=take("affected.line", affected.line, known.line), address=whole,
        account=take("affected.account", affected.account, known.account),
        node=take("affected.node", affected.node, known.node),
        equipment=take("affected.equipment", affected.equipment, known.equipment),
    )  # fmt: skip
    service = record.service or known.service
    if service is not record.service and service is not None:
        evidence["service"] = Evidence(text=service.value, where=REGISTER, confidence=surely)
    return replace(
        record, reporter=reporter, affected=affected, service=service, evidence=evidence,
        missing=lacking(reporter, record.description),
    )  # fmt: skip


def _on_node(record: FaultRecord, hits: Hits) -> FaultRecord:
    """Name the node that serves the house, where the registers know one only."""
    nodes = {one.node for one in hits.houses if one.node}
    if record.affected.node is not None or len(nodes) != 1:
        return record
    [node] = nodes
    evidence = {**record.evidence, "affected.node": Evidence(text=node, where=REGISTER, confidence=_BY_PLACE)}
    return replace(record, affected=replace(record.affected, node=node), evidence=evidence)
