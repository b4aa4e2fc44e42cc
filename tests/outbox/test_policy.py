"""When we are silent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import Replies
from outbox.policy import SILENCE, answer_to, silence, without_tag
from outbox.situation import Situation
from records.addresses import is_plain_address
from records.partner import PartnerTicket, Verification
from records.tokens import token
from records.words import MachineMail, Review
from tests.outbox.situations import CUSTOMER, KEY, earlier, fault_record, situation

#: One case and more for every row of the table.
SILENT: list[tuple[str, dict[str, Any]]] = [
    ("no smarthost is set", {"settings": Replies()}),
    ("written by a machine", {"record": fault_record(machine_mail=MachineMail.BULK)}),
    ("null sender", {"envelope_sender": ""}),
    ("null return path", {"envelope_sender": None, "headers": {"return-path": " <> "}}),
    ("submitted automatically", {"headers": {"auto-submitted": "auto-replied (vacation)"}}),
    ("submitted automatically", {"headers": {"auto-submitted": "Auto-Generated; x=1"}}),
    ("bulk mail", {"headers": {"precedence": "Bulk"}}),
    ("bulk mail", {"headers": {"precedence": "list"}}),
    ("bulk mail", {"headers": {"precedence": "junk"}}),
    ("mailing list", {"headers": {"list-unsubscribe": "<mailto:x@example.net>"}}),
    ("asks for no automatic reply", {"headers": {"x-auto-response-suppress": "DR, OOF, AutoReply"}}),
    ("asks for no automatic reply", {"headers": {"x-auto-response-suppress": "All"}}),
    ("a robot's header", {"headers": {"x-loop": "1"}}),
    ("no address to answer to", {"author": None, "envelope_sender": None}),
    ("no address to answer to", {"author": "a b@example.org", "envelope_sender": None}),
    ("no address to answer to", {"author": "a@example.org\r\nBcc: x@example.net", "envelope_sender": None}),
    ("the envelope's sender is not the author", {"envelope_sender": "other@example.org"}),
    ("our own address", {"author": "Help@Aurora.example", "envelope_sender": None}),
    ("our own address", {"author": "support@desk.example", "envelope_sender": None}),
    ("our own address", {"author": "support+x@desk.example", "envelope_sender": None}),
    ("a fax gateway", {"author": "Fax@fax.example", "envelope_sender": None}),
    ("a fax gateway", {"author": "1@efax.example", "envelope_sender": None}),
    ("a gateway like ours", {"author": f"s+{token(KEY, 1, 'x')}@else.example", "envelope_sender": None}),
    ("sender not verified", {"record": fault_record(needs_review=(Review.UNVERIFIED_SENDER,))}),
    ("answers our reply at once", {"earlier": earlier(), "replies_to_address": 1}),
    ("enough replies about this report", {"replies_about": 10}),
    ("enough replies to this address", {"replies_to_address": 10}),
    ("enough replies in all", {"replies_in_all": 600}),
    *[
        ("nobody reads there", {"author": f"{local}@example.org", "envelope_sender": None})
        for local in (
            *("mailer-daemon", "MAILER-DAEMON", "postmaster", "noreply", "no-reply", "do_not_reply", "donotreply"),
            *("owner-list", "list-owner", "list-request", "bounces+17", "billing-noreply", "list-bounces", "root"),
        )
    ],
]


@pytest.mark.parametrize(("reason", "changes"), SILENT)
def test_we_are_silent(reason: str, changes: dict[str, Any]) -> None:
    assert silence(situation(**changes)) == reason
    assert answer_to(situation(**changes)) is None


def test_every_row_of_the_table_has_its_case() -> None:
    assert {reason for reason, _ in SILENCE} == {reason for reason, _ in SILENT}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"envelope_sender": CUSTOMER.upper()},
        {"envelope_sender": None},
        {"headers": {"auto-submitted": "no"}},
        {"headers": {"x-auto-response-suppress": "DR, RN, NRN"}},
        {"headers": {"precedence": "first-class"}},
        {"headers": {"return-path": "<galina@example.org>"}},
        {"replies_to_address": 9, "replies_in_all": 599, "replies_about": 9},
        {"earlier": earlier()},
        {"author": "rooted@example.org", "envelope_sender": None},
        {"author": "bouncer@example.org", "envelope_sender": None},
    ],
)
def test_we_answer_the_author(changes: dict[str, Any]) -> None:
    asked = situation(**changes)

    assert silence(asked) is None
    assert answer_to(asked) == asked.author


@settings(deadline=None)
@given(st.text(max_size=80))
def test_a_plain_address_holds_nothing_that_a_header_or_a_command_could_trip_over(text: str) -> None:
    if is_plain_address(text):
        assert text.isascii()
        assert not set(text) & set('\r\n\t <>"(),:;[]\\\0')
        assert text.count("@") == 1


@pytest.mark.parametrize("text", ["a" * 100_000, "a." * 50_000, "a@" + "b." * 50_000, " " * 100_000, "-" * 254])
def test_long_addresses_are_judged_at_once(text: str) -> None:
    assert not is_plain_address(text)
    assert silence(situation(author=text, envelope_sender=None)) is not None


def test_a_mailbox_without_its_tag() -> None:
    assert without_tag("Support+fg-1-x+y@Desk.example") == "support@desk.example"


#: A verified partner who wants our answers, and what ticket systems write into their mail.
PARTNER = PartnerTicket(name="Acme", verified_by=Verification.DKIM, answers=True)
ROBOT = {"auto-submitted": "auto-generated", "precedence": "bulk", "x-auto-response-suppress": "All"}


def of_partner(partner: PartnerTicket = PARTNER, machine: MachineMail = MachineMail.BULK, **changes: Any) -> Situation:
    record = fault_record(partner=partner, machine_mail=machine)
    return situation(record=record, **{"headers": ROBOT, "envelope_sender": "bounces+1@example.org", **changes})


def test_a_verified_partner_who_wants_answers_is_answered() -> None:
    assert answer_to(of_partner()) == CUSTOMER


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"partner": replace(PARTNER, verified_by=None)}, "written by a machine"),
        ({"partner": replace(PARTNER, answers=False)}, "written by a machine"),
        ({"machine": MachineMail.BOUNCE}, "written by a machine"),
        ({"machine": MachineMail.LOOP}, "written by a machine"),
        ({"headers": ROBOT | {"auto-submitted": "auto-replied"}}, "submitted automatically"),
        ({"headers": ROBOT | {"list-id": "<x>"}}, "mailing list"),
        ({"headers": ROBOT | {"x-loop": "1"}}, "a robot's header"),
        ({"envelope_sender": ""}, "null sender"),
        ({"author": "noreply@example.org"}, "nobody reads there"),
        ({"earlier": earlier(), "replies_to_address": 1}, "answers our reply at once"),
        ({"replies_to_address": 10}, "enough replies to this address"),
        ({"replies_in_all": 600}, "enough replies in all"),
    ],
)
def test_a_partner_too_is_never_answered_in_a_loop(changes: dict[str, Any], reason: str) -> None:
    assert silence(of_partner(**changes)) == reason
