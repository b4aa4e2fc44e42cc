"""What registers add to a record: right names of streets, what is known of a subscriber, collisions named."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.registers import Hits, StreetName, Streets, completed
from records.record import Affected, Evidence, FaultRecord, PostalAddress, Reporter
from records.registers import House, Subscriber, account_key, house_key, street_key
from records.words import Review, Service
from tests.storage.reports import record

NAMES = (
    "Ладожская", "Генерала Глазунова", "Карпинского", "Ставского", "проспект Победы", "Московское шоссе", "8 Марта",
    "Тютчева", "Тарханова", "Клары Цеткин", "Суворова", "Пушкина", "Гоголя", "Кирова", "via Garibaldi",
)  # fmt: skip


def streets(*names: str, city: str | None = "Пенза") -> Streets:
    return Streets(
        StreetName(key=street_key(name), written=name, city_key=(city or "").lower(), city=city)
        for name in names or NAMES
    )


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("Ладожская", "Ладожская"), ("ладожской", "Ладожская"), ("Ладожскоя", "Ладожская"),
        ("ул. Суворова", "Суворова"),
        ("Глазунова", "Генерала Глазунова"), ("пр-т Победы", "проспект Победы"),
        ("Московскае шоссе", "Московское шоссе"),
        ("Карпинсково", "Карпинского"), ("Клары Цеткин", "Клары Цеткин"), ("Garibaldi", "via Garibaldi"),
    ],
)  # fmt: skip
def test_a_street_is_put_right(written: str, right: str) -> None:
    found = streets().match(written, None)
    assert found
    assert found.written == right


@pytest.mark.parametrize("written", ["Ленина", "Та", "", "Кировская набережная", "?"])
def test_what_may_be_another_street_stays_as_it_is(written: str) -> None:
    assert streets().match(written, None) is None


def test_two_that_are_equally_near_are_nobody_s() -> None:
    assert streets("Тарханова", "Торханова").match("Тырханова", None) is None


def test_a_street_of_another_city_is_not_meant() -> None:
    both = Streets(
        StreetName(key="ладожская", written="Ладожская", city_key=city.lower(), city=city) for city in ("Пенза", "Уфа")
    )
    found = both.match("Ладожская", "Уфа")
    assert found
    assert found.city == "Уфа"
    assert both.match("Ладожская", None) is None
    assert both.match("Ладожская", "Казань") is None


@pytest.mark.parametrize(
    ("text", "street", "house", "flat"),
    [
        ("нет интернета Ладожская 89-134 второй день", "Ладожская", "89", "134"),
        ("Живу на ладожской 12, кв 5", "Ладожская", "12", "5"),
        ("генерала глазунова д. 7/2 не работает тв", "Генерала Глазунова", "7/2", None),
        ("адрес: Клары Цеткин, дом 14а", "Клары Цеткин", "14а", None),
        ("не работает, ставского 4-51", "Ставского", "4", "51"),
    ],
)
def test_a_served_street_is_found_without_a_word_for_it(text: str, street: str, house: str, flat: str | None) -> None:
    found = streets().in_text(text, None)
    assert found
    assert (found.street.written, found.house, found.flat) == (street, house, flat)


@pytest.mark.parametrize(
    "text", ["Пришлите мастера 12 числа", "плачу 500 рублей", "звонить 89173402218", "Иванов 45 лет", "в 10:30"]
)
def test_numbers_that_are_no_houses_make_no_address(text: str) -> None:
    assert streets().in_text(text, None) is None


def test_wrong_letters_in_a_hundred_and_fifty_streets_lead_to_no_other_street() -> None:
    dice = random.Random(5)
    names = sorted(
        {"".join(dice.choice("абвгдежзиклмнопрстуф") for _ in range(dice.randrange(7, 14))) for _ in range(150)}
    )
    many = streets(*names)
    wrong = 0
    for name in names:
        place = dice.randrange(len(name))
        found = many.match(name[:place] + dice.choice("абвгд") + name[place + 1 :], None)
        wrong += found is not None and found.written != name
    assert wrong == 0


@given(st.text(max_size=200))
def test_any_text_is_borne(text: str) -> None:
    streets().in_text(text, text[:9])
    streets().match(text, None)


def test_a_long_line_is_borne() -> None:
    assert streets().in_text("а " * 500_000, None) is None
    assert streets().in_text("1 " * 500_000, None) is None


GALINA = Subscriber(
    account="4410-22871", name="Соколова Галина Петровна", phone="+79173402218", city="Пенза", street="Ладожская",
    house="89", flat="134", service=Service.BROADBAND, node="h1", equipment="Huawei HG8245",
)  # fmt: skip
IVAN = Subscriber(account="77-1", name="Иванов Иван", phone="+79270001122", city="Пенза", street="Пушкина", house="1")


def bare(**affected: object) -> FaultRecord:
    return record(reporter=Reporter(email="g@mail.example"), affected=Affected(**affected), missing=("reporter.name",))  # type: ignore[arg-type]


def test_an_account_completes_the_record_and_all_of_it_is_marked() -> None:
    found = completed(bare(account="441022871"), Hits(by_account=(GALINA,)))
    assert found.reporter == Reporter(name=GALINA.name, phone=GALINA.phone, email="g@mail.example")
    assert found.affected.address == GALINA.address
    assert (found.affected.node, found.service, found.missing) == ("h1", Service.BROADBAND, ())
    assert found.affected.account == "441022871"
    assert {found.evidence[name].where for name in ("reporter.name", "affected.address.street", "service")} == {
        "register"
    }


def test_what_the_report_says_stays() -> None:
    told = bare(account="4410-22871", address=PostalAddress(street="Ладожская", house="89"))
    found = completed(told, Hits(by_account=(GALINA,), by_place=(GALINA,)))
    assert found.affected.address.flat == "134"
    assert "affected.address.street" not in found.evidence
    assert found.collisions == ()


@pytest.mark.parametrize(
    ("told", "hits", "named"),
    [
        (bare(account="4410-22871", address=PostalAddress(street="Пушкина", house="1")), Hits(by_account=(GALINA,)),
         ("affected.account/affected.address",)),
        (bare(account="4410-22871"), Hits(by_account=(GALINA,), by_phone=(IVAN,)),
         ("affected.account/reporter.phone",)),
        (bare(account="4410-22871", line="+78412000000"), Hits(by_account=(GALINA,), by_line=(IVAN,)),
         ("affected.account/affected.line",)),
        (bare(account="4410-22871", equipment="ZTE"), Hits(by_account=(GALINA,)),
         ("affected.account/affected.equipment",)),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_named_and_nothing_is_filled_in(
    told: FaultRecord, hits: Hits, named: tuple[str, ...]
) -> None:
    found = completed(told, hits)
    assert found.collisions == named
    assert Review.CONFLICTING_FIELDS in found.needs_review
    assert (found.reporter, found.affected) == (told.reporter, told.affected)


def test_several_subscribers_are_nobody() -> None:
    assert completed(bare(), Hits(by_phone=(GALINA, IVAN))) == bare()


def test_a_house_tells_its_node() -> None:
    house = House(street="Ладожская", house="89", node="h1")
    assert completed(bare(), Hits(houses=(house,))).affected.node == "h1"
    assert (
        completed(bare(), Hits(houses=(house, House(street="Ладожская", house="89", node="h2")))).affected.node is None
    )


def test_without_hits_nothing_changes() -> None:
    told = bare(account="1")
    assert completed(told, Hits()) == told


def test_keys() -> None:
    assert street_key("пр-т Победы") == street_key("Победы проспект") == "победы проспект"
    assert house_key("12 корп. 2") == house_key("12к2") == house_key("12, к.2") == "12/2"
    assert house_key("5 «А»") == "5а"
    assert account_key("4410-22871") == account_key(" 4410 22871 ")


def test_evidence_is_a_noun_of_the_record() -> None:
    found = completed(bare(account="4410-22871"), Hits(by_account=(GALINA,)))
    assert found.evidence["reporter.name"] == Evidence(
        text="Соколова Галина Петровна", where="register", confidence=0.97
    )
