"""The media type of an original, told by its content: a label may be missing or lie."""

import re
from typing import Final

import msgspec

from normalizer.readers import magic
from records.media import LETTER, MAX, TELEGRAM, TICKET, WALK_IN, sequence
from records.walk_in import WalkIn

MAIL: Final = "message/rfc822"
_MAIL_START: Final = re.compile(
    rb"[\s\xef\xbb\xbf]{0,200}+(?:>?From [^\r\n]{1,500}\r{0,8}\n)?"
    rb"(?:[!-9;-~]{1,100}:[^\r\n]{0,2000}(?:\r{0,8}\n|\r)(?:[ \t][^\r\n]{0,2000}(?:\r{0,8}\n|\r)){0,100}){0,60}?"
    rb"(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To|Content-Type|Reply-To):",
    re.IGNORECASE,
)
_HEAD: Final = 20_000
#: How documents begin that are no strict JSON, for a lone surrogate or a number too large stands in them.
_BEGINNINGS: Final = {
    TELEGRAM: re.compile(rb'\s{0,200}+\{\s{0,200}+"update_id"\s{0,9}:'),
    MAX: re.compile(rb'\s{0,200}+\{\s{0,200}+"update_type"\s{0,9}:'),
    TICKET: re.compile(rb'\s{0,200}+\{.{0,2000}?"@type"\s{0,9}:\s{0,9}"TroubleTicket', re.DOTALL),
}
_RECORD: Final = b"\x1e"  # before each text of a sequence (RFC 7464)
_CHATS: Final = (TELEGRAM, MAX)
_BELIEVED: Final = frozenset({MAIL, LETTER, WALK_IN})  # the doors that say so made it, or speak a protocol of mail


def sniff(content: bytes, declared: str | None) -> str:
    """Tell the type: a door that knows what it brings is believed, a label beside an upload is not."""
    declared = (declared or "").partition(";")[0].strip().lower()
    if declared in _BELIEVED:
        return declared
    told = magic.media_type(content)
    if told not in {"application/octet-stream", "text/html"}:
        return told
    if content[:1] == _RECORD and (kind := _json(content[1:].partition(_RECORD)[0])) in _CHATS:
        return sequence(kind)
    if content.lstrip()[:1] == b"{" and (kind := _json(content)):
        return kind
    if _MAIL_START.match(content[:_HEAD]):
        return MAIL
    if told == "text/html" or b"\0" in content[:_HEAD].replace(b"\0\0", b""):
        return told
    return declared if declared.startswith("application/") and "json" not in declared else "text/plain"


def _json(content: bytes) -> str | None:
    """Tell what a JSON document is; None where it is none."""
    try:
        document = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, ValueError):
        return next((kind for kind, begins in _BEGINNINGS.items() if begins.match(content[:_HEAD])), None)
    if "update_id" in document:
        return TELEGRAM
    if {"update_type", "timestamp"} <= document.keys():
        return MAX
    if {"form", "description"} <= document.keys() <= set(WalkIn.__struct_fields__):
        return WALK_IN
    kind = bytes(document.get("@type", b""))
    is_ticket = kind.startswith(b'"TroubleTicket') or {"ticketType", "severity"} & document.keys()
    return TICKET if is_ticket else "application/json"
