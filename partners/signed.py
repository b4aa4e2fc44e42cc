"""Signed requests: HTTP Message Signatures (RFC 9421) by HMAC-SHA256, over method, path, query and the body's digest.

The signature is checked before the body is read, the body then against the digest that was signed.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

#: How far the time of a signature may be from ours; within it no signature is taken twice.
WINDOW = timedelta(minutes=5)
#: What must be signed; more may be.
COVERED = frozenset({"@method", "@path", "@query", "content-digest"})

_NAME = r"[a-z*][a-z0-9_.*-]*"
_VALUE = r'(?:"[ !#-\[\]-~]*"|[0-9]{1,15})'
_INPUT = re.compile(
    rf"(?P<label>{_NAME})=(?P<params>\((?P<covered>[^()]*)\)(?P<rest>(?:;{_NAME}={_VALUE})*))", re.ASCII
)
_COMPONENT = re.compile(r'"(@?[a-z][a-z0-9-]*)"', re.ASCII)
_PARAMETER = re.compile(rf';({_NAME})=(?:"([^"]*)"|([0-9]+))', re.ASCII)
_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):", re.ASCII)


class BadSignature(Exception):
    """It proves nothing; the text tells the partner's engineer what to look at."""


class Signature(Struct, frozen=True, kw_only=True):
    """The one signature of a request, as it came."""

    covered: tuple[str, ...]
    params: str  # as they stand in Signature-Input: they are signed as they stand
    created: int  # seconds since 1970
    key: str  # whose it is
    mark: bytes


def signature(headers: Mapping[str, str]) -> Signature:
    """Read it; raises BadSignature. `headers`: names in lower case."""
    found = _INPUT.fullmatch(headers.get("signature-input", "").strip())
    if found is None:
        raise BadSignature("Signature-Input holds one signature, as RFC 9421 writes it")
    covered = tuple(_COMPONENT.findall(found["covered"]))
    if " ".join(f'"{name}"' for name in covered) != found["covered"] or len(set(covered)) < len(covered):
        raise BadSignature("the list of what is signed can't be read")
    if lacking := COVERED - set(covered):
        raise BadSignature(f"sign {', '.join(sorted(lacking))}, too")
    told = {name: text or number for name, text, number in _PARAMETER.findall(found["rest"])}
    if (
        told.get("alg", "hmac-sha256") != "hmac-sha256"
        or not told.get("keyid")
        or not told.get("created", "").isdigit()
    ):
        raise BadSignature('give created, keyid and alg="hmac-sha256"')
    mark = re.fullmatch(rf"{re.escape(found['label'])}=:([A-Za-z0-9+/=]+):", headers.get("signature", "").strip())
    return Signature(
        covered=covered, params=found["params"], created=int(told["created"]), key=told["keyid"],
        mark=_bytes(mark[1] if mark else ""),
    )  # fmt: skip


def base(one: Signature, values: Mapping[str, str]) -> bytes:
    """Give what is signed (RFC 9421 section 2.5). `values`: of components and headers; raises BadSignature."""
    if absent := [name for name in one.covered if name not in values]:
        raise BadSignature(f"{absent[0]} is signed, but it is not there")
    lines = [f'"{name}": {values[name]}' for name in one.covered]
    return "\n".join([*lines, f'"@signature-params": {one.params}']).encode("latin-1")


def check(one: Signature, values: Mapping[str, str], key: str | None, now: datetime) -> None:
    """Raise BadSignature for one that is not by the key, or not of now. `key`: None where its owner is not known."""
    fitting = hmac.digest((key or "").encode(), base(one, values), hashlib.sha256)
    if not hmac.compare_digest(fitting, one.mark) or key is None:
        raise BadSignature("the signature does not fit")
    if abs(now.timestamp() - one.created) > WINDOW.total_seconds():
        raise BadSignature("the time of the signature is too far from ours")


def check_body(body: bytes, digest: str) -> None:
    """Raise BadSignature for a body that is not the one that was signed. `digest`: Content-Digest (RFC 9530)."""
    found = _DIGEST.search(digest)
    if found is None:
        raise BadSignature("Content-Digest holds sha-256=:…:")
    if not hmac.compare_digest(hashlib.sha256(body).digest(), _bytes(found[1])):
        raise BadSignature("Content-Digest does not fit the body")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
