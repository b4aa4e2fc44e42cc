"""The routing table: the first row whose conditions hold says where a report goes; a function of its arguments."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from classifier.facts import facts
from classifier.phrases import Phrasebook
from config.routes import Customers, Row, To, When
from config.settings import Settings
from records.record import FaultRecord, Route
from records.words import BY_PEOPLE, Customer, Order, Service

#: Words of a report that tell the kind of its customer, as the sorting table knows them.
_LEASED, _LEGAL = "leased", "legal_entity"


class Tried(Struct, frozen=True, kw_only=True):
    """A row that was looked at; `failed` names each condition that did not hold, none where the row decides."""

    row: Row
    failed: tuple[str, ...] = ()


class Routed(Struct, frozen=True, kw_only=True):
    """Where a report goes and why."""

    record: FaultRecord  # with its route
    backends: tuple[str, ...]  # that get its ticket
    senior: bool = False
    tried: tuple[Tried, ...] = ()  # down to the row that decides; all where none does


class Routing:
    """The table of a wiring with what its conditions need. Thread-safe."""

    def __init__(self, settings: Settings, phrases: Phrasebook) -> None:
        self._settings = settings
        self._phrases = phrases

    def routed(self, record: FaultRecord) -> Routed:
        """Route a record with its decision; what a person wrote into its route stays, the backends are the row's.

        What is no fault goes nowhere.
        """
        if record.order is Order.NOT_A_FAULT:
            return self._sent(record, To(), None, ())
        known = self.known(record)
        tried: list[Tried] = []
        for row in self._settings.routes:
            tried.append(Tried(row=row, failed=failed(row.when, known)))
            if not tried[-1].failed:
                return self._sent(record, row.to, row.name, tuple(tried))
        return self._sent(record, To(), None, tuple(tried))

    def known(self, record: FaultRecord) -> Mapping[str, frozenset[str]]:
        """Give what each condition is held against, folded; an empty set fulfils no condition."""
        door = self._settings.doors.get(record.channel)
        place, decision = record.affected.address, record.classification
        partner = {record.partner.name if record.partner else None}
        if record.channel in self._settings.partners:
            partner.add(record.channel)
        regions = {name for name, cities in self._settings.regions.items() if folded(place.city) in map(folded, cities)}
        given: dict[str, set[str | None]] = {
            "order": {record.order}, "disposition": {decision.disposition or "undecided"}, "service": {record.service},
            "symptom": {record.symptom}, "urgency": {record.urgency}, "region": {*regions}, "city": {place.city},
            "customer": {*kinds(record, self._settings.customers, facts(record, self._phrases))},
            "street": {place.street}, "node": {record.affected.node}, "company": {door.company if door else None},
            "partner": partner, "channel": {record.channel},
        }  # fmt: skip
        return {name: frozenset(folded(one) for one in values if one) for name, values in given.items()}

    def _sent(self, record: FaultRecord, to: To, rule: str | None, tried: tuple[Tried, ...]) -> Routed:
        backends = to.backends or tuple(self._settings.backends)
        route = record.classification.route
        by_person = record.classification.decided_by in BY_PEOPLE and route is not None and route.rule is None
        if rule is not None and not by_person:
            said = route or Route()
            route = replace(
                said, line=to.line or said.line, group=to.group or said.group, company=to.company or said.company,
                mode=to.mode, rule=rule,
            )  # fmt: skip
        whole = replace(record, classification=replace(record.classification, route=route))
        return Routed(record=whole, backends=backends, senior=to.senior, tried=tried)


def failed(when: When, known: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Name the conditions that do not hold."""
    return tuple(
        name for name in when.__struct_fields__
        if getattr(when, name) and not _holds(name, getattr(when, name), known[name])
    )  # fmt: skip


def kinds(record: FaultRecord, customers: Customers, said: frozenset[str]) -> frozenset[Customer]:
    """Tell of which kinds the customer is; `said`: what the words of the report mean, as `classifier.facts` gives it.

    A partner who passes a ticket on is an organisation, but his customer need not be one.
    """
    found = set()
    passed_on = record.partner is not None or record.external_id is not None
    if _LEGAL in said or (record.reporter.organization is not None and not passed_on):
        found.add(Customer.LEGAL_ENTITY)
    if record.service is Service.LEASED_LINE or _LEASED in said:
        found.add(Customer.LEASED_LINE)
    if _is_key(record, customers):
        found.add(Customer.KEY_CUSTOMER)
    return frozenset(found) if Customer.LEGAL_ENTITY in found else frozenset({*found, Customer.PERSON})


def folded(text: str | None) -> str:
    """Give a text as conditions compare it."""
    return " ".join((text or "").casefold().replace("ё", "е").split())


def _holds(name: str, wanted: tuple[str, ...], values: frozenset[str]) -> bool:
    fits: Callable[[str, str], bool] = str.startswith if name == "node" else str.__eq__
    return any(fits(value, folded(one)) for one in wanted for value in values)


def _is_key(record: FaultRecord, customers: Customers) -> bool:
    """Tell whether the wiring names the customer; the address may be named by its domain."""
    email = (record.reporter.email or "").lower()
    phones = {record.reporter.phone, record.affected.line} - {None}
    return (
        not phones.isdisjoint(customers.key_phones)
        or (record.affected.account is not None and record.affected.account in customers.key_accounts)
        or bool(email and {email, f"@{email.rpartition('@')[2]}"} & {one.lower() for one in customers.key_emails})
    )
