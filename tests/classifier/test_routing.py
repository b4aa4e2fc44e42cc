"""The routing table: the first row whose conditions hold."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Knowledge, Routing
from classifier.routing import folded
from config.routes import Row, To, When
from config.settings import Settings, Smtp
from records.partner import PartnerTicket
from records.record import Affected, Classification, FaultRecord, PostalAddress, Reporter, Route
from records.words import Customer, DecidedBy, Disposition, Mode, Order, Service, Symptom, Urgency
from tests.outbox.situations import fault_record

PHRASES = Knowledge.load().phrases
WIRING = """
[channels.mail]
kind = "smtp"
[channels.volga]
kind = "smtp"
port = 2526
company = "Volga Telecom"
[backends.desk]
kind = "builtin"
[backends.field]
kind = "builtin"
[regions]
Bashkortostan = ["Уфа", "Стерлитамак"]
[customers]
key_accounts = ["4410-22871"]
key_phones = ["+79173402218"]
key_emails = ["boss@bank.example", "@airport.example"]
"""


def wired(table: str) -> Settings:
    return msgspec.toml.decode(WIRING + table, type=Settings)


def routed(table: str, **changes: Any) -> tuple[str | None, tuple[str, ...]]:
    found = Routing(wired(table), PHRASES).routed(fault_record(**changes))
    route = found.record.classification.route
    return route.rule if route else None, found.backends


def place(**fields: str) -> Affected:
    return Affected(address=PostalAddress(**fields))


#: A condition, what fulfils it, and what does not.
CONDITIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ('service = ["broadband", "iptv"]', {"service": Service.IPTV}, {"service": Service.TELEPHONY}),
    ('service = ["broadband"]', {"service": Service.BROADBAND}, {"service": None}),
    ('symptom = ["slow"]', {"symptom": Symptom.SLOW}, {"symptom": Symptom.LOGIN}),
    ('urgency = ["urgent"]', {"urgency": Urgency.URGENT}, {}),
    ('order = ["follow_up"]', {"order": Order.FOLLOW_UP}, {}),
    ('disposition = ["incident"]', {}, {"classification": Classification()}),
    ('disposition = ["undecided"]', {"classification": Classification()}, {}),
    ('region = ["Bashkortostan"]', {"affected": place(city="УФА ")}, {"affected": place(city="Москва")}),
    ('city = ["Орёл"]', {"affected": place(city="орел")}, {"affected": place(city="Орёлград")}),
    ('street = ["Айская"]', {"affected": place(street="айская")}, {"affected": place()}),
    ('node = ["OU-3/RU-2"]', {"affected": Affected(node="ou-3/ru-2/ku-7")}, {"affected": Affected(node="OU-3/RU-1")}),
    ('node = ["ku-7"]', {"affected": Affected(node="KU-7")}, {"affected": Affected(node="OU-3/KU-7")}),
    ('company = ["Volga Telecom"]', {"channel": "volga"}, {"channel": "mail"}),
    ('channel = ["volga"]', {"channel": "volga"}, {"channel": "mail"}),
    ('partner = ["МегаФон"]', {"partner": PartnerTicket(name="Мегафон")}, {"partner": None}),
    ('customer = ["key_customer"]', {"affected": Affected(account="4410-22871")}, {}),
    ('customer = ["key_customer"]', {"affected": Affected(line="+79173402218")}, {"affected": Affected(line="+7917")}),
    ('customer = ["key_customer"]', {"reporter": Reporter(phone="+79173402218")}, {"reporter": Reporter()}),
    ('customer = ["key_customer"]', {"reporter": Reporter(email="Boss@bank.example")},
     {"reporter": Reporter(email="clerk@bank.example")}),
    ('customer = ["key_customer"]', {"reporter": Reporter(email="any@airport.example")},
     {"reporter": Reporter(email="any@notairport.example")}),
    ('customer = ["legal_entity"]', {"reporter": Reporter(organization="ООО «Ромашка»")}, {}),
    ('customer = ["legal_entity"]', {"description": "我司网络断了", "language": "zh"}, {"description": "网络断了"}),
    ('customer = ["person"]', {}, {"reporter": Reporter(organization="Acme Ltd")}),
    ('customer = ["legal_entity"]', {"reporter": Reporter(organization="Acme Ltd")},
     {"reporter": Reporter(organization="MTS"), "external_id": "MTS-1", "partner": PartnerTicket(name="MTS")}),
    ('customer = ["leased_line"]', {"service": Service.LEASED_LINE}, {"service": Service.BROADBAND}),
    ('customer = ["leased_line"]', {"description": "Our MPLS circuit id 7 is down"}, {}),
    ('service = ["iptv"], city = ["Уфа"]', {"service": Service.IPTV, "affected": place(city="Уфа")},
     {"service": Service.IPTV}),
    ('service = ["iptv"], city = ["Уфа"]', {"service": Service.IPTV, "affected": place(city="Уфа")},
     {"affected": place(city="Уфа")}),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "fulfils", "fails"), CONDITIONS)
def test_a_condition_holds_or_not(condition: str, fulfils: dict[str, Any], fails: dict[str, Any]) -> None:
    table = f'[[routes]]\nname = "one"\nwhen = {{ {condition} }}'

    assert routed(table, **fulfils)[0] == "one"
    assert routed(table, **fails)[0] is None


def test_every_condition_has_its_case() -> None:
    named = {part.partition("=")[0].strip() for condition, _, _ in CONDITIONS for part in condition.split("], ")}

    assert named == set(When.__struct_fields__)


TABLE = """
[[routes]]
name = "business"
when = { customer = ["legal_entity"] }
to = { line = 3, group = "b2b", senior = true }
[[routes]]
name = "volga"
comment = "The Volga company repairs its own lines."
when = { city = ["Уфа"], disposition = ["incident"] }
to = { backends = ["field"], company = "Volga Telecom", mode = "routed" }
[[routes]]
name = "rest"
to = { backends = ["desk"] }
"""


def test_the_first_row_that_holds_decides_and_the_others_say_why_not() -> None:
    record = fault_record(
        affected=place(city="Уфа"),
        classification=Classification(disposition=Disposition.INCIDENT, route=Route(line=2, group="fiber")),
    )

    found = Routing(wired(TABLE), PHRASES).routed(record)

    assert found.backends == ("field",)
    assert not found.senior
    assert found.record.classification.route == Route(
        line=2, group="fiber", company="Volga Telecom", mode=Mode.ROUTED, rule="volga"
    )
    assert [(tried.row.name, tried.failed) for tried in found.tried] == [("business", ("customer",)), ("volga", ())]


def test_a_row_without_conditions_takes_what_is_left() -> None:
    assert routed(TABLE, affected=place(city="Москва")) == ("rest", ("desk",))


def test_where_no_row_holds_every_backend_gets_it_and_the_route_stays() -> None:
    record = fault_record(classification=Classification(route=Route(line=2, group="fiber")))

    found = Routing(wired('[[routes]]\nname = "x"\nwhen = { city = ["Уфа"] }'), PHRASES).routed(record)

    assert (found.record, found.backends) == (record, ("desk", "field"))
    assert found.tried[-1].failed == ("city",)


def test_what_is_no_fault_goes_nowhere() -> None:
    assert routed(TABLE, order=Order.NOT_A_FAULT)[0] is None


@pytest.mark.parametrize("by", [DecidedBy.CLERK, DecidedBy.SENIOR])
def test_what_a_person_wrote_stays_and_the_backends_are_the_row_s(by: DecidedBy) -> None:
    own = Classification(disposition=Disposition.INCIDENT, decided_by=by, route=Route(line=3, group="copper"))

    found = Routing(wired(TABLE), PHRASES).routed(fault_record(affected=place(city="Уфа"), classification=own))

    assert found.record.classification == own
    assert found.backends == ("field",)


def test_a_person_s_decision_without_a_route_is_routed_and_again_the_same() -> None:
    own = Classification(disposition=Disposition.INCIDENT, decided_by=DecidedBy.SENIOR)
    routing = Routing(wired(TABLE), PHRASES)

    once = routing.routed(fault_record(affected=place(city="Уфа"), classification=own)).record

    assert once.classification.route == Route(company="Volga Telecom", mode=Mode.ROUTED, rule="volga")
    assert routing.routed(once).record == once


@pytest.mark.parametrize(
    "changes",
    [
        {"reporter": Reporter(organization="Acme Ltd")},
        {"service": Service.LEASED_LINE},
        {"affected": Affected(account="4410-22871")},
    ],
)
def test_without_a_table_business_is_the_seniors(changes: dict[str, Any]) -> None:
    routing = Routing(wired(""), PHRASES)

    assert routing.routed(fault_record(**changes)).senior
    assert not routing.routed(fault_record()).senior


CITIES, SERVICES = ("Уфа", "Москва", "Орёл"), tuple(Service)
WHENS = st.builds(
    When,
    city=st.lists(st.sampled_from(CITIES), max_size=2).map(tuple),
    service=st.lists(st.sampled_from(SERVICES), max_size=3).map(tuple),
    urgency=st.lists(st.sampled_from(tuple(Urgency)), max_size=2).map(tuple),
    customer=st.lists(st.sampled_from((Customer.LEGAL_ENTITY, Customer.PERSON)), max_size=1).map(tuple),
)


def naive(rows: list[Row], record: FaultRecord) -> str | None:
    """Say it in the plainest way."""
    firm = record.reporter.organization is not None
    for row in rows:
        when = row.when
        if when.city and (record.affected.address.city is None or record.affected.address.city not in when.city):
            continue
        if when.service and record.service not in when.service:
            continue
        if when.urgency and record.urgency not in when.urgency:
            continue
        if when.customer and (Customer.LEGAL_ENTITY if firm else Customer.PERSON) not in when.customer:
            continue
        return row.name
    return None


@settings(deadline=None, max_examples=300)
@given(
    whens=st.lists(WHENS, max_size=6),
    city=st.sampled_from((*CITIES, None)),
    service=st.sampled_from((*SERVICES, None)),
    urgency=st.sampled_from(tuple(Urgency)),
    firm=st.sampled_from(("Acme", None)),
)
def test_the_first_match_wins_as_the_plainest_reading_says(
    whens: list[When], city: str | None, service: Service | None, urgency: Urgency, firm: str | None
) -> None:
    rows = [Row(name=str(number), when=when, to=To(line=3)) for number, when in enumerate(whens) if when != When()]
    record = fault_record(
        affected=Affected(address=PostalAddress(city=city)), service=service, urgency=urgency,
        reporter=Reporter(organization=firm), classification=Classification(),
    )  # fmt: skip

    found = Routing(Settings(routes=tuple(rows), channels={"mail": Smtp()}), PHRASES).routed(record)

    route = found.record.classification.route
    assert (route.rule if route else None) == naive(rows, record)
    assert len(found.tried) == (rows.index(next(r for r in rows if r.name == route.rule)) + 1 if route else len(rows))


def test_texts_are_compared_folded() -> None:
    assert folded("  Улица\nАртёма ") == "улица артема"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            '[[routes]]\nname = "a"\nto = { backends = ["feld"] }',
            "row a: backends: there is no feld: did you mean field",
        ),
        (
            '[[routes]]\nname = "a"\nwhen = { channel = ["vola"] }',
            "row a: channel: there is no vola: did you mean volga",
        ),
        ('[[routes]]\nname = "a"\nwhen = { region = ["Bashkiria"] }', "row a: region: there is no Bashkiria: did you"),
        ('[[routes]]\nname = "a"\nwhen = { company = ["Volga"] }', "did you mean Volga Telecom?"),
        ('[[routes]]\nname = "a"\n[[routes]]\nname = "b"', "row a has no condition, so no row below it counts"),
        ('[[routes]]\nname = "a"\nwhen = { city = ["x"] }\n[[routes]]\nname = "a"', "two rows are named a"),
        ('[[routes]]\nname = "a"\nto = { line = 4 }', "to.line"),
    ],
)
def test_a_wrong_row_is_refused_by_its_name(table: str, told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told.replace("?", r"\?")):
        wired(table)
