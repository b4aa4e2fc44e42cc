"""Telegram's updates become reports: who wrote, where to answer, what is none of a person's reports."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from normalizer.job import Job, Normalized
from normalizer.normalize import normalize
from normalizer.readers import sniff
from records.media import TELEGRAM
from records.reading import Mailbox, Part
from records.record import Affected, FaultRecord, PostalAddress, Reporter
from records.words import Order, Review, Service, Symptom
from tests.normalizer.mails import ARRIVED, CONTEXT, corpus

GALINA = {"id": 77, "is_bot": False, "first_name": "Галина", "last_name": "Соколова", "language_code": "ru"}


def update(kind: str = "message", *, sender: dict[str, Any] | None = None, **fields: Any) -> bytes:
    sender = GALINA if sender is None else sender
    chat = {"id": sender.get("id", 77), "type": "private", "first_name": sender.get("first_name")}
    message = {"message_id": 5, "date": 1763629200, "from": sender, "chat": chat} | fields
    return json.dumps({"update_id": 1001, kind: message}).encode()


def normalized(content: bytes) -> Normalized:
    assert sniff(content, None) == TELEGRAM
    return normalize(Job(content=content, media_type=TELEGRAM, context=replace(CONTEXT, channel="telegram")))


def record(content: bytes) -> FaultRecord:
    return normalized(content).record


def test_a_russian_report_with_every_field() -> None:
    text = (
        "Здравствуйте! С 18 ноября не работает интернет, горит красная лампочка LOS. "
        "Договор 4410-22871, г. Уфа, ул. Айская, д. 64/1, кв. 118. Тел. 8 (917) 340-22-18"
    )
    made = record(update(text=text, entities=[{"type": "phone_number", "offset": 140, "length": 17}]))
    assert made.reporter == Reporter(name="Галина Соколова", phone="+79173402218", messenger="telegram:77")
    assert made.affected == Affected(
        account="4410-22871", address=PostalAddress(city="Уфа", street="Айская", house="64/1", flat="118")
    )
    assert (made.order, made.service, made.symptom) == (Order.REPORT, Service.BROADBAND, Symptom.NO_SERVICE)
    assert (made.language, made.since, made.description) == ("ru", date(2026, 11, 18), text)
    assert (made.missing, made.needs_review, made.attachments) == ((), (), ())
    assert made.evidence["reporter.messenger"].where == "chat"


@pytest.mark.parametrize(
    ("date", "told"),
    [(1763629200, "2025-11-20T09:00:00+00:00"), (0, None), (10**30, None), (-5, None), ("now", None), (1.5, None)],
)
def test_the_time_of_a_message_is_told(date: object, told: str | None) -> None:
    assert normalized(update(text="нет интернета", date=date)).reading.date == told


@pytest.mark.parametrize(
    ("profile", "text", "language", "symptom"),
    [
        (("Anna", "Brown", "en"), "Hello, since yesterday there is no internet at home", "en", Symptom.NO_SERVICE),
        (("Mario", "Rossi", "it"), "Buongiorno, da ieri internet non funziona", "it", Symptom.NO_SERVICE),
        (("小明", "王", "zh-hans"), "您好，我家宽带昨天开始上不了网", "zh", Symptom.NO_SERVICE),
        (("Анна", "Петрова", "ru"), "Здравствуйте, со вчерашнего дня нет интернета", "ru", Symptom.NO_SERVICE),
    ],
)
def test_four_languages(profile: tuple[str, str, str], text: str, language: str, symptom: Symptom) -> None:
    first, last, code = profile
    made = record(update(sender={"id": 9, "first_name": first, "last_name": last, "language_code": code}, text=text))
    assert (made.language, made.service, made.symptom) == (language, Service.BROADBAND, symptom)
    assert (made.since, made.order) == (date(2026, 11, 19), Order.REPORT)
    assert made.reporter == Reporter(name=f"{first} {last}", messenger="telegram:9")
    assert made.missing == ()


def test_the_language_of_the_program_counts_where_the_text_does_not_tell() -> None:
    photo = [{"file_id": "small", "file_size": 900}, {"file_id": "large", "file_size": 90_000}]
    for code, language in (("it", "it"), ("zh-hans", "zh"), ("de", "ru"), ("\ud800", "ru")):
        assert record(update(sender=GALINA | {"language_code": code}, photo=photo)).language == language


def test_files_are_listed_by_name_or_by_the_platform_s_identifier() -> None:
    made = normalized(
        update(
            caption="Вот роутер, интернета нет",
            photo=[{"file_id": "small", "file_size": 900}, {"file_id": "large", "file_size": 90_000}],
            document={"file_id": "doc", "file_name": "../../etc/счёт.pdf", "mime_type": "application/pdf"},
        )
    )
    photo, document = made.reading.parts
    assert photo == Part(path="photo", name="large", media_type="image/jpeg", size=90_000, md5="", sha256="")
    assert (document.name, document.media_type) == ("счёт.pdf", "application/pdf")
    assert (made.record.description, made.record.needs_review) == ("Вот роутер, интернета нет", ())


def test_a_voice_message_waits_for_a_person_and_an_oversized_file_is_named() -> None:
    voice = record(update(voice={"file_id": "v", "mime_type": "audio/ogg", "file_size": 1280, "duration": 3}))
    assert (voice.order, voice.missing) == (Order.REPORT, ("description",))
    assert voice.needs_review == (Review.UNREADABLE_ATTACHMENT,)
    video = normalized(update(caption="нет сигнала", video={"file_id": "x", "file_size": 2_000_000_000}))
    assert "larger" in (video.reading.parts[0].problem or "")
    assert video.record.needs_review == (Review.UNREADABLE_ATTACHMENT,)


def test_the_number_of_a_shared_contact_counts_only_where_it_is_the_sender_s_own() -> None:
    contact = {"phone_number": "79173402218", "first_name": "Галина", "user_id": 77}
    own = record(update(contact=contact))
    assert own.reporter.phone == "+79173402218"
    assert (own.order, own.missing, own.needs_review) == (Order.REPORT, ("description",), ())
    for stranger in (contact | {"user_id": 78}, {"phone_number": "79173402218", "first_name": "Пётр"}):
        made = normalized(update(contact=stranger))
        assert made.record.reporter.phone is None
        assert "the contact is not the sender's own" in made.reading.notes
    assert record(update(contact=contact | {"phone_number": "1"})).reporter.phone is None


def test_the_author_of_a_forwarded_message_is_the_reporter_and_the_chat_is_where_to_answer() -> None:
    pyotr = {"id": 12, "is_bot": False, "first_name": "Пётр", "last_name": "Ильин"}
    for forwarded in (
        {"forward_origin": {"type": "user", "date": 1, "sender_user": pyotr}},
        {"forward_from": pyotr, "forward_date": 1},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Пётр Ильин"}},
        {"forward_sender_name": "Пётр Ильин", "forward_date": 1},
    ):
        made = normalized(update(text="У нас не работает телефон", **forwarded))
        assert made.reading.forwarded_from == Mailbox(name="Пётр Ильин")
        assert made.record.reporter == Reporter(name="Пётр Ильин", messenger="telegram:77")
    contact = {"phone_number": "79173402218", "user_id": 77}
    assert record(update(contact=contact, forward_from=pyotr)).reporter.phone is None


def test_a_place_is_told_beside_the_text() -> None:
    made = normalized(update(location={"latitude": 54.7351, "longitude": 55.9587}))
    assert "location: 54.735100, 55.958700" in made.reading.text
    assert (made.record.order, made.record.missing) == (Order.REPORT, ("description",))
    venue = normalized(update(venue={"title": "Дом", "address": "ул. Айская, 64"}, location={"latitude": 1e309}))
    assert venue.reading.notes == ("venue: Дом, ул. Айская, 64",)


def test_an_edited_message_is_read_like_a_new_one() -> None:
    made = normalized(update("edited_message", text="Не работает интернет второй день", edit_date=1763629300))
    assert (made.record.order, made.record.description) == (Order.REPORT, "Не работает интернет второй день")
    assert "an edited message" in made.reading.notes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (update(text="не работает интернет", chat={"id": -5, "type": "group", "title": "Дом"}), "group"),
        (update("channel_post", text="не работает интернет"), "channel_post"),
        (update(sender=GALINA | {"is_bot": True}, text="не работает интернет"), "a bot"),
        (update(sticker={"file_id": "s"}), "a sticker"),
        (update(text="/start"), "a command"),
        (update(text="/start ref_42"), "a command"),
        (update(text="/status@desk_bot"), "a command"),
        (update(pinned_message={"message_id": 1, "text": "x"}), "platform's own"),
        (update("callback_query", data="yes"), "callback_query"),
    ],
)
def test_what_is_no_report_of_a_person_says_why(content: bytes, reason: str) -> None:
    made = normalized(content)
    assert made.record.order is Order.NOT_A_FAULT
    assert made.record.needs_review == ()
    assert any(note.startswith("no report") and reason in note for note in made.reading.notes)


def test_a_command_with_a_report_behind_it_is_a_report() -> None:
    made = record(update(text="/report не работает интернет с утра"))
    assert (made.order, made.description) == (Order.REPORT, "не работает интернет с утра")
    house = record(update(text="Уфа, ул. Айская 64/1 кв 118 /2 нет интернета"))
    assert house.description == "Уфа, ул. Айская 64/1 кв 118 /2 нет интернета"


@pytest.mark.parametrize(
    "content",
    [
        b'{"update_id":1e309}',
        b'{"update_id":1,"message":' + b"[" * 100_000 + b"}",
        b'{"update_id":' + b"9" * 10_000 + b"}",
        b'{"update_id":1,"message":{"text":"\\ud800 \\udc00 \\u0000","chat":{"id":1e309,"type":"private"}}}',
        b'{"update_id":1,"message":{"text":7,"chat":[],"from":"x","photo":{"file_size":"big"},"contact":null}}',
        b'{"update_id":1,"update_id":NaN,"message":{}}',
        b'{"update_id":1,"message":{"text":"' + b"a" * 10_000_000 + b'","chat":{"id":1,"type":"private"}}}',
        b"\xff\xfe{", b"", b"[]", b"null",
    ],
)  # fmt: skip
def test_nothing_hostile_is_fatal(content: bytes) -> None:
    made = normalize(Job(content=content, media_type=TELEGRAM, context=CONTEXT))
    assert made.record.received_at == ARRIVED
    assert not any("\0" in text or "\ud800" in text for text in (made.reading.text, made.record.description or ""))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["from", "chat", "text", "caption", "photo", "voice", "contact", "location", "venue", "id", "type", "user_id",
         "forward_origin", "sender_user", "document", "first_name", "phone_number", "file_size", "language_code"]
    ), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
@settings(max_examples=150, deadline=None)
def test_no_shape_of_a_message_is_fatal(message: Any) -> None:
    content = json.dumps({"update_id": 1, "message": message}).encode()
    made = normalize(Job(content=content, media_type=TELEGRAM, context=CONTEXT))
    assert made.reading.media_type == TELEGRAM
    json.dumps(made.record.description, ensure_ascii=False).encode()


def updates(value: Any) -> Iterator[dict[str, Any]]:
    """Find the updates in a file of the corpus: bare, in an answer of getUpdates, or a message alone."""
    if isinstance(value, dict) and "update_id" in value:
        yield value
    elif isinstance(value, dict) and "message_id" in value:
        yield {"update_id": 1, "message": value}
    elif isinstance(value, dict):
        result = value.get("result")
        for one in result if isinstance(result, list) else [result]:
            yield from updates(one)


def test_every_update_of_the_corpus_is_read() -> None:
    paths = sorted(corpus("telegram-updates").rglob("*.json"))
    read = [
        (path, one, normalized(json.dumps(one).encode()))
        for path in paths
        for one in updates(json.loads(path.read_text("utf-8")))
    ]
    assert len(read) > 50
    for path, one, made in read:
        private = one.get("message", {}).get("chat", {}).get("type") == "private"
        assert Review.UNREADABLE_ORIGINAL not in made.reading.reviews, path
        assert private or made.record.order is Order.NOT_A_FAULT, path
        said = one.get("message", {}).get("text", "")
        assert not private or said in {"", "/end", "/start"} or made.record.description == said, path
