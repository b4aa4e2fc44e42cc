"""Reports are found by whatever somebody remembers of them, in every language of the desk."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from records.record import Affected, FaultRecord, PostalAddress, Reporter
from storage import search, versions
from storage.database import Database
from storage.words import MOST, asked_for, words_of
from tests.storage.reports import SOON, Profile, card, decide, kept, read, record, settled

RUSSIAN = record(
    reporter=Reporter(name="Семёнова Галина Петровна", phone="+79173402218", email="galina.s@mail.example"),
    affected=Affected(
        account="4410-22871", line="+73472223344", address=PostalAddress(city="Уфа", street="Айская", house="64/1")
    ),
    description="Третий день не работает интернет, горит лампочка LOS. Мобильный: 8 (903) 111-22-33",
)
CHINESE = record(
    language="zh", reporter=Reporter(name="王小明", phone="+8613812345678"),
    affected=Affected(address=PostalAddress(city="杭州", street="文三路", house="90号")),
    description="宽带不通,红灯闪烁",
)  # fmt: skip
ITALIAN = record(
    language="it",
    reporter=Reporter(name="Niccolò Bianchi", phone="+390612345678", organization="Caffè Sant'Eustachio"),
    affected=Affected(node="RM-EUR-7", equipment="FRITZ!Box 7590"),
    description="La linea cade ogni sera, è lentissima.",
)  # fmt: skip
ENGLISH = record(
    language="en", reporter=Reporter(name="O'Brien, Maeve", messenger="@maeve"), external_id="INC0012345",
    description="No dial tone since Tuesday",
)  # fmt: skip
ALL = {"ru": RUSSIAN, "zh": CHINESE, "it": ITALIAN, "en": ENGLISH}


@pytest.fixture
def known(database: Database, profile: Profile) -> dict[str, int]:
    """One settled report in each language."""
    found = {}
    for language, made in ALL.items():
        found[language] = kept(database, profile, language.encode())
        decide(database, read(database, found[language], made))
    return found


def find(database: Database, text: str, limit: int = 10) -> list[int]:
    with database.read() as tx:
        return [one.report for one in search.find(tx, text, limit)]


FOUND = {
    "ru": (
        "семенова", "СЕМЁНОВА галина", "галин", "интернет los", "Уфа Айская 64", "айск", "galina.s@mail.example",
        "+7 917 340-22-18", "8 (917) 340-22-18", "89173402218", "9173402218", "340-22-18", "3402218", "2218",
        "4410-22871", "441022871", "22871", "4410", "8 903 111 22 33", "3472223344", "222-33-44",
    ),
    "zh": ("王小明", "小明", "王", "杭州 文三路", "宽带不通", "红灯", "13812345678", "138 1234 5678", "5678 王"),
    "it": (
        "niccolò", "NICCOLO bianchi", "caffe", "06 12345678", "0612345678", "lentissima", "fritz 7590", "rm-eur-7",
    ),
    "en": ("o'brien", "maeve", "dial tone", "inc0012345", "INC00123", "tuesday"),
}  # fmt: skip


def test_each_is_found_by_all_that_is_known_of_it(database: Database, known: dict[str, int]) -> None:
    for language, texts in FOUND.items():
        for text in texts:
            assert find(database, text) == [known[language]], text


def test_all_words_must_be_there(database: Database, known: dict[str, int]) -> None:
    for text in ("галина мадрид", "小王", "明小", "9173402219", "bianchi 王", "4410-22872", "tone9", "интернеты"):
        assert find(database, text) == [], text
    assert known


@pytest.mark.parametrize("text", ["", " ", "—", "!!!", '"', "' OR 1=1 --", "*", "a:b*", "(", "\\", "<->", "&", "😀"])
def test_no_sign_is_more_than_a_sign(database: Database, known: dict[str, int], text: str) -> None:
    assert find(database, text) in ([], [known["it"]], [known["en"]])


def test_a_number_is_found_at_once(database: Database, profile: Profile, known: dict[str, int]) -> None:
    unread = kept(database, profile, b"unread")
    for report in (*known.values(), unread):
        number = card(database, report).id
        assert find(database, number.lower()) == [report]
    assert find(database, f" fr {card(database, known['ru']).id[3:]} ") == [known["ru"]]
    assert find(database, card(database, known["zh"]).id[-7:]) == [known["zh"]]


def test_a_ticket_s_number_is_found(database: Database, known: dict[str, int]) -> None:
    database.write(lambda tx: tx.run(
        "INSERT INTO deliveries (report, verb, backend, key, made_at, body, opens)"
        " VALUES (:report, 'create', 'desk', 'k', 0, '{}', :report)", report=known["it"],
    ))  # fmt: skip
    database.write(lambda tx: tx.run(
        "INSERT INTO outcomes (delivery, state, external_id, at) SELECT id, 'delivered', 'OPS-4711', 0 FROM deliveries"
    ))  # fmt: skip
    assert find(database, " OPS-4711") == [known["it"]]


def test_the_newest_version_is_found_and_the_newest_report_is_first(database: Database, known: dict[str, int]) -> None:
    changed = replace(ENGLISH, description="No internet, Bianchi told us")
    database.write(partial(versions.add, report=known["en"], record=changed, at=SOON, author="vera"))

    assert find(database, "dial tone") == []
    assert find(database, "bianchi") == [known["en"], known["it"]]
    assert find(database, "bianchi", limit=1) == [known["en"]]


def test_a_letter_of_a_thousand_pages_has_an_end(database: Database, profile: Profile) -> None:
    long = " ".join(f"слово{number}" for number in range(50_000))
    report = settled(database, profile, reporter=Reporter(name="Последняя"), description=long)

    assert find(database, "последняя слово7") == [report]
    assert len(words_of(record(description=long))) == MOST


@given(st.text(max_size=60))
def test_whatever_stands_in_a_text_is_asked_for_as_it_is_kept(text: str) -> None:
    words = set(words_of(record(reporter=Reporter(), description=text)))

    for ways in asked_for(text):
        assert any(all(any(word.startswith(one) for word in words) for one in way) for way in ways), (text, ways)


def test_a_record_s_own_number_is_among_its_words() -> None:
    made: FaultRecord = record(id="FR-2026-0000042")
    assert {"20260000042", "0042", "fr"} <= set(words_of(made))
