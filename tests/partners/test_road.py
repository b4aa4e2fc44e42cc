"""A partner's ticket in the running gateway: from his POST to a ticket of ours, and what he changes of it after."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.running import Running, command, eventually, json_lines
from tests.partners.house import ticket
from tests.partners.window import TICKETS, TICKETS4

TOKEN = "a token of the partner, long enough"
WIRING = """
[partner_api]
port = 0
[partners.north]
token = {{ file = "{folder}/token" }}
rule = 60
language = "en"
"""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "token").write_text(TOKEN)
    running = Running(tmp_path, WIRING.format(folder=tmp_path))
    running.start()
    yield running
    running.stop()


def ask(gateway: Running, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
    *_, address = [line.removeprefix("partners: ") for line in gateway.said if line.startswith("partners: ")]
    return httpx.request(method, address + path, json=body, headers={"authorization": f"Bearer {TOKEN}"}, timeout=60)


def records(gateway: Running) -> list[dict[str, Any]]:
    return json_lines(command("records", "--json", "--config", gateway.wiring).stdout)


def test_a_ticket_becomes_a_report_and_its_changes_its_follow_up_and_its_withdrawal(gateway: Running) -> None:
    made = ask(gateway, "POST", TICKETS, ticket("N-7", description="No link since 9, circuit 7")).json()
    ours = eventually(lambda: next((one for one in records(gateway) if one["order"] == "report"), None), "a record")
    assert (ours["id"], ours["external_id"], ours["channel"], ours["urgency"]) == (made["id"], "N-7", "north", "urgent")
    assert (ours["missing"], ours["reporter"]["messenger"]) == ([], "partner:north")
    assert ours["due_at"] > ours["received_at"]
    place = f"{TICKETS}/{made['id']}"
    note = {"@type": "TroubleTicket", "note": [{"@type": "Note", "text": "the lamp LOS is red"}]}
    assert ask(gateway, "PATCH", place, note).status_code == 200
    follow_up = eventually(lambda: next((one for one in records(gateway) if one["order"] == "follow_up"), None), "it")
    assert (follow_up["reference"], follow_up["description"]) == (made["id"], "the lamp LOS is red")
    assert "unverified_reference" not in follow_up["needs_review"]
    assert ask(gateway, "PATCH", place, {"@type": "TroubleTicket", "status": "cancelled"}).status_code == 200
    withdrawal = eventually(lambda: next((one for one in records(gateway) if one["order"] == "withdrawal"), None), "it")
    assert withdrawal["reference"] == made["id"]
    story = command("show", made["id"], "--config", gateway.wiring).stdout.decode()
    assert "status cancelled" in story
    assert ask(gateway, "GET", f"{TICKETS4}/{made['id']}").json()["status"] == "cancelled"


def test_what_was_answered_is_there_after_a_kill(gateway: Running) -> None:
    made = [ask(gateway, "POST", TICKETS, ticket(f"K-{place}")).json()["id"] for place in range(5)]
    [window] = gateway.family()["partners"]
    os.kill(window, signal.SIGKILL)
    eventually(lambda: len([line for line in gateway.said if line.startswith("partners: ")]) == 2, "it is open again")
    seen = ask(gateway, "GET", f"{TICKETS}?fields=id").json()
    assert [one["id"] for one in seen] == made
    assert ask(gateway, "POST", TICKETS, ticket("K-3")).json()["id"] == made[3]


def test_the_window_is_shut_where_nobody_is_wired(tmp_path: Path) -> None:
    running = Running(tmp_path)
    running.start()
    assert not [line for line in running.said if line.startswith("partners")]
    told = command("check", "--config", running.wiring).stdout.decode()
    running.stop()
    assert "ok    partners: closed: nobody is wired" in told


def test_check_tells_whether_the_window_is_or_can_be_opened(gateway: Running) -> None:
    told = command("check", "--config", gateway.wiring).stdout.decode()
    assert "ok    partners: http://127.0.0.1:0 can be opened for north" in told
