"""What another system says is shown short, without secrets, without the customer."""

import pytest
from msgspec.structs import replace

from outbox.backends.cleaning import about, without_customer, words
from records.arrival import TryAgain
from records.deliveries import Refused
from records.record import Affected, PostalAddress, Reporter
from tests.outbox.situations import fault_record, ticket

GALINA = replace(
    ticket(7),
    text="The router in the hall is dead since Tuesday, please call my husband",
    record=fault_record(
        reporter=Reporter(name="Galina Sokolova", phone="+79161234567", email="galina@example.org"),
        affected=Affected(account="4411-B", address=PostalAddress(city="Tver", street="Lenina", house="64/1")),
    ),
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message": "no such queue"}', "no such queue"),
        (b'{"error": {"message": "User Not Authenticated", "detail": "Required"}}', "User Not Authenticated: Required"),
        (b'{"Error": {"ErrorCode": "X.AuthFail", "ErrorMessage": "no"}}', "X.AuthFail: no"),
        (b'{"errorMessages": ["a", "b"], "errors": {"summary": "c"}}', "a: b: c"),
        (b'[{"messageType": "ERROR", "messageText": "Required field", "messageNumber": 307}]', "ERROR: Required field"),
        (b'["ERROR_X", "it is wrong"]', "ERROR_X: it is wrong"),
        (b'{"code": "400", "reason": "missing severity", "@type": "Error"}', "400: missing severity"),
        (b"<html><body><h1>Bad\r\n gateway</h1></body></html>", "Bad gateway"),
        (b"\xff\xfe\x00", "��"),
        (b"", ""),
    ],
)
def test_the_telling_words_are_found(body: bytes, said: str) -> None:
    assert words(body, []) == said


def test_words_are_short_and_on_one_line() -> None:
    said = words(b"a \n\x1b[31m" * 10_000, [])

    assert len(said) == 300
    assert said.isprintable()


def test_a_secret_is_cut_out_also_where_the_words_are_cut() -> None:
    for at in (0, 290, 298):
        assert "s3cr3t" not in words(b"x" * at + b" s3cr3t-token", ["s3cr3t-token"])


@pytest.mark.parametrize(
    "said",
    [
        "no user galina@example.org",
        "Requestor Galina Sokolova is unknown",
        "SOKOLOVA is no customer",
        "+7 916 123-45-67 is no number",
        "account 4411-B is closed",
        "can't parse: router in the hall is dead",
        "Tver, Lenina 64/1 is not served",
    ],
)
def test_the_customer_is_cut_out(said: str) -> None:
    told = without_customer(f"desk says 422: {said}", GALINA)

    assert told.startswith("desk says 422: ")
    for part in ("galina", "sokolova", "4567", "45-67", "4411", "router in the", "hall is", "tver", "lenina"):
        assert part not in told.lower()


@pytest.mark.parametrize(
    "said",
    [
        "desk says 400: Queue Faults has no field External-ID",
        "the ticket of FR-2026-0000007 is not there yet",
        "desk: no answer from 10.20.30.40 (ReadTimeout)",
        "desk: ticket 48213 does not keep our number FR-2026-0000007: write it in by hand",
    ],
)
def test_what_helps_stays(said: str) -> None:
    assert without_customer(said, GALINA) == said


def test_both_errors_pass_cleaned_and_keep_what_they_are() -> None:
    with pytest.raises(TryAgain, match="…") as trouble, about(GALINA):
        raise TryAgain("Galina", after=7)
    assert (str(trouble.value), trouble.value.after) == ("…", 7)
    with pytest.raises(Refused, match=r"^no …$"), about(GALINA):
        raise Refused("no Galina")
