"""The fields of a record that people may write, what may stand in each, and what to write instead.

One table for the pages and the API. Names are dotted as in the record's public form; labels are in `desk.words`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
import phonenumbers
from msgspec import Struct

from desk.errors import Wrong
from desk.words import N_
from records.numbers import report_of
from records.record import FaultRecord
from records.words import Disposition, Order, Service, Symptom, Urgency

LONGEST_TEXT, LONGEST_PARAGRAPH = 300, 200_000  # characters
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\]{1,255}")
_LANGUAGE = re.compile("[a-z]{2}")
_DISPOSITION = "classification.disposition"
_ROUTE = "classification.route"

TEXT = N_("Write at most 300 characters in one line.")
PARAGRAPH = N_("Write at most 200,000 characters.")
PHONE = N_("Write a whole telephone number, with its area code: +7 917 340-22-18.")
EMAIL = N_("Write an e-mail address: name@example.org.")
DATE = N_("Write a date up to today as year, month, day: 2026-11-21.")
CHOICE = N_("Choose one of the list.")
FLAG = N_("Write true or false.")
REFERENCE = N_("Write the number of a report: FR-2026-0001187.")
LINE = N_("Write 2 or 3: the line of engineers.")
LANGUAGE = N_("Write the language's two letters: ru, zh, it, en.")
UNKNOWN = N_("There is no such field, or it is not for people to write.")


class Context(Struct, frozen=True, kw_only=True):
    """What a value is read by."""

    region: str  # of telephone numbers written without +
    today: date


class Field(Struct, frozen=True, kw_only=True):
    """One field: how its text is read (ValueError: it can't be), and what to say then."""

    name: str
    read: Callable[[str, Context], Any]
    wrong: str
    choices: type[StrEnum] | None = None
    required: bool = False  # it can't be left empty


def _line(text: str, _: Context) -> str:
    """What is pasted brings line ends, no-break spaces and marks that nobody sees."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    if not 0 < len(line) <= LONGEST_TEXT:
        raise ValueError
    return line


def _paragraph(text: str, _: Context) -> str:
    if len(text) > LONGEST_PARAGRAPH:
        raise ValueError
    return text.replace("\r\n", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _phone(text: str, context: Context) -> str:
    try:
        number = phonenumbers.parse(_line(text, context), context.region)
    except phonenumbers.NumberParseException as error:
        raise ValueError from error
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise ValueError
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _telephone_line(text: str, context: Context) -> str:
    """A faulty line may be known by its number in town alone."""
    digits = re.sub(r"[ ()-]", "", _line(text, context))
    return digits if re.fullmatch(r"[0-9]{5,7}", digits) else _phone(text, context)


def _email(text: str, context: Context) -> str:
    line = _line(text, context)
    if not _EMAIL.fullmatch(line):
        raise ValueError
    return line


def _date(text: str, context: Context) -> str:
    found = date.fromisoformat(text)
    if not date(1970, 1, 1) <= found <= context.today:
        raise ValueError
    return found.isoformat()


def _language(text: str, _: Context) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError
    return text


def _engineers(text: str, _: Context) -> int:
    return {"2": 2, "3": 3}[text]


def _flag(text: str, _: Context) -> bool:
    return {"true": True, "on": True, "1": True, "false": False, "": False}[text]


def _reference(text: str, context: Context) -> str:
    line = _line(text, context).upper()
    if report_of(line) is None:
        raise ValueError
    return line


def _choice(name: str, choices: type[StrEnum], *, required: bool = False) -> Field:
    return Field(
        name=name, read=lambda text, _: choices(text).value, wrong=CHOICE, choices=choices, required=required
    )  # fmt: skip


_LINES = (
    "reporter.name", "reporter.organization", "reporter.messenger", "affected.account", "affected.address.city",
    "affected.address.street", "affected.address.house", "affected.address.building", "affected.address.entrance",
    "affected.address.flat", "affected.node", "affected.equipment", "external_id",
)  # fmt: skip

FIELDS: dict[str, Field] = {
    one.name: one
    for one in (
        *(Field(name=name, read=_line, wrong=TEXT) for name in _LINES),
        Field(name="reporter.phone", read=_phone, wrong=PHONE),
        Field(name="reporter.email", read=_email, wrong=EMAIL),
        Field(name="affected.line", read=_telephone_line, wrong=PHONE),
        Field(name="description", read=_paragraph, wrong=PARAGRAPH),
        Field(name="since", read=_date, wrong=DATE),
        Field(name="repeated", read=_flag, wrong=FLAG),
        Field(name="reference", read=_reference, wrong=REFERENCE),
        _choice("order", Order, required=True),
        _choice("service", Service),
        _choice("symptom", Symptom),
        _choice("urgency", Urgency, required=True),
        Field(name="language", read=_language, wrong=LANGUAGE),
        _choice(_DISPOSITION, Disposition),
        Field(name=f"{_ROUTE}.line", read=_engineers, wrong=LINE),
        Field(name=f"{_ROUTE}.group", read=_line, wrong=TEXT),
        Field(name=f"{_ROUTE}.company", read=_line, wrong=TEXT),
    )
}


def values(record: FaultRecord) -> dict[str, str]:
    """Give every field as a form shows it; "" for what is absent."""
    public = msgspec.to_builtins(record)
    return {name: _shown(_at(public, name)) for name in FIELDS}


def read(given: Mapping[str, object], context: Context) -> dict[str, Any]:
    """Read what a form or a patch gives: texts, None and booleans by field. Raises Wrong naming every field."""
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        field = FIELDS.get(name)
        if field is None:
            wrong[name[:100]] = UNKNOWN
            continue
        try:
            found[name] = _read(field, value, context)
        except (ValueError, KeyError):
            wrong[name] = field.wrong
    if wrong:
        raise Wrong(wrong)
    return found


def corrected(record: FaultRecord, given: Mapping[str, object], context: Context) -> FaultRecord:
    """Give the record with what somebody wrote. Raises Wrong naming every field that can't be read.

    A value that the record has already is never wrong: the machine may have kept what a person must write in full.
    """
    public, shown = msgspec.to_builtins(record), values(record)
    found = read({name: value for name, value in given.items() if name not in shown or value != shown[name]}, context)
    routed = {name: value for name, value in found.items() if name.startswith(f"{_ROUTE}.")}
    for name, value in found.items():
        if name not in routed:
            _put(public, name, value)
    if found.get(_DISPOSITION, record.classification.disposition) != record.classification.disposition:
        public["classification"] = {"disposition": found[_DISPOSITION]}  # the machine's solution goes with its opinion
    if routed:
        public["classification"]["route"] = {**(public["classification"].get("route") or {}), "rule": None}
    for name, value in routed.items():
        _put(public, name, value)
    return msgspec.convert(public, FaultRecord)


def _put(public: dict[str, Any], name: str, value: Any) -> None:
    *way, last = name.split(".")
    place = public
    for step in way:
        place = place[step]
    place[last] = value


def changed_fields(before: FaultRecord, after: FaultRecord) -> list[str]:
    """Name the fields in which two records differ."""
    one, other = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return [name for name in FIELDS if _at(one, name) != _at(other, name)]


def flat(patch: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Give a merge patch (RFC 7396) by dotted names; null for an object empties each of its fields."""
    found: dict[str, Any] = {}
    for key, value in patch.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            found |= flat(value, f"{name}.")
        elif value is None and name not in FIELDS and any(one.startswith(f"{name}.") for one in FIELDS):
            found |= {one: None for one in FIELDS if one.startswith(f"{name}.")}
        else:
            found[name] = value
    return found


def _read(field: Field, value: object, context: Context) -> Any:
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, int):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise ValueError
    text = (value or "").strip()
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError
    if not text and field.read is not _flag:
        if field.required:
            raise ValueError
        return None
    return field.read(text, context)


def _at(public: Mapping[str, Any], name: str) -> Any:
    found: Any = public
    for step in name.split("."):
        found = None if found is None else found[step]
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value or "")
