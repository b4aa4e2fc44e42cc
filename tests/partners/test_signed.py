"""Signed requests, held to the example of RFC 9421."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.signed import BadSignature, Signature, base, check, check_body, signature
from tests.partners.signing import signed

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
KEY = "a key that is long enough"
URL = "https://tickets.example/tmf-api/troubleTicket/v5/troubleTicket?fields=id"
VALUES = {"@method": "POST", "@path": "/tmf-api/troubleTicket/v5/troubleTicket", "@query": "?fields=id"}


def test_what_is_signed_is_what_the_rfc_signs() -> None:
    """RFC 9421 appendix B.2.5, with the shared secret of appendix B.1.5."""
    key = base64.b64decode("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==")
    one = Signature(
        covered=("date", "@authority", "content-type"), created=1618884473, key="test-shared-secret",
        params='("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
        mark=base64.b64decode("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="),
    )  # fmt: skip
    values = {"date": "Tue, 20 Apr 2021 02:07:55 GMT", "@authority": "example.com", "content-type": "application/json"}
    assert hmac.digest(key, base(one, values), hashlib.sha256) == one.mark


def asked(**changes: str) -> dict[str, str]:
    return {**signed(KEY, "north", "POST", URL, b"{}", AT), **changes}


def test_a_signature_of_now_is_taken() -> None:
    headers = asked()
    one = signature(headers)
    check(one, {**headers, **VALUES}, KEY, AT)
    check_body(b"{}", headers["content-digest"])
    assert one.key == "north"


@pytest.mark.parametrize(
    ("name", "value"),
    [("@method", "DELETE"), ("@path", "/other"), ("@query", "?"), ("content-digest", "sha-256=:AAAA:")],
)
def test_whatever_of_the_request_is_changed_the_signature_does_not_fit(name: str, value: str) -> None:
    headers = asked()
    with pytest.raises(BadSignature, match="does not fit"):
        check(signature(headers), {**headers, **VALUES, name: value}, KEY, AT)


def test_another_body_another_key_or_no_key_is_refused() -> None:
    headers = asked()
    with pytest.raises(BadSignature, match="does not fit the body"):
        check_body(b"{ }", headers["content-digest"])
    for key in ("another key", "", None):
        with pytest.raises(BadSignature, match="does not fit"):
            check(signature(headers), {**headers, **VALUES}, key, AT)


def test_whoever_has_no_key_is_not_proven_by_an_empty_one() -> None:
    headers = signed("", "nobody", "POST", URL, b"{}", AT)
    with pytest.raises(BadSignature, match="does not fit"):
        check(signature(headers), {**headers, **VALUES}, None, AT)


@pytest.mark.parametrize("minutes", [-10, -5.1, 5.1, 10])
def test_a_signature_of_another_time_is_refused(minutes: float) -> None:
    headers = asked()
    with pytest.raises(BadSignature, match="time"):
        check(signature(headers), {**headers, **VALUES}, KEY, AT + timedelta(minutes=minutes))


def test_what_must_be_signed_is_signed() -> None:
    for absent in ("@method", "@path", "@query", "content-digest"):
        covered = tuple(one for one in ("@method", "@path", "@query", "content-digest") if one != absent)
        with pytest.raises(BadSignature, match=f"sign {absent}"):
            signature(signed(KEY, "north", "POST", URL, b"{}", AT, covered=covered))


@pytest.mark.parametrize(
    "value",
    [
        "", "sig1", 'sig1=("@method")', "sig1=(@method);created=1", 'sig1=("@method" "@method");created=1;keyid="a"',
        'a=("@method" "@path" "@query" "content-digest");created=1;keyid="n", b=()',
        'a=("@method" "@path" "@query" "content-digest");created=1',
        'a=("@method" "@path" "@query" "content-digest");keyid="n"',
        'a=("@method" "@path" "@query" "content-digest");created=1;keyid="n";alg="none"',
        'a=("@method" "@path" "@query" "content-digest");created=1;keyid="n";alg="rsa-v1_5-sha256"',
        'a=("@method";req "@path" "@query" "content-digest");created=1;keyid="n"',
    ],
)  # fmt: skip
def test_what_is_no_signature_is_refused(value: str) -> None:
    with pytest.raises(BadSignature):
        signature({"signature-input": value, "signature": "a=:AAAA:"})


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_headers_are_read_or_refused(given_input: str, mark: str) -> None:
    try:
        signature({"signature-input": given_input, "signature": mark})
    except BadSignature:
        return
    raise AssertionError(given_input)
