"""The words of automatic replies: one file for each language beside this one.

How to add a kind of reply:

1. `records/deliveries.py`: the new member of `Kind`, in `CAUSES` why it is sent, and what the text needs beside what
   `Reply` has already.
2. `<language>.toml`, in all four: a table `[kinds.<kind>]` with `mail` and `chat`. A chat text is short, greets nobody
   and speaks of "here", never of a mail. Words that several texts share stand once, in the head or in their own table.
3. `records/templates.py`: a new name in braces in `PLACEHOLDERS`, with its value in `_values` below; in `_NEEDED` what
   the kind can't do without, where that is not just the number (nothing at all: an empty set).
4. `desk/words.py`: the kind's name for people, and in `MEANINGS` that of a new name in braces; the cause in
   `desk/pages/chapters.py`. Then `docs/glossary.md` and `docs/answers.md`.

A text that is missing, or has an unknown name in braces, is an error when the texts are read; so is a field too many.
"""

import functools
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from config.settings import Gateway
from records.clocks import Because
from records.deliveries import Kind, Medium, Reply
from records.outage import Cause
from records.templates import WrongTemplate, checked

__all__ = ["Links", "Words", "body", "language_for", "shipped", "words"]

_FALLBACK = "en"
#: A name that may stand in a greeting: letters and a few joints, so that no advertisement and no link rides on ours.
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.·-])*")
_LINK = re.compile(r"[^\W\d_]{2}\.[^\W\d_]{2}")
_GAP = re.compile(r"\n{3,}")  # what is left where a placeholder on a line of its own gave nothing


class Text(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind's text for each medium."""

    mail: str
    chat: str


class OnTicket(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tickets are told in the customer's language."""

    outage: str  # that the report belongs to a mass outage, the number of whose own report is {number}
    tried: str  # above what he has tried in vain
    helped: str
    not_solved: str


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All texts of one language; `time` is a strftime pattern, `yes` and `no` answer whether it was solved."""

    greeting: str
    greeting_by_name: str
    subject: str
    time: str
    yes: str
    no: str
    kinds: Mapping[Kind, Text]
    buttons: Mapping[str, str]  # below a message in a chat, by `records.dialogue.Wish`; and "share_phone"
    ticket: OnTicket  # what a ticket is told of the customer
    missing: Mapping[str, str]
    because: Mapping[Because, str]
    cause: Mapping[Cause, str]  # why an outage lies over a report
    status: Mapping[str, str]


class Links(Struct, frozen=True, kw_only=True):
    """Where a reader answers by one tap whether it was solved."""

    yes: str
    no: str


@functools.cache
def words() -> Mapping[str, Words]:
    """Read the texts of every language, once. Raises ValueError that names file and text where one can't be used."""
    return {path.stem: read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))}


def read(path: Path) -> Words:
    """Read one language's texts. Raises ValueError as `words` does."""
    try:
        own = msgspec.toml.decode(path.read_bytes(), type=Words)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{path.name}: {error}") from error
    for kind in Kind:
        if kind not in own.kinds:
            raise ValueError(f"{path.name}: [kinds.{kind}] is missing")
        for medium in Medium:
            try:
                checked(kind, _text(own, kind, medium))
            except WrongTemplate as wrong:
                raise ValueError(f"{path.name}: kinds.{kind}.{medium}: {wrong}") from wrong
    return own


def language_for(language: str | None) -> str:
    """Give the language of a reply: the report's where we have its texts, otherwise English."""
    primary = (language or "").lower().partition("-")[0]
    return primary if primary in words() else _FALLBACK


def shipped(kind: Kind, language: str | None, medium: Medium) -> str:
    """Give the text that a kind has where nobody has written another."""
    return _text(words()[language_for(language)], kind, medium)


def body(reply: Reply, gateway: Gateway, links: Links | None = None) -> str:
    """Write the text of a reply for its medium, times told in the desk's zone.

    Nothing of the report but the greeted name is in it; a person at the desk asks in his own words.
    """
    own = words()[language_for(reply.language)]
    text = _text(own, reply.kind, reply.medium) if reply.template is None else reply.template
    return _GAP.sub("\n\n", text.strip().format(**_values(own, reply, gateway, links))).strip()


def _values(own: Words, reply: Reply, gateway: Gateway, links: Links | None) -> dict[str, str]:
    return {
        "greeting": _greeting(own, reply.reporter_name),
        "number": reply.record_id,
        "received": _local(reply.received_at, gateway.zone, own.time),
        "missing": (reply.words or _missing(own, reply.missing)).strip(),
        "solution": (reply.solution or "").strip(),
        "because": own.because[reply.because or Because.BACKLOG],
        "cause": own.cause[reply.outage or Cause.UNKNOWN],
        "until": _local(reply.until or reply.received_at, gateway.zone, own.time),
        "status": own.status.get(reply.status or "other", own.status["other"]),
        "links": f"{own.yes}: {links.yes}\n{own.no}: {links.no}" if links else "",
        "desk": gateway.name,
    }


def _text(own: Words, kind: Kind, medium: Medium) -> str:
    both = own.kinds[kind]
    return (both.chat if medium is Medium.CHAT else both.mail).strip()


def _greeting(own: Words, name: str | None) -> str:
    plain = " ".join((name or "")[:200].split())
    if len(plain) > 60 or not _NAME.fullmatch(plain) or _LINK.search(plain):
        return own.greeting
    return own.greeting_by_name.format(name=plain)


def _local(at: datetime, zone: str, pattern: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(pattern)


def _missing(own: Words, names: tuple[str, ...]) -> str:
    """List what is missing in the customer's words: for affected.address.city, what is said of affected.address."""
    return "\n".join(f"- {line}" for line in dict.fromkeys(_wanted(own, name) for name in names))


def _wanted(own: Words, name: str) -> str:
    while name not in own.missing and "." in name:
        name = name.rpartition(".")[0]
    return own.missing.get(name, own.missing["other"])
