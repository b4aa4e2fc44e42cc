"""Partners who do some things otherwise than the standard: the two worked examples, over the window itself."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from config.settings import Settings
from config.wiring import BadWiring, load
from normalizer.job import Job
from normalizer.normalize import normalize
from records.media import TICKET
from records.record import OriginalRef
from records.status import Status
from records.words import Order, Urgency
from tests.normalizer.mails import CONTEXT
from tests.partners.house import House, ticket
from tests.partners.test_tickets import V4, create, stand
from tests.partners.window import TICKETS, TICKETS4

EXAMPLES = Path(__file__).parents[2] / "sample/partners"
MTS = {**V4, "severity": "авария", "priority": "1", "dateFirstFound": "2026-11-20T08:00:00+03:00"}
NUMBER = {"@type": "StringCharacteristic", "name": "megafonTicketNumber", "value": "MF-9"}


def example(name: str) -> Settings:
    return load(EXAMPLES / f"{name}.toml")


@pytest.fixture
def speaking(house: House) -> Any:
    """Give a client of the partner "north", who speaks as an example does."""

    def spoken(name: str) -> TestClient:
        [wired] = example(name).partners.values()
        house.settings.partners["north"] = msgspec.structs.replace(
            house.settings.partners["north"], dialect=wired.dialect
        )
        return house.client("north")

    return spoken


@pytest.mark.parametrize("name", ["mts", "megafon"])
def test_an_example_says_that_it_is_one_and_is_short(name: str) -> None:
    text = (EXAMPLES / f"{name}.toml").read_text("utf-8")
    assert text.startswith("# AN EXAMPLE")
    assert len(text.splitlines()) < 40
    assert len(example(name).partners) == 1


def test_mts_is_heard_and_answered_in_its_own_words(house: House, speaking: Any) -> None:
    mts = speaking("mts")
    made = create(mts, MTS, TICKETS4)
    assert (made["status"], made["severity"], made["dateFirstFound"]) == ("принята", "авария", MTS["dateFirstFound"])
    stand(house, made, Status.PENDING, "Какой порт?")
    place = f"{TICKETS4}/{made['id']}"
    assert mts.get(place).json()["status"] == "ожидание"
    assert mts.get(f"{TICKETS4}?status=ожидание&severity=авария").headers["x-total-count"] == "1"
    assert mts.patch(place, json={"status": "в работе"}).json()["status"] == "в работе"
    assert mts.patch(place, json={"status": "никакой"}).status_code == 400
    refused = mts.patch(place, content=b"{}", headers={"content-type": "application/merge-patch+json"})
    assert (refused.status_code, refused.headers["accept-patch"]) == (415, "application/json")


@pytest.mark.parametrize("name", ["priority", "dateFirstFound"])
def test_mts_must_send_what_its_contract_says(speaking: Any, name: str) -> None:
    answer = speaking("mts").post(TICKETS4, json={key: value for key, value in MTS.items() if key != name})
    assert (answer.status_code, answer.json()["code"]) == (400, "missingProperty")
    assert answer.json()["reason"] == f"{name} is mandatory: send it"


def test_megafon_is_known_by_the_number_in_its_characteristic(house: House, speaking: Any) -> None:
    megafon = speaking("megafon")
    sent = ticket(None, severity="1", ticketType="INC", troubleTicketCharacteristic=[NUMBER])
    made = create(megafon, sent)
    assert (made["severity"], made["ticketType"]) == ("1", "INC")
    assert create(megafon, sent) == made
    assert megafon.post(TICKETS, json={**sent, "severity": "3"}).status_code == 409
    with house.database.read() as tx:
        row = tx.one("SELECT external_id, resource FROM partner_tickets")
    assert row is not None
    assert row["external_id"] == "MF-9"
    assert json.loads(row["resource"])["severity"] == "Critical"
    other = {**NUMBER, "value": "MF-10"}
    patch = {"@type": "TroubleTicket", "troubleTicketCharacteristic": [other]}
    kind = {"content-type": "application/merge-patch+json"}
    assert megafon.patch(f"{TICKETS}/{made['id']}", content=json.dumps(patch), headers=kind).status_code == 400


@pytest.mark.parametrize(
    ("name", "sent", "number"),
    [("mts", MTS, "N-4"), ("megafon", ticket(None, severity="1", troubleTicketCharacteristic=[NUMBER]), "MF-9")],
)
def test_the_record_is_made_in_our_words(name: str, sent: dict[str, Any], number: str) -> None:
    [(partner, wired)] = example(name).partners.items()
    body = json.dumps(sent).encode()
    envelope = msgspec.structs.replace(CONTEXT.envelope, sender=partner, authenticated=partner)
    context = msgspec.structs.replace(
        CONTEXT, dialect=wired.dialect, envelope=envelope, channel=partner,
        original=OriginalRef(media_type=TICKET, size=len(body), sha256="0" * 64),
    )  # fmt: skip
    made = normalize(Job(content=body, media_type=TICKET, context=context)).record
    assert (made.external_id, made.urgency, made.order) == (number, Urgency.URGENT, Order.REPORT)
    assert (made.reporter.organization, made.reporter.messenger) == (partner, f"partner:{partner}")
    assert made.missing == ()
    assert made.partner is not None
    assert made.partner.name == partner


def test_words_of_what_is_not_told_are_refused(tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text("[partners.X.dialect.values.colour]\nred = 'blue'\n")
    with pytest.raises(BadWiring, match=r"dialect.values: no words of colour are told"):
        load(wiring)


def test_a_partner_is_no_channel_of_another_kind(tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text("[channels.X]\nkind = 'smtp'\n[partners.X]\n")
    with pytest.raises(BadWiring, match=r"partners.X: a channel is named so already"):
        load(wiring)


def test_a_key_that_is_no_setting_is_told_with_the_nearest(tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text("[partners.X.dialect]\nid_filed = 'n'\n")
    with pytest.raises(BadWiring, match="did you mean `id_field`"):
        load(wiring)
