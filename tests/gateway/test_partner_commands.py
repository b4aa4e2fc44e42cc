"""What `faultgate check` and `faultgate replay-events` say of partners; and events of a gateway that runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from standardwebhooks import Webhook

from config.settings import Settings
from gateway.partner_commands import check
from records.arrival import TryAgain
from storage.database import Database
from tests.gateway.running import Running, command, eventually
from tests.partners.house import WEBHOOK, ticket
from tests.partners.window import TICKETS
from tests.web.listening import Heard, listening

TOKEN = "a token that is long enough"
HUB = "/tmf-api/troubleTicket/v5/hub"


def wired(folder: Path, text: str, **secrets: str) -> Settings:
    for name, secret in secrets.items():
        (folder / name).write_text(secret)
    return msgspec.toml.decode(text.replace("FOLDER", str(folder)), type=Settings)


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_what_of_a_partner_can_not_be_used_is_told_with_the_remedy(database: Database, tmp_path: Path) -> None:
    nobody = wired(tmp_path, "[partners.north]")
    with pytest.raises(LookupError, match=r"nobody can prove to be north: give partners\.north\.token, client_secret"):
        check(nobody, database, "north")
    short = wired(tmp_path, "[partners.north]\ntoken = { file = 'FOLDER/a' }", a="short")
    with pytest.raises(LookupError, match=r"partners\.north\.token can't be used: give a secret of 16"):
        check(short, database, "north")
    unsigned = "[partners.north]\ntoken = { file = 'FOLDER/b' }\nevents = { secret = { file = 'FOLDER/c' } }"
    with pytest.raises(TryAgain, match=r"partners\.north\.events\.secret: write whsec_"):
        check(wired(tmp_path, unsigned, b=TOKEN, c="no key"), database, "north")
    good = check(wired(tmp_path, unsigned, b=TOKEN, c=WEBHOOK), database, "north")
    assert good == "gets in by token; subscriptions: 0, events on their way: 0"


def test_an_unknown_partner_is_told(tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text(f"[gateway]\ndata = '{tmp_path}/data'\n[partners.north]\n")
    told = command("replay-events", "--config", wiring, "south")
    assert (told.returncode, told.stderr) == (1, b"faultgate: no partner is named south: there are north\n")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def running(tmp_path: Path, heard: Heard) -> Iterator[tuple[Running, str]]:
    """A gateway with one partner, and the address of his listener."""
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "events").write_text(WEBHOOK)
    gateway = Running(
        tmp_path,
        "[partner_api]\nport = 0\nallow_callbacks = ['localhost']\n"
        f"[partners.north]\ntoken = {{ file = '{tmp_path}/token' }}\n"
        f"[partners.north.events]\nsecret = {{ file = '{tmp_path}/events' }}\n",
    )
    with listening(heard) as port:
        gateway.start()
        yield gateway, f"http://localhost:{port}/tmf"
        assert gateway.stop() == 0


def test_a_partner_hears_of_his_ticket_from_a_gateway_that_runs(running: tuple[Running, str], heard: Heard) -> None:
    gateway, callback = running
    address = next(line for line in gateway.said if line.startswith("partners: ")).removeprefix("partners: ")
    north = httpx.Client(base_url=address, headers={"authorization": f"Bearer {TOKEN}"}, timeout=60)
    assert north.post(HUB, json={"@type": "Hub", "callback": callback}).status_code == 201
    made: dict[str, Any] = north.post(TICKETS, json=ticket()).json()
    eventually(lambda: heard.asked, "an event")
    [created] = [Webhook(WEBHOOK).verify(one.body, one.headers) for one in heard.asked[:1]]
    assert created["eventType"] == "TroubleTicketCreateEvent"
    assert created["event"]["troubleTicket"]["id"] == made["id"]

    told = gateway.command("check").stdout.decode()
    assert "ok    partner north: gets in by token; subscriptions: 1" in told
    again = gateway.command("replay-events", "north", "--since", "2026-01-01")
    assert again.stdout.decode().endswith("events are on their way to north\n")
    eventually(lambda: len([one for one in heard.asked if b"CreateEvent" in one.body]) == 2, "the event again")
    ids = {one.headers["webhook-id"] for one in heard.asked if b"CreateEvent" in one.body}
    assert ids == {created["eventId"]}
