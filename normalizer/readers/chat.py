"""A conversation in a messenger to one reading: whatever the platform, its messages come here as `ChatMessage`.

A platform's file (`telegram.py`, `max_messenger.py`) turns one update into one message; what several in a row mean is
told here. One bare update is a conversation of one message, of which nothing is taken away.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from normalizer.context import Context
from normalizer.fields.stated import Stated, fact
from normalizer.readers.chat_message import ChatMessage
from normalizer.readers.limits import PARTS, TRIMMED
from normalizer.talk import Talk, talk_of
from records.chat import KeptFile
from records.reading import Part, Reading
from records.words import Order, Review

_LONGEST: Final = 1_000_000  # characters of one conversation


def read(messages: list[ChatMessage], media_type: str, context: Context, *, whole: bool) -> Reading:
    """Join the messages of a conversation, in order. `whole`: all of it came, so that wishes are told from report."""
    talk = talk_of(_revised(messages), context, whole=whole)
    said = talk.report or talk.spoken or tuple(messages[-1:])
    first = said[0] if said else ChatMessage()
    parts, beside = tuple(_parts(said, context.files))[:PARTS], [line for one in said for line in one.beside]
    telling = talk.report or talk.spoken or (() if talk.heard else said)
    new_text = _joined(one.words for one in telling)[:_LONGEST]
    silent = not (new_text or parts or beside or talk.order or first.no_report)
    return Reading(
        media_type=media_type,
        from_=first.author,
        date=first.sent_at,
        text=_joined(line for one in said for line in (one.text, *one.beside)),
        new_text=new_text[:TRIMMED],
        quoted_text=_joined(one.quoted for one in said) + new_text[TRIMMED:],
        forwarded_from=next((one.forwarded_from for one in said if one.forwarded_from), None),
        in_reply_to=talk.elsewhere,
        parts=parts,
        reviews=(Review.EMPTY,) if silent else (),
        notes=tuple(dict.fromkeys(note for one in said for note in one.notes)),
    )


def stated(messages: list[ChatMessage], reading: Reading, context: Context, *, whole: bool) -> Stated:
    """Give what the platform states: the chat to answer in, the sender's own number, his program's language."""
    messages = _revised(messages)
    talk = talk_of(messages, context, whole=whole)
    chat = next((one.chat for one in messages if one.chat), None)
    facts = [fact("reporter.messenger", chat, "chat")] if chat else []
    shared = next((one for one in reversed(messages) if one.own_phone and not one.no_report), None)
    if shared and shared.own_phone:
        facts.append(fact("reporter.phone", shared.own_phone, "contact", shared.contact))
    return Stated(
        facts=tuple(facts),
        likely_language=next((one.tongue for one in messages if one.tongue), None),
        description=talk.answer,
        order=_order(talk, reading),
        dialogue=talk.dialogue,
    )


def _order(talk: Talk, reading: Reading) -> Order | None:
    """Tell the order where the platform or the dialogue tells it: its requests stand beside a report, or alone."""
    if not talk.heard:
        return Order.NOT_A_FAULT
    if talk.order is not None:
        return talk.order
    unsaid = reading.parts or reading.text  # a place or a contact alone: the text is missing
    return Order.REPORT if not reading.new_text and unsaid else None


def _revised(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Put what was edited in the place of what it was before; the same update heard twice is one."""
    places: dict[str, int] = {}
    revised: list[ChatMessage] = []
    for one in messages:
        if one.id is not None and one.id in places:
            before = revised[places[one.id]]
            revised[places[one.id]] = replace(one, sent_at=before.sent_at)
        else:
            if one.id is not None:
                places[one.id] = len(revised)
            revised.append(one)
    return revised


def _parts(messages: Iterable[ChatMessage], kept: tuple[KeptFile, ...]) -> Iterator[Part]:
    """List the files, with what became of them where they were fetched."""
    known = {file.reference: file for file in kept}
    for file in (file for one in messages for file in one.files):
        got = known.get(file.reference)
        yield Part(
            path=file.kind,
            name=file.name,
            media_type=file.media_type,
            size=got.size if got else file.size,
            md5="",
            sha256=(got.sha256 or "") if got else "",
            problem=file.problem or (got.problem if got else None),
        )


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))
