"""Conversations become one report: what belongs to it, what is asked beside it, what is nothing, on both messengers."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from normalizer.job import Job, Normalized
from normalizer.normalize import normalize
from normalizer.readers import sniff
from normalizer.wishes import is_courtesy, is_thanks, wish_of
from records.arrival import Envelope
from records.chat import KeptFile
from records.dialogue import Dialogue, Offer, Outcome, Press, Request, Tried, Wish, data, press_of
from records.media import MAX, TELEGRAM, sequence
from records.reading import Mailbox
from records.record import Reporter
from records.tokens import token
from records.words import Order, Review, Service
from tests.normalizer.mails import CONTEXT, corpus
from tests.normalizer.test_telegram import GALINA, updates

SENT = 1763629200
NUMBER = "FR-2026-0000012"
OURS, THEIRS = (token(b"key", report, "telegram:77") for report in (12, 7))
AT = datetime.fromtimestamp(SENT, CONTEXT.received_at.tzinfo)
STEPS = tuple(
    Offer(tip=Tried(solution="wifi-weak", step=one), last=one == 2, at=AT + timedelta(seconds=10 * one))
    for one in (1, 2)
)


def said(text: str | None = None, at: int = 0, kind: str = "message", **fields: Any) -> dict[str, Any]:
    """A message of Galina's, `at` seconds after the first; its number is its second unless told."""
    bare = {"message_id": at, "date": SENT + at, "from": GALINA, "chat": {"id": 77, "type": "private"}}
    return {"update_id": 1000 + at, kind: bare | ({"text": text} if text is not None else {}) | fields}


def pressed(wish: Wish, step: int = 0, proof: str = OURS, query: str = "q1") -> dict[str, Any]:
    below = {"message_id": 900, "date": SENT, "chat": {"id": 77, "type": "private"}}
    told = data(Press(wish=wish, step=step, token=proof))
    return {"update_id": 2000, "callback_query": {"id": query, "from": GALINA, "message": below, "data": told}}


def talk(*told: dict[str, Any], media_type: str = TELEGRAM, **context: Any) -> Normalized:
    content = b"".join(b"\x1e" + json.dumps(one).encode() + b"\n" for one in told)
    assert sniff(content, None) == sequence(media_type)
    about = replace(CONTEXT, channel="chat", id=NUMBER, **context)
    return normalize(Job(content=content, media_type=sequence(media_type), context=about))


def test_several_messages_in_a_row_are_one_report_in_their_order() -> None:
    made = talk(said("Здравствуйте!"), said("Не работает интернет", 5), said("Договор 4410-22871", 9),
                said("Уфа, ул. Айская, д. 64/1, кв. 118", 12))  # fmt: skip
    record = made.record
    assert record.description == "Не работает интернет\nДоговор 4410-22871\nУфа, ул. Айская, д. 64/1, кв. 118"
    assert (record.order, record.service, record.affected.account) == (Order.REPORT, Service.BROADBAND, "4410-22871")
    assert record.affected.address.street == "Айская"
    assert record.reporter == Reporter(name="Галина Соколова", messenger="telegram:77")
    assert (record.missing, record.needs_review, record.dialogue) == ((), (), None)


def test_an_edited_message_replaces_what_it_was() -> None:
    made = talk(said("Не работает итернет", 1), said("Договор 4410-22871", 2),
                said("Не работает интернет", 1, "edited_message", edit_date=SENT + 60))  # fmt: skip
    assert made.record.description == "Не работает интернет\nДоговор 4410-22871"
    assert made.record.service is Service.BROADBAND
    assert "an edited message" in made.reading.notes


def test_an_update_heard_twice_is_one() -> None:
    once = said("Не работает интернет", 1)
    assert talk(once, once).record.description == "Не работает интернет"


def test_an_album_is_one_report_with_all_its_pictures_and_what_became_of_them() -> None:
    def photo(name: str) -> list[dict[str, Any]]:
        return [{"file_id": f"{name}-small", "file_size": 9}, {"file_id": name, "file_size": 9000}]

    one = said(None, 1, caption="Горит красная лампочка, интернета нет", photo=photo("a"), media_group_id="g")
    kept = (
        KeptFile(reference="a", name="a", media_type="image/jpeg", size=9001, sha256="f" * 64),
        KeptFile(reference="b", name="b", media_type="image/jpeg", size=0, problem="the platform has lost it"),
    )
    made = talk(one, said(None, 2, photo=photo("b"), media_group_id="g"), files=kept)
    assert [(part.sha256, part.size) for part in made.reading.parts] == [("f" * 64, 9001), ("", 0)]
    assert [file.sha256 for file in made.record.attachments] == ["f" * 64, ""]
    assert made.record.description == "Горит красная лампочка, интернета нет"
    assert made.reading.parts[1].problem == "the platform has lost it"
    assert made.record.needs_review == (Review.UNREADABLE_ATTACHMENT,)
    assert made.reading.notes == ("of an album: g",)


def test_a_voice_message_goes_to_a_person_and_a_contact_gives_the_number() -> None:
    contact = {"phone_number": "79173402218", "first_name": "Галина", "user_id": 77}
    voice = {"file_id": "v", "mime_type": "audio/ogg", "file_size": 1280}
    made = talk(said("Нет интернета", 1), said(None, 2, voice=voice), said(None, 3, contact=contact))
    assert made.record.reporter.phone == "+79173402218"
    assert made.record.needs_review == (Review.UNREADABLE_ATTACHMENT,)
    assert made.record.description == "Нет интернета"


def test_the_author_of_what_is_forwarded_is_the_reporter() -> None:
    pyotr = {"id": 12, "is_bot": False, "first_name": "Пётр", "last_name": "Ильин"}
    origin = {"type": "user", "date": 1, "sender_user": pyotr}
    made = talk(said("Соседу помогите", 1), said("Не работает телефон", 2, forward_origin=origin))
    assert made.reading.forwarded_from == Mailbox(name="Пётр Ильин")
    assert made.record.reporter == Reporter(name="Пётр Ильин", messenger="telegram:77")


REPORT = said("Слабый вайфай в дальней комнате", 1)


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("как дела с заявкой?", Wish.PROGRESS), ("Как там моя заявка", Wish.PROGRESS), ("статус?", Wish.PROGRESS),
        ("when will you come to fix it?", Wish.PROGRESS), ("a che punto siamo?", Wish.PROGRESS),
        ("怎么样了？", Wish.PROGRESS), ("отмените", Wish.WITHDRAWAL), ("Отмените, пожалуйста, заявку", Wish.WITHDRAWAL),
        ("уже заработало, спасибо", Wish.WITHDRAWAL), ("please cancel", Wish.WITHDRAWAL),
        ("non serve più", Wish.WITHDRAWAL), ("不用了，谢谢", Wish.WITHDRAWAL),
    ],
)  # fmt: skip
def test_a_request_is_no_part_of_the_description(words: str, wish: Wish) -> None:
    record = talk(REPORT, said(words, 5)).record
    assert (record.order, record.description) == (Order.REPORT, "Слабый вайфай в дальней комнате")
    assert record.dialogue == Dialogue(requests=(Request(id="5", wish=wish),))


@pytest.mark.parametrize("words", ["спасибо!", "Большое спасибо", "ок", "thanks", "grazie mille", "谢谢！", "好的"])
def test_thanks_are_neither_request_nor_description(words: str) -> None:
    record = talk(REPORT, said(words, 5)).record
    assert (record.description, record.dialogue) == ("Слабый вайфай в дальней комнате", None)
    assert talk(said(words, 1)).record.order is Order.NOT_A_FAULT


def test_who_only_greets_is_asked_what_happened() -> None:
    record = talk(said("Здравствуйте", 1)).record
    assert (record.order, record.missing, record.needs_review) == (Order.REPORT, ("description",), ())
    assert record.reporter.name == "Галина Соколова"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("не помогло", Wish.DID_NOT_HELP), ("Нет", Wish.DID_NOT_HELP), ("всё равно не работает", Wish.DID_NOT_HELP),
        ("没用", Wish.DID_NOT_HELP), ("还是不行", Wish.DID_NOT_HELP), ("non funziona ancora", Wish.DID_NOT_HELP),
        ("still not working", Wish.DID_NOT_HELP), ("it did not help", Wish.DID_NOT_HELP),
        ("помогло!", Wish.HELPED), ("Да, спасибо, заработало", Wish.HELPED), ("好了，谢谢", Wish.HELPED),
        ("ora funziona, grazie", Wish.HELPED), ("it works now", Wish.HELPED), ("可以了", Wish.HELPED),
    ],
)  # fmt: skip
def test_words_answer_what_was_offered_before_them(words: str, wish: Wish) -> None:
    assert talk(REPORT, said(words, 15), offers=STEPS[:1]).record.dialogue == Dialogue(
        requests=(Request(id="15", wish=wish, tip=STEPS[0].tip),),
        tried=(Tried(solution="wifi-weak", step=1),) if wish is Wish.DID_NOT_HELP else (),
        outcome=Outcome.HELPED if wish is Wish.HELPED else None,
    )
    unasked = talk(REPORT, said("не помогло", 5), offers=STEPS).record  # before anything was offered
    assert unasked.dialogue is None
    assert unasked.description == "Слабый вайфай в дальней комнате\nне помогло"


def test_the_last_step_without_success_is_the_outcome() -> None:
    made = talk(REPORT, pressed(Wish.DID_NOT_HELP, 1, query="q1"), said("не помогло", 25), offers=STEPS).record
    assert made.dialogue is not None
    assert made.dialogue.tried == tuple(Tried(solution="wifi-weak", step=one) for one in (1, 2))
    assert made.dialogue.outcome is Outcome.DID_NOT_HELP
    assert made.dialogue.requests == (
        Request(id="q1", wish=Wish.DID_NOT_HELP, pressed=True, tip=STEPS[0].tip),
        Request(id="25", wish=Wish.DID_NOT_HELP, tip=STEPS[1].tip),
    )
    assert made.description == "Слабый вайфай в дальней комнате"


def test_who_says_more_than_that_it_did_not_help_adds_to_the_report() -> None:
    more = "Не помогло, теперь ещё и телевизор показывает квадратики"
    record = talk(REPORT, said(more, 15), offers=STEPS[:1]).record
    assert record.description == f"Слабый вайфай в дальней комнате\n{more}"
    assert record.dialogue is not None


def test_a_button_of_another_report_proves_that_one_and_changes_nothing_here() -> None:
    made = talk(REPORT, pressed(Wish.WITHDRAWAL, proof=THEIRS))
    assert (made.record.dialogue, made.clues.tokens) == (None, ())
    alone = talk(pressed(Wish.WITHDRAWAL, proof=THEIRS))
    assert (alone.record.order, alone.clues.tokens) == (Order.WITHDRAWAL, (THEIRS,))
    assert talk(pressed(Wish.PROGRESS, proof=OURS)).record.order is Order.PROGRESS
    for wish, word in ((Wish.HELPED, "yes"), (Wish.DID_NOT_HELP, "no")):
        answer = talk(pressed(wish, proof=THEIRS)).record
        assert (answer.order, answer.description) == (Order.FOLLOW_UP, word)


def test_a_request_to_a_report_that_a_person_has_in_hand_is_read_like_one_in_the_talk() -> None:
    about = Envelope(chat="telegram:77", sender="telegram:77", about="FR-2026-0000007")
    assert talk(said("отмените", 1), envelope=about).record.order is Order.WITHDRAWAL
    assert talk(said("отмените", 1)).record.order is Order.REPORT


def test_commands_stickers_groups_and_bots_add_nothing() -> None:
    record = talk(said("/start"), REPORT, said(None, 3, sticker={"file_id": "s"}), said("/help", 4),
                  said("нет света", 5, chat={"id": -5, "type": "group"})).record  # fmt: skip
    assert (record.order, record.description) == (Order.REPORT, "Слабый вайфай в дальней комнате")
    assert talk(said("/start")).record.order is Order.NOT_A_FAULT


# MAX

ANNA = {"user_id": 55, "first_name": "Анна", "last_name": "Ильина", "is_bot": False}


def heard(
    text: str | None = None, mid: str = "m1", kind: str = "message_created", *,
    attachments: list[dict[str, Any]] | None = None, chat_type: str = "dialog", **fields: Any,
) -> dict[str, Any]:  # fmt: skip
    body = {"mid": mid, "seq": 1, "text": text, "attachments": attachments}
    where = {"chat_id": 600, "chat_type": chat_type, "user_id": 1}
    message = {"sender": ANNA, "recipient": where, "timestamp": SENT * 1000, "body": body} | fields
    return {"update_type": kind, "timestamp": SENT * 1000, "message": message, "user_locale": "ru"}


def on_max(*told: dict[str, Any], **context: Any) -> Normalized:
    return talk(*told, media_type=MAX, **context)


def test_max_is_read_like_the_other_messenger() -> None:
    place = {"type": "location", "latitude": 54.7351, "longitude": 55.9587}
    image = {"type": "image", "payload": {"photo_id": 7, "token": "t", "url": "https://i.example/7"}}
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Анна Ильина\r\nTEL;TYPE=cell:79173402218\r\nEND:VCARD"
    contact = {"type": "contact", "payload": {"vcf_info": card, "max_info": ANNA}}
    kept = (KeptFile(reference="https://i.example/7", name=None, media_type="image/jpeg", size=9, sha256="e" * 64),)
    made = on_max(
        {"update_type": "bot_started", "timestamp": SENT * 1000, "chat_id": 600, "user": ANNA},
        heard("Не работает итернет", "m1"), heard(None, "m2", attachments=[image, place, contact]),
        heard("Не работает интернет", "m1", "message_edited"), heard("как дела с заявкой?", "m4"), files=kept,
    )  # fmt: skip
    record = made.record
    assert record.description == "Не работает интернет"
    assert record.reporter == Reporter(name="Анна Ильина", phone="+79173402218", messenger="max:600")
    assert record.dialogue == Dialogue(requests=(Request(id="m4", wish=Wish.PROGRESS),))
    assert (record.language, record.missing, record.needs_review) == ("ru", (), ())
    assert [(part.name, part.sha256) for part in made.reading.parts] == [("image 7", "e" * 64)]
    assert "location: 54.735100, 55.958700" in made.reading.text
    assert made.reading.date == "2025-11-20T09:00:00+00:00"


def test_a_button_of_max() -> None:
    below = {"recipient": {"chat_id": 600, "chat_type": "dialog"}, "body": {"mid": "x"}}
    press = {"timestamp": SENT * 1000, "callback_id": "c9", "user": ANNA,
             "payload": data(Press(wish=Wish.DID_NOT_HELP, step=2, token=OURS))}  # fmt: skip
    update = {"update_type": "message_callback", "timestamp": 1, "callback": press, "message": below}
    record = on_max(heard("Слабый вайфай"), update, offers=STEPS).record
    assert record.dialogue is not None
    assert record.dialogue.outcome is Outcome.DID_NOT_HELP
    assert record.dialogue.requests[0].id == "c9"


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (heard("нет интернета", chat_type="chat"), "from a chat"),
        (heard("нет интернета", sender=ANNA | {"is_bot": True}), "from a bot"),
        (heard(None, attachments=[{"type": "sticker", "payload": {}}]), "a sticker"),
        (heard("/start"), "a command"),
        ({"update_type": "message_removed", "timestamp": 1, "message_id": "m"}, "message_removed"),
        ({"update_type": "bot_started", "timestamp": 1, "chat_id": 6, "user": ANNA}, "a command"),
        (heard(None), "without words"),
    ],
)
def test_what_is_no_report_on_max_says_why(update: dict[str, Any], reason: str) -> None:
    content = json.dumps(update).encode()
    assert sniff(content, None) == MAX
    made = normalize(Job(content=content, media_type=MAX, context=CONTEXT))
    assert made.record.order is Order.NOT_A_FAULT
    assert any(note.startswith("no report") and reason in note for note in made.reading.notes)


def test_what_is_forwarded_on_max_is_its_author_s() -> None:
    linked = {
        "type": "forward",
        "sender": {"user_id": 3, "name": "Пётр"},
        "message": {"text": "Нет интернета", "mid": "z"},
    }
    made = on_max(heard(None, link=linked))
    assert (made.record.description, made.record.reporter.name) == ("Нет интернета", "Пётр")
    stranger = {"type": "contact", "payload": {"vcf_info": "TEL:79173402218", "max_info": {"user_id": 3}}}
    assert on_max(heard("Нет интернета", attachments=[stranger])).record.reporter.phone is None


def test_the_updates_of_the_corpus_make_a_conversation_that_is_read() -> None:
    paths = sorted(corpus("telegram-updates").rglob("*.json"))
    told = [one for path in paths for one in updates(json.loads(path.read_text("utf-8")))]
    assert len(told) > 50
    made = talk(*told)
    assert Review.UNREADABLE_ORIGINAL not in made.record.needs_review
    assert made.record.order is Order.REPORT


_WORDS = st.sampled_from(
    ["не помогло", "помогло", "как дела?", "отмените", "спасибо", "нет интернета", "/start", "Здравствуйте", "没用", ""]
)


@given(st.lists(st.tuples(_WORDS, st.integers(0, 5), st.sampled_from(["message", "edited_message"])), max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_conversation_read_again_is_the_same_and_what_was_asked_stays_asked(told: list[tuple[str, int, str]]) -> None:
    spoken = [said(words, at, kind) for words, at, kind in told]
    again = talk(*spoken, offers=STEPS).record if spoken else None
    assert again == (talk(*spoken, offers=STEPS).record if spoken else None)
    fresh = talk(*spoken, said("как дела с заявкой?", 50), offers=STEPS).record.dialogue
    before = again.dialogue.requests if again and again.dialogue else ()
    assert fresh is not None
    assert fresh.requests[: len(before)] == before
    assert fresh.requests[-1] == Request(id="50", wish=Wish.PROGRESS)


@pytest.mark.parametrize(
    "content", [b"\x1e", b"\x1e\x1e{", b"\x1e{}\n\x1e[]\n", b"\x1e" + b"[" * 100_000, b"\x1e{\x1e}"]
)
@pytest.mark.parametrize("media_type", [TELEGRAM, MAX])
def test_no_sequence_is_fatal(content: bytes, media_type: str) -> None:
    normalize(Job(content=content, media_type=sequence(media_type), context=CONTEXT))


def test_the_data_of_a_button_fits_and_reads_back() -> None:
    press = Press(wish=Wish.DID_NOT_HELP, step=12, token=token(b"key", 10**11, "telegram:77"))
    assert len(data(press).encode()) <= 64
    assert press_of(data(press)) == press
    for odd in ("", "helped", "helped:1:fg-1-x", f"dance:1:{press.token}", data(press) + "x"):
        assert press_of(odd) is None


def test_courtesy() -> None:
    assert is_courtesy("Добрый день!")
    assert all(map(is_courtesy, ("?", "👍🏻", "...", "❤️")))
    assert (wish_of("??", later=True, offered=False), wish_of("？", later=True, offered=True)) == (Wish.PROGRESS,) * 2
    assert not is_thanks("Добрый день!")
    assert not is_courtesy("Добрый день! Не работает интернет")
    assert wish_of("a" * 200_000, later=True, offered=True) is None
