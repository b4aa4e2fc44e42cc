"""A mail (RFC 5322) to a reading."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from normalizer.context import Context
from normalizer.fields.contacts import is_fax
from normalizer.machine_mail import MachineClues, tell
from normalizer.readers import brought, fax_mail, headers, mime
from normalizer.readers.addresses import is_address
from normalizer.readers.bodies import Piece
from normalizer.readers.findings import Findings
from normalizer.readers.limits import MAILBOXES, REFERENCES, SUBJECT, TRIMMED
from normalizer.readers.mime import Entity
from normalizer.readers.walk import Place, walk
from normalizer.trimming import Trimmed, trim
from records.reading import Mailbox, Reading
from records.tokens import tokens_in
from records.words import Review

_SINGLE: Final = ("from", "subject", "message-id", "sender")  # RFC 5322 section 3.6
_SENDERS: Final = ("reply-to", "return-path", "sender")  # asked in this order where From names nobody


def read(content: bytes, context: Context) -> Reading:
    """Read a mail, however broken; the sender's word for who he is stays unverified."""
    entity, found = mime.entity(content), Findings(keep=context.recognise)
    pieces = [piece for piece in walk(entity, Place(), found) if piece.text.strip()]
    pieces = [piece for piece in pieces if not piece.spare] or pieces
    hint = mime.parameterised(entity.raw("content-type")).parameters.get("charset")
    subject = headers.text(entity.raw("subject"), SUBJECT, hint) or None
    references = headers.identifiers(entity.raw("references"))
    in_reply_to = headers.identifiers(entity.raw("in-reply-to"))
    trimmed = _trimmed(pieces, subject, [*in_reply_to, *references], found, context)
    text = "\n\n".join(piece.text.strip("\n") for piece in pieces)
    if not text and not found.parts:
        found.review(Review.EMPTY, "nothing in it")
    sender = _sender(entity, hint, found)
    clues = _clues(entity, found, subject, sender, text, context)
    reading = Reading(
        media_type="message/rfc822",
        subject=subject,
        from_=sender,
        to=_recipients(entity, "to", hint, found),
        cc=_recipients(entity, "cc", hint, found),
        reply_to=_recipients(entity, "reply-to", hint, found),
        date=headers.date(entity.raw("date")),
        text=text,
        new_text=trimmed.new_text,
        quoted_text=trimmed.quoted_text,
        signature=trimmed.signature,
        forwarded_from=trimmed.forwarded_from,
        message_id=next(iter(headers.identifiers(entity.raw("message-id"))), None),
        in_reply_to=tuple(in_reply_to[:REFERENCES]),
        references=_last(references, found),
        machine_mail=tell(clues),
        headers=_silencing(clues.headers),
        parts=tuple(found.parts),
        reviews=tuple(found.reviews),
        notes=tuple(found.notes),
    )
    if is_fax(reading, context):
        reading = fax_mail.of_gateway(reading, clues.headers, context)
    return brought.read(reading, found.files, context) if context.recognise else reading


def files(content: bytes) -> Mapping[str, bytes]:
    """Give the files that a mail brings, by the path of their part."""
    found = Findings(keep=True)
    walk(mime.entity(content), Place(), found)
    return found.files


#: Headers by which a mail asks for no automatic reply (RFC 3834, RFC 2369, Microsoft's and other robots').
_SILENCING = {
    "auto-reply", "auto-submitted", "precedence", "return-path", "x-auto-reply", "x-auto-response-suppress",
    "x-autoreply", "x-autorespond", "x-loop",
}  # fmt: skip


def _silencing(headers: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Keep what the outbox asks before it answers."""
    wanted = (name for name in headers if name in _SILENCING or name.startswith("list-"))
    return {name: headers[name][0] for name in wanted if headers[name]}


def _trimmed(
    pieces: Sequence[Piece], subject: str | None, answered: Sequence[str], found: Findings, context: Context
) -> Trimmed:
    """Trim the mail's own text and that of each attached message; what is forwarded is new text."""
    of_message: dict[int, list[str]] = {0: []}
    for piece in pieces:
        of_message.setdefault(piece.message, []).append(piece.own.strip("\n"))
    texts = {message: "\n\n".join(own) for message, own in of_message.items()}
    beyond = [text[TRIMMED:] for text in texts.values() if len(text) > TRIMMED]
    if beyond:
        found.note(f"text longer than {TRIMMED} characters: what is beyond counts as quoted")
    own, *attached = (
        trim(
            text[:TRIMMED],
            subject=found.attached[message - 1].subject if message else subject,
            answers_ours=not message and any(map(tokens_in, answered)),
            own_addresses=context.own_addresses,
            own_domains=context.own_domains,
        )
        for message, text in texts.items()
    )
    author = next((message.author for message in found.attached if not _is_ours(message.author, context)), None)
    return Trimmed(
        new_text=_joined(part.new_text for part in (own, *attached)),
        quoted_text=_joined((*(part.quoted_text for part in (own, *attached)), *beyond)),
        signature=own.signature or next((part.signature for part in attached if part.signature), ""),
        forwarded=own.forwarded or bool(attached),
        forwarded_from=author or own.forwarded_from,
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _is_ours(box: Mailbox | None, context: Context) -> bool:
    """Tell whether a mailbox is one of the desk's own; nobody's is nobody's."""
    address = (box.address or "").lower() if box else ""
    return address in {"", *context.own_addresses} or address.rpartition("@")[2] in context.own_domains


def _sender(entity: Entity, hint: str | None, found: Findings) -> Mailbox | None:
    """Tell who sent it; where that is not said once, by one address, a person must look."""
    twice = [name for name in _SINGLE if len(entity.fields.get(name, ())) > 1]
    if twice:
        found.review(Review.UNVERIFIED_SENDER, f"more than one: {', '.join(twice)}")
    authors = headers.mailboxes(entity.raw("from"), hint)
    others = [box for name in _SENDERS for box in headers.mailboxes(entity.raw(name), hint)]
    addressed = [box for box in authors if box.address and "@" in box.address]
    fallback = [box for box in others if box.address and "@" in box.address]
    sender = next(iter(addressed or fallback or authors), None)
    if sender and (len({box.address for box in addressed}) != 1 or not is_address(sender.address)):
        found.review(Review.UNVERIFIED_SENDER, "the sender is not named by one address in From")
    return sender


def _recipients(entity: Entity, name: str, hint: str | None, found: Findings) -> tuple[Mailbox, ...]:
    boxes = [box for raw in entity.fields.get(name, ())[:MAILBOXES] for box in headers.mailboxes(raw, hint)]
    if len(boxes) > MAILBOXES:
        found.review(Review.TRUNCATED, f"more than {MAILBOXES} mailboxes in {name}")
    return tuple(boxes[:MAILBOXES])


def _last(references: Sequence[str], found: Findings) -> tuple[str, ...]:
    """Keep the first and the last references: the first names the thread, the last what is answered."""
    if len(references) <= REFERENCES:
        return tuple(references)
    found.note(f"{len(references)} references, of which {REFERENCES} are kept")
    return (references[0], *references[1 - REFERENCES :])


def _clues(
    entity: Entity, found: Findings, subject: str | None, sender: Mailbox | None, text: str, context: Context
) -> MachineClues:
    """Gather what tells whether a machine wrote it."""
    fields: Mapping[str, tuple[str, ...]] = {
        name: tuple(headers.text(raw) for raw in values) for name, values in entity.fields.items()
    }
    return MachineClues(
        headers=fields,
        content_type=found.types[0],
        report_type=found.report_type,
        part_types=tuple(found.types),
        subject=subject,
        from_=sender,
        envelope_sender=context.envelope.sender,
        text=text,
        own_addresses=context.own_addresses,
    )
