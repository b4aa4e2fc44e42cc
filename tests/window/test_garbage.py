"""Whatever is sent, no answer is a fault of ours, and below the API every refusal is a problem detail."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.window.front import HTML, Client, Window

LIST = "/api/v1/reports"
ACTS = ("refuse", "ask", "pass-on", "urge", "split", "merge", "approve", "decline")
SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

text = st.text(max_size=60) | st.sampled_from(["\0", "FR-2026-0000001", "9" * 40, "'; --", "%00", "../..", "\u202e"])
value: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
known = st.sampled_from(
    ["reporter", "affected", "description", "since", "order", "remark", "text", "reason", "urgency", "pages", "into",
     "form", "name", "phone", "address", "symptom", "classification", "disposition", "language", "reference"]
)  # fmt: skip
body = st.dictionaries(known | text, value | st.dictionaries(known, value, max_size=3), max_size=5) | value


@pytest.fixture
def senior(window: Window) -> Client:
    window.report()
    return window.client("senior")


def fit(answer: Any) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@SOME
@given(act=st.sampled_from(ACTS), given_=body, version=st.sampled_from(['"1"', "1", "*", "", '"99999999999999"']))
def test_acts(senior: Client, act: str, given_: Any, version: str) -> None:
    content = json.dumps(given_).encode()
    headers = {"if-match": version, "content-type": "application/json"}
    fit(senior.post(f"{LIST}/FR-2026-0000001/{act}", content=content, headers=headers))


@SOME
@given(given_=body)
def test_patches(senior: Client, given_: Any) -> None:
    seen = senior.get(f"{LIST}/FR-2026-0000001").headers["etag"]
    content, headers = json.dumps(given_).encode(), {"if-match": seen, "content-type": "application/merge-patch+json"}
    fit(senior.patch(f"{LIST}/FR-2026-0000001", content=content, headers=headers))


@SOME
@given(given_=body)
def test_walk_ins(senior: Client, given_: Any) -> None:
    fit(senior.post(LIST, content=json.dumps(given_).encode(), headers={"content-type": "application/json"}))


@SOME
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "state", "level", "channel", "order", "limit", "cursor", "taken_by", "urgency"]) | text,
        text | st.integers().map(str), max_size=4,
    )
)  # fmt: skip
def test_queries(senior: Client, query: dict[str, str]) -> None:
    fit(senior.get(LIST, params=query))


@SOME
@given(
    raw=st.binary(max_size=300), kind=st.sampled_from(["application/json", "multipart/form-data; boundary=b", "x/y"])
)
def test_bodies(senior: Client, raw: bytes, kind: str) -> None:
    fit(senior.post(LIST, content=raw, headers={"content-type": kind}))


@SOME
@given(form=st.dictionaries(st.sampled_from(["upload", "received_at", "postal_sender", "x"]), text, max_size=4))
def test_uploads(senior: Client, form: dict[str, str]) -> None:
    fit(senior.post(LIST, data=form, files=[("files", ("a", b"%PDF-"))]))


@pytest.mark.parametrize("after", ["9" * 30 + "-1", "1-" + "9" * 30, "9" * 18 + "-" + "9" * 18, "x", "²-²"])
def test_a_place_in_the_queue_that_nobody_made_is_no_fault(either: Window, after: str) -> None:
    assert either.client("clerk").get("/", params={"after": after}, headers=HTML).status_code == 200
