"""A ticket is taken once, however often and however fast it is sent."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from config.settings import Gateway, Storage
from records.status import Status
from storage.database import Database
from storage.opening import open_database
from tests.partners.house import House, secret, ticket
from tests.partners.test_tickets import V4, report_of, stand
from tests.partners.window import TICKETS, TICKETS4, open_window

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


@pytest.fixture
def north(house: House) -> TestClient:
    return house.client("north")


def reports(house: House) -> int:
    with house.database.read() as tx:
        row = tx.one("SELECT COUNT(*) AS n FROM reports")
    return int(row["n"]) if row else 0


def send(url: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    """Send a ticket on a connection of its own."""
    headers["authorization"] = f"Bearer {secret('token', 'north')}"
    return httpx.post(url + TICKETS, json=body, headers=headers, timeout=60)


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": f'"{KEY}"'}])
@pytest.mark.parametrize("number", ["A-1", None])
def test_fifty_at_once_are_one_ticket_and_fifty_equal_answers(
    house: House, number: str | None, headers: dict[str, str]
) -> None:
    with open_window(house) as url, ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: send(url, ticket(number), **headers), range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert reports(house) == 1


def test_two_gateways_take_the_same_ticket_once(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path
) -> None:
    """Each with its own connections to the same archive."""
    other = open_database(*profile)
    houses = [House(profile, one, tmp_path) for one in (database, other)]
    with ExitStack() as stack, ThreadPoolExecutor(40) as pool:
        urls = [stack.enter_context(open_window(one)) for one in houses]
        answers = list(pool.map(lambda place: send(urls[place % 2], ticket()), range(40)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert reports(houses[0]) == 1
    other.close()


def test_the_same_number_with_other_words_is_a_conflict(house: House, north: TestClient) -> None:
    first = north.post(TICKETS, json=ticket())
    again = north.post(TICKETS, content=first.request.content + b"  ", headers={"content-type": "application/json"})
    assert (again.status_code, again.json()) == (201, first.json()), "how it is spaced makes no difference"
    other = north.post(TICKETS, json=ticket(severity="Minor"))
    assert (other.status_code, other.json()["code"]) == (409, "externalIdInUse")
    assert reports(house) == 1


@pytest.mark.parametrize("again", [KEY, f'"{KEY}"'])
def test_a_key_that_came_before_brings_its_answer_again(house: House, north: TestClient, again: str) -> None:
    first = north.post(TICKETS, json=ticket(None), headers={"idempotency-key": f'"{KEY}"'})
    stand(house, first.json(), Status.IN_PROGRESS, "we are at it")
    replay = north.post(TICKETS, json=ticket(None), headers={"idempotency-key": again})
    assert (replay.status_code, replay.text) == (201, first.text)
    other = north.post(TICKETS, json=ticket(None, severity="Minor"), headers={"idempotency-key": again})
    assert (other.status_code, other.json()["code"]) == (422, "keyReused")
    south = house.client("south").post(TICKETS, json=ticket(None), headers={"idempotency-key": again})
    assert south.json()["id"] != first.json()["id"], "another partner's key is another key"


def test_another_key_with_the_same_number_is_the_same_ticket(north: TestClient) -> None:
    first = north.post(TICKETS, json=ticket(), headers={"idempotency-key": "one"})
    assert north.post(TICKETS, json=ticket(), headers={"idempotency-key": "two"}).json() == first.json()


def test_without_a_number_a_resend_is_known_by_its_bytes_and_a_new_key_makes_a_new_ticket(north: TestClient) -> None:
    first = north.post(TICKETS, json=ticket(None))
    assert north.post(TICKETS, json=ticket(None)).json() == first.json()
    fresh = north.post(TICKETS, json=ticket(None), headers={"idempotency-key": "a new one"})
    assert fresh.status_code == 400, "blanks stand in quotation marks"
    fresh = north.post(TICKETS, json=ticket(None), headers={"idempotency-key": '"a new one"'})
    assert fresh.json()["id"] != first.json()["id"]


def test_without_a_number_what_was_deleted_may_be_sent_again(north: TestClient) -> None:
    first = north.post(TICKETS, json=ticket(None)).json()
    assert north.delete(f"{TICKETS}/{first['id']}").status_code == 204
    assert north.post(TICKETS, json=ticket(None)).json()["id"] != first["id"]


def test_a_change_with_a_key_is_made_once(house: House, north: TestClient) -> None:
    made = north.post(TICKETS4, json=V4).json()
    place, note = f"{TICKETS4}/{made['id']}", {"note": [{"text": "any news?"}]}
    for _ in range(2):
        answer = north.patch(place, json=note, headers={"idempotency-key": KEY})
        assert [one["text"] for one in answer.json()["note"]] == ["any news?"]
    assert reports(house) == 2
    assert north.patch(place, json=note).json()["note"][1]["text"] == "any news?", "without a key it is said again"
    assert north.patch(place, json={"name": "x"}, headers={"idempotency-key": KEY}).status_code == 422
    for _ in range(2):
        assert north.delete(place, headers={"idempotency-key": "gone"}).status_code == 204


def test_twenty_notes_at_once_are_all_kept(house: House, north: TestClient) -> None:
    made = north.post(TICKETS, json=ticket()).json()
    headers = {"authorization": f"Bearer {secret('token', 'north')}"}

    def add(place: int) -> int:
        note = {"@type": "TroubleTicket", "note": [{"@type": "Note", "text": f"note {place}"}]}
        for _ in range(20):
            answer = httpx.patch(f"{url}{TICKETS}/{made['id']}", json=note, headers=headers, timeout=60)
            if answer.status_code != 409:
                return answer.status_code
        return 409

    with open_window(house) as url, ThreadPoolExecutor(10) as pool:
        assert set(pool.map(add, range(20))) == {200}
        seen = httpx.get(f"{url}{TICKETS}/{made['id']}", headers=headers).json()
    assert {one["text"] for one in seen["note"]} == {f"note {place}" for place in range(20)}
    assert len({one["id"] for one in seen["note"]}) == 20
    assert reports(house) == 21
    assert report_of(seen) == report_of(made)
