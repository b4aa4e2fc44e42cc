"""TMF621 partners and their dialects: the standard held by Prism, what deviates by settings."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from config.backends import ClientCredentials, Tmf621
from outbox.backends import Backend, backend
from records.arrival import TryAgain
from records.deliveries import Refused
from tests.outbox.fakes.server import Asked, Fake, Told, running
from tests.outbox.fakes.tmf621 import Partner
from tests.outbox.prism import held_to_the_standard
from tests.outbox.rigs import secret, tools
from tests.outbox.situations import ticket


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def wired(url: str, **dialect: Any) -> Backend:
    return backend("partner", Tmf621(url=url, timeout=20, **dialect), tools())


def journey(desk: Backend) -> None:
    """A report, its addition and its cancellation, each of them twice."""
    first = desk.create(ticket(7)).external_id
    assert desk.find("FR-2026-0000007") == first
    assert desk.find("FR-2026-0000006") is None
    assert desk.status("FR-2026-0000007") == "acknowledged"
    for _ in range(2):
        assert desk.amend(ticket(8, after=7)).external_id == first
    for _ in range(2):
        assert desk.withdraw(ticket(9, after=7)).external_id == first
    assert desk.status("FR-2026-0000007") == "cancelled"


def noted(partner: Partner) -> list[str]:
    (one,) = partner.tickets.values()
    return [note["text"].split()[0] for note in one["note"]]


@pytest.mark.parametrize(
    ("version", "patch"),
    [(4, None), (5, None), (5, "json")],
)
def test_every_word_is_the_standard_s(stack: ExitStack, version: Any, patch: Any) -> None:
    partner = Partner(version)
    url = stack.enter_context(held_to_the_standard(version, stack.enter_context(running(partner, one_each=True))))

    journey(wired(url, version=version, patch=patch))

    assert noted(partner) == ["FR-2026-0000008", "FR-2026-0000009"]
    (made,) = partner.tickets.values()
    number = made["externalId"] if version == 4 else made["externalIdentifier"][0]["id"]
    assert number == "FR-2026-0000007"
    assert made["severity"] == "Medium"


def test_a_json_patch_adds_notes_one_by_one() -> None:
    """Not through Prism, which holds it to the schema of a merge patch."""
    partner = Partner()
    with running(partner) as url:
        journey(wired(url, patch="json-patch+json"))
    assert noted(partner) == ["FR-2026-0000008", "FR-2026-0000009"]


def test_the_oracle_itself_works(stack: ExitStack) -> None:
    """What is not the standard's does not pass Prism."""
    url = stack.enter_context(held_to_the_standard(5, stack.enter_context(running(Partner(), one_each=True))))
    with pytest.raises((Refused, TryAgain)):
        wired(url, version=4).create(ticket(7))
    with pytest.raises((Refused, TryAgain)):
        wired(url, fields={"severity": ""}).create(ticket(7))


@pytest.mark.parametrize("id_field", ["name", "externalId", "description", "troubleTicketCharacteristic"])
@pytest.mark.parametrize("filters", [True, False])
def test_our_number_lives_where_the_partner_has_room_for_it(id_field: str, filters: bool) -> None:  # noqa: FBT001
    partner = Partner(filters=filters and id_field == "externalId")
    with running(partner) as url:
        wired(url, id_field=id_field).create(ticket(6))
        partner.tickets.clear()
        journey(wired(url, id_field=id_field))
    assert noted(partner) == ["FR-2026-0000008", "FR-2026-0000009"]


def test_a_partner_who_appends_notes_gets_the_new_one_alone() -> None:
    partner = Partner(appends=True)
    with running(partner) as url:
        journey(wired(url, notes="append"))
    assert noted(partner) == ["FR-2026-0000008", "FR-2026-0000009"]


def test_a_note_of_the_partner_s_people_stays() -> None:
    partner = Partner()
    with running(partner) as url:
        desk = wired(url)
        desk.create(ticket(7))
        partner.tickets["1"]["note"] = [{"@type": "Note", "id": "n1", "text": "engineer is on the way"}]
        desk.amend(ticket(8, after=7))
    assert [note.get("id") for note in partner.tickets["1"]["note"]] == ["n1", None]


def test_a_partner_who_ignores_our_filter_is_walked_and_too_many_tickets_are_not_believed() -> None:
    partner = Partner(filters=False)
    with running(partner) as url:
        desk = wired(url)
        for report in range(1, 4):
            desk.create(ticket(report))
        partner.tickets |= {str(key): {**partner.tickets["1"], "id": str(key)} for key in range(10, 400)}
        assert wired(url).find("FR-2026-0000003") == "3"
        partner.tickets |= {str(key): {**partner.tickets["1"], "id": str(key)} for key in range(400, 2400)}
        with pytest.raises(TryAgain, match=r"does not search by externalIdentifier: .* give id_field"):
            wired(url).find("FR-2026-0000003")


def test_required_extras_and_words_stand_in_the_mapping() -> None:
    partner = Partner()
    with running(partner) as url:
        wired(
            url,
            fields={"dateFirstFound": "{received_at}", "twentyFourHourAccess": "no", "ticketType": "Case"},
            values={"twentyFourHourAccess": {"no": False}, "severity": {"normal": "3"}},
            statuses={"New": "acknowledged"},
        ).create(ticket(7))
        partner.tickets["1"]["status"] = "New"
        assert wired(url, statuses={"New": "acknowledged"}).status("FR-2026-0000007") == "acknowledged"
    made = partner.tickets["1"]
    assert (made["twentyFourHourAccess"], made["severity"], made["ticketType"]) == (False, "3", "Case")
    assert made["dateFirstFound"] == "2026-11-21T07:03:11+00:00"


def test_an_answer_without_a_body_names_the_ticket_in_location() -> None:
    class Later(Partner):
        def answer(self, asked: Asked) -> Told:
            told = super().answer(asked)
            if asked.method == "POST":
                return Told(
                    status=202, headers={"Location": f"https://partner.example/troubleTicket/{told.body['id']}"}
                )
            return told

    with running(Later()) as url:
        assert wired(url).create(ticket(7)).external_id == "1"


class Guarded(Fake):
    """A partner whose tokens end."""

    def __init__(self) -> None:
        self.partner = Partner()
        self.granted = 0
        self.forms: list[dict[str, str]] = []

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/oauth/token":
            self.granted += 1
            self.forms.append(asked.form)
            return Told(body={"access_token": f"t{self.granted}-long", "token_type": "Bearer", "expires_in": 3600})
        if asked.headers.get("authorization") != f"Bearer t{self.granted}-long":
            return Told(status=401, body={"code": "401", "reason": "token expired"})
        return self.partner.answer(asked)


def test_oauth2_asks_for_one_token_and_for_another_when_it_is_not_accepted(tmp_path: Path) -> None:
    fake = Guarded()
    with running(fake) as url:
        client = ClientCredentials(
            token_url=f"{url}/oauth/token", client_id="gate", client_secret=secret(tmp_path, "right"), scope="tickets"
        )
        desk = wired(url, oauth2=client)
        desk.create(ticket(7))
        assert fake.granted == 1
        fake.granted += 1  # the one we have is void
        assert desk.find("FR-2026-0000007") == "1"

    form = {"grant_type": "client_credentials", "client_id": "gate", "client_secret": "right", "scope": "tickets"}
    assert fake.forms == [form, form]


def test_a_partner_who_knows_idempotency_keys_is_given_ours() -> None:
    heard: list[tuple[str, str | None]] = []

    class Careful(Partner):
        def answer(self, asked: Asked) -> Told:
            heard.append((asked.method, asked.headers.get("idempotency-key")))
            return super().answer(asked)

    with running(Careful()) as url:
        wired(url).create(ticket(7))
    assert heard[0] == ("POST", '"FR-2026-0000007"')
    assert {key for method, key in heard if method == "GET"} == {None}


@pytest.mark.parametrize(
    ("wiring", "header"),
    [
        ({}, None),
        ({"token": "right"}, "Bearer right"),
        ({"user": "gate", "password": "right"}, "Basic Z2F0ZTpyaWdodA=="),
    ],
)
def test_a_token_or_a_password_lets_us_in(tmp_path: Path, wiring: dict[str, str], header: str | None) -> None:
    heard: list[str | None] = []

    class Listening(Partner):
        def answer(self, asked: Asked) -> Told:
            heard.append(asked.headers.get("authorization"))
            return super().answer(asked)

    told = {name: word if name == "user" else secret(tmp_path, word) for name, word in wiring.items()}
    with running(Listening()) as url:
        assert wired(url, **told).check() == "TMF621 version 5 answers"
    assert heard == [header]
