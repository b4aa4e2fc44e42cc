"""DKIM signatures of a mail (RFC 6376), checked against public keys that somebody else asked the DNS for."""

import re
from collections.abc import Mapping
from typing import Final

import dkim  # type: ignore[import-untyped]
from dkim.util import InvalidTagValueList, parse_tag_value  # type: ignore[import-untyped]

from normalizer.readers.mime import Entity
from records.sender import is_of

MANY: Final = 5  # signatures that are looked at; RFC 6376 section 6.1 lets a verifier choose
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,120}[a-z0-9_])?")
_SIGNED: Final = {b"from", b"subject"}  # the record's number and state come from the subject
_SOUND: Final = {b"rsa-sha256", b"ed25519-sha256"}  # RFC 8301 section 3.1 forbids rsa-sha1


def keys(whole: Entity, domains: tuple[str, ...]) -> tuple[str, ...]:
    """Give the DNS names of the keys of signatures that these domains, or those below them, may have made."""
    told = (_tags(value) for value in whole.fields.get("dkim-signature", ())[:MANY])
    names = (_name(tags) for tags in told if any(is_of(_text(tags, b"d"), domain) for domain in domains))
    return tuple(dict.fromkeys(filter(None, names)))


def signed_by(whole: Entity, domains: tuple[str, ...], records: Mapping[str, str]) -> str | None:
    """Give the first of these domains, or below them, whose signature holds; `records`: TXT records by DNS name."""
    signed = dkim.DKIM(whole.content)
    for place, value in enumerate(whole.fields.get("dkim-signature", ())[:MANY]):
        tags = _tags(value)
        domain = _text(tags, b"d")
        covered = any(is_of(domain, one) for one in domains) and _covers(tags) and _name(tags) in records
        if covered and _holds(signed, place, records):
            return domain
    return None


def _covers(tags: Mapping[bytes, bytes]) -> bool:
    """Tell whether a signature covers what the record is made from: the whole body, From and Subject."""
    names = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
    return b"l" not in tags and tags.get(b"a") in _SOUND and names >= _SIGNED


def _holds(signed: dkim.DKIM, place: int, records: Mapping[str, str]) -> bool:
    def record(name: bytes, timeout: int = 0) -> bytes | None:  # noqa: ARG001 - the form that dkimpy calls
        return records.get(name.decode("latin-1").lower().rstrip("."), "").encode("latin-1", "replace") or None

    try:
        return bool(signed.verify(idx=place, dnsfunc=record))
    except (dkim.DKIMException, ValueError, KeyError, IndexError, TypeError, NameError):
        return False  # whatever is wrong with it: a signature that can't be checked does not hold


def _tags(value: bytes) -> Mapping[bytes, bytes]:
    try:
        tags: Mapping[bytes, bytes] = parse_tag_value(value)
    except InvalidTagValueList:
        return {}
    return tags


def _text(tags: Mapping[bytes, bytes], name: bytes) -> str:
    return tags.get(name, b"").decode("latin-1").lower()


def _name(tags: Mapping[bytes, bytes]) -> str:
    """Give the DNS name of a signature's key, empty where it can't be one."""
    selector, domain = _text(tags, b"s"), _text(tags, b"d")
    sound = _NAME.fullmatch(selector) and _NAME.fullmatch(domain)
    return f"{selector}._domainkey.{domain}" if sound else ""
