"""The words of automatic replies, out of `texts.toml`."""

import functools
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from config.settings import Gateway
from records.deliveries import Reply

_FALLBACK = "en"
#: A name that may stand in a greeting: letters and a few joints, so that no advertisement and no link rides on ours.
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.·-])*")
_LINK = re.compile(r"[^\W\d_]{2}\.[^\W\d_]{2}")


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All texts of one language; `time` is a strftime pattern."""

    greeting: str
    greeting_by_name: str
    subject: str
    time: str
    receipt: str
    question: str
    solution: str
    progress: str
    missing: Mapping[str, str]
    status: Mapping[str, str]


@functools.cache
def words() -> Mapping[str, Words]:
    """Read the texts of every language, once."""
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=dict[str, Words])


def language_for(language: str | None) -> str:
    """Give the language of a reply: the report's where we have its texts, otherwise English."""
    primary = (language or "").lower().partition("-")[0]
    return primary if primary in words() else _FALLBACK


def body(reply: Reply, gateway: Gateway) -> str:
    """Write the text of a reply, times told in the desk's zone.

    Nothing of the report but the greeted name is in it; a person at the desk asks in his own words.
    """
    own = words()[language_for(reply.language)]
    template: str = getattr(own, reply.kind.value)
    return template.strip().format(
        greeting=_greeting(own, reply.reporter_name),
        number=reply.record_id,
        received=_local(reply.received_at, gateway.zone, own.time),
        missing=(reply.words or _missing(own, reply.missing)).strip(),
        solution=(reply.solution or "").strip(),
        status=own.status.get(reply.status or "other", own.status["other"]),
        desk=gateway.name,
    )


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
