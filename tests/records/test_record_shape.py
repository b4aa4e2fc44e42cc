"""The public form of a record: its keys, what is absent, and its JSON Schema."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from records.record import (
    Affected,
    Attachment,
    Classification,
    Evidence,
    FaultRecord,
    OriginalRef,
    PostalAddress,
    Reporter,
    Route,
    classified,
)
from records.words import DecidedBy, Disposition, Order, Review, Service, Symptom, Urgency

AT = datetime(2026, 11, 21, 7, 3, 11, tzinfo=UTC)
BARE = FaultRecord(
    id=None, order=Order.REPORT, channel="email", received_at=AT, due_at=AT + timedelta(hours=2), language=None,
    original=OriginalRef(media_type="message/rfc822", size=1, sha256="0" * 64),
)  # fmt: skip
FULL = FaultRecord(
    id="FR-2026-0001187", order=Order.REPORT, channel="email", received_at=AT, due_at=AT + timedelta(hours=2),
    language="ru",
    reporter=Reporter(name="Соколова Галина Петровна", phone="+79173402218", email="galina@example.org"),
    affected=Affected(
        account="4410-22871", address=PostalAddress(city="Уфа", street="Айская", house="64/1", flat="118")
    ),
    service=Service.BROADBAND, symptom=Symptom.NO_SERVICE, description="Третий день не работает интернет.",
    since=date(2026, 11, 18), urgency=Urgency.NORMAL,
    evidence={"reporter.phone": Evidence(text="8 (917) 340-22-18", where="body", confidence=0.99)},
    attachments=(Attachment(name="router.jpg", media_type="image/jpeg", size=48211, sha256="1" * 64),),
    original=OriginalRef(media_type="message/rfc822", size=51733, sha256="2" * 64),
    classification=Classification(
        disposition=Disposition.INCIDENT, confidence=0.97, decided_by=DecidedBy.RULE, rule_hits=("los-lamp",),
        route=Route(line=2, group="fiber"),
    ),
)  # fmt: skip

#: The contract, key by key; adding to it is fine, renaming is a breaking change.
SHAPE: dict[str, Any] = {
    "id": str, "order": str, "channel": str, "received_at": str, "due_at": str, "language": str,
    "reporter": {"name": str, "phone": str, "email": str, "organization": None, "messenger": None},
    "affected": {
        "line": None, "account": str, "node": None, "equipment": None,
        "address": {"city": str, "street": str, "house": str, "building": None, "entrance": None, "flat": str},
    },
    "service": str, "symptom": str, "description": str, "since": str, "urgency": str, "repeated": bool,
    "reference": None, "external_id": None, "machine_mail": None, "missing": list, "needs_review": list,
    "evidence": {"reporter.phone": {"text": str, "where": str, "confidence": float}},
    "attachments": [{"name": str, "media_type": str, "size": int, "sha256": str}],
    "original": {"media_type": str, "size": int, "sha256": str},
    "classification": {
        "disposition": str, "confidence": float, "decided_by": str, "solution": None, "rule_hits": list,
        "rule_misses": list, "model": None,
        "route": {"line": int, "group": str, "company": None, "mode": None, "rule": None},
    },
    "partner": None, "dialogue": None, "collisions": list,
}  # fmt: skip


def public(record: FaultRecord) -> Any:
    return json.loads(msgspec.json.encode(record))


def same_shape(value: Any, shape: Any, place: str = "$") -> None:
    if isinstance(shape, dict):
        assert set(value) == set(shape), place
        for key, inner in shape.items():
            same_shape(value[key], inner, f"{place}.{key}")
    elif isinstance(shape, list):
        for one in value:
            same_shape(one, shape[0], f"{place}[]")
    elif shape is None:
        assert value is None, place
    else:
        assert type(value) is shape, place


def test_the_public_form_has_the_contract_s_keys() -> None:
    same_shape(public(FULL), SHAPE)


def test_times_are_utc_with_z_and_dates_are_bare() -> None:
    told = public(FULL)
    assert (told["received_at"], told["due_at"]) == ("2026-11-21T07:03:11Z", "2026-11-21T09:03:11Z")
    assert told["since"] == "2026-11-18"


def test_numbers_that_are_texts_stay_texts() -> None:
    told = public(FULL)
    assert told["reporter"]["phone"] == "+79173402218"
    assert told["affected"]["address"]["house"] == "64/1"
    assert told["affected"]["account"] == "4410-22871"


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    return [value]


def test_absent_knowledge_is_null_and_no_key_is_left_out() -> None:
    told = public(BARE)
    assert set(told) == set(SHAPE)
    assert set(told["reporter"]) == set(SHAPE["reporter"])
    assert set(told["affected"]["address"]) == set(SHAPE["affected"]["address"])
    assert "" not in leaves(told)
    assert (told["id"], told["service"], told["classification"]["disposition"]) == (None, None, None)
    assert (told["missing"], told["evidence"], told["attachments"]) == ([], {}, [])


@pytest.mark.parametrize("record", [BARE, FULL])
def test_the_public_form_reads_back_as_the_same_record(record: FaultRecord) -> None:
    assert msgspec.json.decode(msgspec.json.encode(record), type=FaultRecord) == record


def test_a_word_outside_the_closed_vocabularies_is_refused() -> None:
    for old, new in (('"report"', '"raport"'), ('"broadband"', '"carrier_pigeon"'), ('"incident"', '"maybe"')):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(FULL).replace(old.encode(), new.encode()), type=FaultRecord)


def resolve(schema: Any, node: Any) -> Any:
    while "$ref" in node or "anyOf" in node:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        else:
            node = next(one for one in node["anyOf"] if one.get("type") != "null")
    return node


def test_the_schema_names_every_key_and_every_word_of_the_contract() -> None:
    schema = msgspec.json.schema(FaultRecord)
    record = resolve(schema, schema)
    assert set(record["properties"]) == set(SHAPE)
    assert {"order", "channel", "received_at", "due_at", "original"} <= set(record["required"])
    for key, inner in SHAPE.items():
        if isinstance(inner, dict) and key != "evidence":
            assert set(resolve(schema, record["properties"][key])["properties"]) == set(inner), key
    words = {
        "order": {"report", "follow_up", "withdrawal", "progress", "not_a_fault"},
        "urgency": {"normal", "urgent", "control"},
        "machine_mail": {"auto_reply", "bounce", "feedback", "bulk", "loop"},
        "service": {"broadband", "cable_tv", "iptv", "telephony", "leased_line", "mobile", "other"},
    }
    for key, expected in words.items():
        assert set(resolve(schema, record["properties"][key])["enum"]) == expected, key


@pytest.mark.parametrize("order", [Order.REPORT, Order.FOLLOW_UP])
def test_a_fault_that_could_not_be_decided_is_looked_at_by_a_person(order: Order) -> None:
    record = msgspec.structs.replace(BARE, order=order, needs_review=(Review.ENCRYPTED,))
    undecided = classified(record, Classification(rule_misses=("los-lamp",)))
    assert undecided.needs_review == (Review.ENCRYPTED, Review.UNDECIDED)
    assert undecided.classification.rule_misses == ("los-lamp",)
    assert classified(undecided, Classification()).needs_review == (Review.ENCRYPTED, Review.UNDECIDED)


def test_what_is_decided_or_no_fault_needs_nobody() -> None:
    decided = Classification(disposition=Disposition.INCIDENT)
    assert classified(BARE, decided).needs_review == ()
    assert classified(BARE, decided).classification == decided
    for order in (Order.WITHDRAWAL, Order.PROGRESS, Order.NOT_A_FAULT):
        assert classified(msgspec.structs.replace(BARE, order=order), Classification()).needs_review == ()
