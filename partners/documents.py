"""JSON of partners, read strictly: what two programs might read differently is refused (RFC 8259, I-JSON RFC 7493)."""

import hashlib
import json
import re
from math import isfinite
from typing import Any, Final, NoReturn

import msgspec

from partners.errors import Fault, invalid, missing

DEPTH: Final = 32
_INTEGERS: Final = range(-(2**63), 2**63)
_ABOUT: Final = re.compile(r"(?P<told>.*?)(?: - at `\$(?P<place>.*)`)?", re.DOTALL)
_ABSENT: Final = re.compile(r"missing required field `(?P<name>[^`]*)`")
_SORTED: Final = msgspec.json.Encoder(order="sorted")


def parsed(content: bytes) -> Any:
    """Read a JSON document. Raises Fault 400 where it is none, is deep, or holds a name twice or no exact number."""
    try:
        document = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_float=_float, parse_int=_int,
            parse_constant=_constant,
        )  # fmt: skip
        if content.count(b"{") + content.count(b"[") > DEPTH:
            _bounded(document, DEPTH)
    except UnicodeDecodeError:
        raise invalid("The body is no UTF-8.", "invalidBody") from None
    except (ValueError, RecursionError):
        raise invalid("The body is no JSON document that can be taken.", "invalidBody") from None
    return document


def encoded(value: object) -> bytes:
    """Write JSON whose names are sorted: equal values give equal bytes. Raises Fault 400 for half of a character."""
    try:
        return _SORTED.encode(value)
    except UnicodeEncodeError:
        raise invalid("The body holds half of a surrogate pair.", "invalidBody") from None


def digest(*values: object) -> str:
    """Give the SHA-256 of values, however they were spaced and ordered."""
    return hashlib.sha256(b"\0".join(map(encoded, values))).hexdigest()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise invalid("The body names an attribute twice.", "invalidBody")
    return made


def _float(written: str) -> float:
    value = float(written)
    if not isfinite(value):
        raise invalid("The body holds a number that is too large.", "invalidBody")
    return value


def _int(written: str) -> int:
    if len(written) > 20 or (value := int(written)) not in _INTEGERS:
        raise invalid("The body holds a number that is too large.", "invalidBody")
    return value


def _constant(_: str) -> NoReturn:
    raise invalid("NaN and Infinity are no JSON.", "invalidBody")


def _bounded(value: object, depth: int) -> None:
    if isinstance(value, dict | list):
        if not depth:
            raise invalid(f"The body is nested deeper than {DEPTH} levels.", "invalidBody")
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, dict | list):
                _bounded(one, depth - 1)


def checked(value: object, kind: Any) -> None:
    """Hold a value to a type. Raises Fault 400 that names the attribute."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _named(error) from None


def _named(error: msgspec.ValidationError) -> Fault:
    """Tell what is wrong and where; msgspec's words repeat no value of the document."""
    found = _ABOUT.fullmatch(str(error))
    told, place = (found["told"], found["place"] or "") if found else (str(error), "")
    if absent := _ABSENT.search(told):
        return missing(f"{place}.{absent['name']}".lstrip("."))
    return invalid(f"{place.lstrip('.') or 'the body'}: {told}")
