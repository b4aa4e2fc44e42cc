"""Composed replies: headers that nobody can bend, and tokens that nobody can forge."""

import email
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import Gateway
from outbox.compose import compose
from records.deliveries import Kind, Refused
from records.tokens import genuine, token, tokens_in
from tests.outbox.situations import CUSTOMER, GATEWAY, KEY, NOW, reply

HEADERS = [
    *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "From", "Reply-To", "To", "Subject", "Date"),
    *("Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language"),
]
HOSTILE = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("\r\n\t\0\x0b\x0c\x1c\x85\u2028\u2029 :<>=?@\udcff")),
    max_size=200,
)


def wire(kind: Kind = Kind.RECEIPT, key: str = "receipt/7", **changes: Any) -> bytes:
    mail = compose(reply(kind, **changes), key, "support@desk.example", GATEWAY, KEY, NOW)
    return mail.as_bytes()


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=policy.default)


def header_names(raw: bytes) -> list[str]:
    """Name the header fields as the strictest reader of line ends would see them."""
    head = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0]
    return [line.partition(b":")[0].decode() for line in head.split(b"\n") if not line.startswith((b" ", b"\t"))]


def test_a_receipt_obeys_rfc_3834() -> None:
    mail = read(wire(subject="Нет интернета", in_reply_to="<1@example.org>", references=("<0@example.org>",)))
    proof = token(KEY, 7, CUSTOMER)

    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["In-Reply-To"] == "<1@example.org>"
    assert mail["References"] == "<0@example.org> <1@example.org>"
    assert mail["Subject"] == "Re: Нет интернета [FR-2026-0000007]"
    assert mail["From"] == mail["Reply-To"] == f"Aurora Net <support+{proof}@desk.example>"
    assert mail["Message-ID"].startswith(f"<{proof}.")
    assert mail["Message-ID"].endswith("@desk.example>")
    assert mail["Date"].datetime == NOW.replace(microsecond=0)
    assert "FR-2026-0000007" in mail.get_content()


def test_the_message_id_is_the_same_at_every_attempt_and_another_for_another_delivery() -> None:
    later = compose(reply(), "receipt/7", "s@desk.example", GATEWAY, KEY, NOW + timedelta(hours=1))

    assert read(wire())["Message-ID"] == later["Message-ID"]
    assert read(wire())["Message-ID"] != read(wire(key="question/7"))["Message-ID"]


@settings(max_examples=300, deadline=None)
@given(
    subject=HOSTILE,
    name=HOSTILE,
    solution=HOSTILE,
    missing=st.lists(HOSTILE, max_size=3),
    in_reply_to=HOSTILE,
    references=st.lists(HOSTILE, max_size=3),
    number=HOSTILE,
    kind=st.sampled_from(Kind),
)
def test_no_text_of_a_report_makes_a_header(
    subject: str, name: str, solution: str, missing: list[str], in_reply_to: str, references: list[str], number: str,
    kind: Kind,
) -> None:  # fmt: skip
    raw = wire(
        kind,
        subject=subject,
        reporter_name=name,
        solution=solution.encode("utf-8", "replace").decode(),
        missing=tuple(missing),
        in_reply_to=in_reply_to,
        references=tuple(references),
        partner_number=number,
    )

    assert raw.isascii()
    assert [name for name in header_names(raw) if name not in ("In-Reply-To", "References")] == HEADERS
    assert max(len(line) for line in raw.split(b"\n")) <= 998


@settings(deadline=None)
@given(text=HOSTILE.map(lambda text: text.replace("{", "").replace("}", "").encode("utf-8", "replace").decode()))
def test_no_text_of_the_operator_makes_a_header(text: str) -> None:
    raw = wire(template=f"Bcc: x@example.net\r\n\r\n{text}\r\nTo: y@example.net")

    assert header_names(raw) == HEADERS
    assert read(raw).get_content_type() == "text/plain"


@pytest.mark.parametrize(("subject", "told"), [
    ("Fault opened", "Re: Fault opened [TKT-20417] [FR-2026-0000007]"),
    ("[TKT-20417] Fault", "Re: [TKT-20417] Fault [FR-2026-0000007]"),
    ("Re: Fault [FR-2026-0000007]", "Re: Fault [TKT-20417] [FR-2026-0000007]"),
    ("x" * 130 + " TKT-20417", f"Re: {'x' * 120} [TKT-20417] [FR-2026-0000007]"),
    (None, "Your report [TKT-20417] [FR-2026-0000007]"),
])  # fmt: skip
def test_a_partner_s_number_stands_in_the_subject_once(subject: str | None, told: str) -> None:
    mail = read(wire(subject=subject, partner_number="TKT-20417", language="en"))
    assert mail["Subject"] == told


@pytest.mark.parametrize(
    "subject",
    ["x\r\nBcc: v@example.net", "x\nBcc: v@example.net", "x\r\n\r\nbody", "=?utf-8?q?x=0D=0ABcc:_v@example.net?="],
)
def test_a_subject_stays_a_subject(subject: str) -> None:
    mail = read(wire(subject=subject))

    assert mail["Bcc"] is None
    assert mail["Subject"].endswith("[FR-2026-0000007]")
    assert "FR-2026" in mail.get_content()


@pytest.mark.parametrize(
    "to", ["a@example.org\r\nBcc: b@example.net", "a@example.org, b@example.net", "<a@example.org>", "", "a", "я@я.рф"]
)
def test_who_is_no_plain_address_gets_no_mail(to: str) -> None:
    with pytest.raises(Refused, match="address"):
        wire(to=to)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: RE: re:No internet", "Re: No internet [FR-2026-0000007]"),
        ("Re: No internet [FR-2026-0000007]", "Re: No internet [FR-2026-0000007]"),
        (None, "Your report [FR-2026-0000007]"),
        ("\u202eevil\u200b", "Re: evil [FR-2026-0000007]"),
        ("a" * 100_000, f"Re: {'a' * 120} [FR-2026-0000007]"),
        ("re: " * 100_000, "Your report [FR-2026-0000007]"),
    ],
)
def test_subjects(subject: str | None, expected: str) -> None:
    assert read(wire(subject=subject))["Subject"] == expected


def test_a_long_thread_is_cut_in_the_middle_and_its_ids_stay_whole() -> None:
    ids = tuple(f"<{number}.{'x' * 150}@example.org>" for number in range(500))
    raw = wire(in_reply_to=ids[-1], references=(*ids[:-1], "<bad id>", "< >"))
    references = b"".join(raw.split(b"References:")[1].split(b"\nAuto-Submitted")[0].splitlines()).decode().split()

    assert references == [ids[0], *ids[-21:-1], ids[-1]]
    assert max(len(line) for line in raw.splitlines()) < 998


def test_our_token_is_genuine_for_its_report_and_its_recipient_only() -> None:
    mail = read(wire())
    found = tokens_in(mail["Message-ID"])

    assert found == tokens_in(mail["From"]) == tokens_in(mail["From"].upper())
    assert genuine(KEY, found[0], CUSTOMER)
    assert genuine(KEY, found[0].upper(), CUSTOMER.upper())
    assert not genuine(KEY, found[0], "mallory@example.org")
    assert not genuine(b"another key", found[0], CUSTOMER)
    assert not genuine(KEY, found[0].replace("fg-7-", "fg-8-"), CUSTOMER)


@settings(deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16))
def test_a_guessed_token_is_not_genuine(guess: str) -> None:
    assert not genuine(KEY, f"fg-7-{guess}", CUSTOMER)


def test_the_token_leads_to_the_report_that_the_reply_is_about() -> None:
    mail = read(wire(Kind.PROGRESS, key="progress/FR-2026-0000009", record_id="FR-2026-0000003"))

    assert genuine(KEY, tokens_in(mail["From"])[0], CUSTOMER)
    assert tokens_in(mail["From"])[0].startswith("fg-3-")


def test_an_operator_s_name_in_any_script_is_kept() -> None:
    gateway = Gateway(name='Аврора "Нет"', domain="desk.example")
    mail = compose(reply(), "k", "help@aurora.example", gateway, KEY, NOW)

    assert read(mail.as_bytes())["From"].addresses[0].display_name == 'Аврора "Нет"'
    assert read(mail.as_bytes())["From"].addresses[0].domain == "aurora.example"
