"""PATCH: what a partner may change of his ticket, in every kind of patch, and what the desk hears of it."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from records.status import Status
from storage import records, statuses
from storage.content import original
from tests.partners.house import House, ticket
from tests.partners.test_tickets import V4, create, report_of, stand
from tests.partners.window import TICKETS, TICKETS4

MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"
QUERY = "application/json-patch-query+json"
NOTE = {"@type": "Note", "text": "still down"}


@pytest.fixture
def north(house: House) -> TestClient:
    return house.client("north")


def change(client: TestClient, made: dict[str, Any], patch: object, kind: str = MERGE, path: str = TICKETS) -> Any:
    if isinstance(patch, dict) and path == TICKETS:
        patch = {"@type": "TroubleTicket", **patch}
    return client.patch(f"{path}/{made['id']}", content=json.dumps(patch), headers={"content-type": kind})


def heard(house: House, number: int) -> dict[str, Any] | None:
    """Give what the desk was told by the report in this row."""
    with house.database.read() as tx:
        kept = records.kept(tx, number)
        return json.loads(original(tx, None, kept.sha256)) if kept else None


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        ("application/json", {"severity": "Minor", "note": [NOTE]}),
        (MERGE, {"severity": "Minor", "note": [NOTE]}),
        (JSON_PATCH, [{"op": "replace", "path": "/severity", "value": "Minor"},
                      {"op": "add", "path": "/note/-", "value": NOTE}]),
        (JSON_PATCH, [{"op": "replace", "path": "/severity", "value": "Minor"},
                      {"op": "add", "path": "/note", "value": NOTE}]),
        (QUERY, [{"op": "test", "path": "/note?id=1/text", "value": "hurry"},
                 {"op": "replace", "path": "/severity", "value": "Minor"},
                 {"op": "copy", "from": "/note/0", "path": "/note/-"},
                 {"op": "replace", "path": "/note/1/text", "value": "still down"}]),
    ],
)  # fmt: skip
def test_every_kind_of_patch_changes_and_adds(house: House, north: TestClient, kind: str, patch: object) -> None:
    made = create(north, ticket(note=[{"@type": "Note", "text": "hurry"}]))
    answer = change(north, made, patch, kind)
    assert answer.status_code == 200, answer.text
    assert answer.json()["severity"] == "Minor"
    notes = answer.json()["note"]
    assert [(one["text"], one["id"], one["source"]) for one in notes] == [
        ("hurry", "1", "buyer"), ("still down", notes[1]["id"], "buyer"),
    ]  # fmt: skip
    assert len({one["id"] for one in notes}) == 2
    assert answer.json() == north.get(f"{TICKETS}/{made['id']}").json()
    told = heard(house, report_of(made) + 1)
    assert told is not None
    assert told["body"] == json.loads(answer.request.content)
    assert (told["change"]["severity"], [one["text"] for one in told["change"]["note"]]) == ("Minor", ["still down"])
    assert told["change"]["externalIdentifier"] == [{"id": "A-1"}]


def test_what_the_desk_need_not_hear_is_only_told_in_the_story(house: House, north: TestClient) -> None:
    made = create(north)
    assert change(north, made, {"name": "circuit 7"}).json()["name"] == "circuit 7"
    assert heard(house, report_of(made) + 1) is None
    with house.database.read() as tx:
        row = tx.one("SELECT actor, what, detail FROM events WHERE report = :report", report=report_of(made))
    assert row is not None
    assert (row["actor"], row["what"], row["detail"]) == ("north", "changed by partner", "name")


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"id": "FR-2026-0000009"}, "notPatchable"),
        ({"creationDate": "2026-11-27T09:00:01.000Z"}, "notPatchable"),
        ({"statusChangeHistory": []}, "notPatchable"),
        ({"lastUpdate": None}, "notPatchable"),
        ({"note": None}, "notPatchable"),
        ({"note": [{"@type": "Note", "id": "1", "text": "other words"}]}, "notPatchable"),
        ({"externalIdentifier": [{"@type": "ExternalIdentifier", "id": "B-9"}]}, "notPatchable"),
        ({"description": None}, "missingProperty"),
        ({"@type": None}, "notPatchable"),
        ({"status": "mended"}, "invalidValue"),
        ({"statusChangeReason": "because"}, "invalidValue"),
        ({"severity": 1}, "invalidValue"),
        ({"requestedResolutionDate": "tomorrow"}, "invalidValue"),
        ([1], "invalidBody"),
    ],
)
def test_what_is_not_his_to_change_is_refused(embedded: House, patch: object, code: str) -> None:
    north = embedded.client("north")
    made = create(north, ticket(note=[{"@type": "Note", "text": "hurry"}]))
    before = north.get(f"{TICKETS}/{made['id']}").json()
    answer = change(north, made, patch)
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    assert north.get(f"{TICKETS}/{made['id']}").json() == before


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ([{"op": "remove", "path": "/note/0"}], 400),
        ([{"op": "replace", "path": "/note/0/text", "value": "other"}], 400),
        ([{"op": "replace", "path": "/nothing", "value": "x"}], 400),
        ([{"op": "add", "path": "/note/7", "value": NOTE}], 400),
        ([{"op": "add", "path": "note", "value": NOTE}], 400),
        ([{"op": "add", "path": "/severity/x/y", "value": "x"}], 400),
        ([{"op": "add", "path": "/severity"}], 400),
        ([{"op": "grow", "path": "/severity"}], 400),
        ([{"op": "move", "from": "/description", "path": "/name"}], 400),
        ([{"op": "remove", "path": ""}], 400),
        ([{"path": "/severity"}], 400),
        ([{"op": "test", "path": "/severity", "value": "Minor"}], 409),
        ([{"op": "test", "path": "/severity", "value": "Critical"}] * 101, 400),
        ({"severity": "Minor"}, 400),
    ],
)
def test_a_json_patch_that_can_t_be_carried_out_is_refused(embedded: House, patch: object, status: int) -> None:
    north = embedded.client("north")
    made = create(north, ticket(note=[{"@type": "Note", "text": "hurry"}]))
    answer = north.patch(
        f"{TICKETS}/{made['id']}", content=json.dumps(patch), headers={"content-type": JSON_PATCH}
    )  # fmt: skip
    assert answer.status_code == status, answer.text
    assert {"code", "reason"} <= answer.json().keys()


def test_doubling_by_copies_ends(embedded: House) -> None:
    north = embedded.client("north")
    made = create(north, ticket(note=[{"@type": "Note", "text": "x" * 2000}]))
    patch = [{"op": "copy", "from": "/note", "path": "/note/-"}] * 100
    assert change(north, made, patch, JSON_PATCH).status_code == 400


def test_what_was_read_may_be_sent_back_as_it_was(house: House, north: TestClient) -> None:
    made = create(north, ticket(note=[{"@type": "Note", "text": "hurry"}]))
    stand(house, made, Status.PENDING, "Which port?")
    seen = north.get(f"{TICKETS}/{made['id']}").json()
    answer = change(north, made, {**seen, "name": "circuit 7"}, "application/json")
    assert answer.status_code == 200, answer.text
    assert [one["text"] for one in answer.json()["note"]] == ["hurry", "Which port?"]
    four = north.get(f"{TICKETS4}/{made['id']}").json()
    answer = change(north, made, {**four, "name": "circuit 8"}, "application/json", TICKETS4)
    assert (answer.status_code, answer.json()["name"]) == (200, "circuit 8"), answer.text


@pytest.mark.parametrize(
    ("stands", "to", "status"),
    [
        (None, "cancelled", 200), (None, "resolved", 409), (None, "acknowledged", 200),
        (Status.IN_PROGRESS, "cancelled", 200), (Status.IN_PROGRESS, "closed", 409),
        (Status.PENDING, "inProgress", 200), (Status.RESOLVED, "closed", 200), (Status.RESOLVED, "inProgress", 200),
        (Status.RESOLVED, "cancelled", 409), (Status.CLOSED, "inProgress", 409), (Status.CANCELLED, "inProgress", 409),
        (Status.REJECTED, "closed", 409),
    ],
)  # fmt: skip
def test_a_partner_gives_only_the_status_that_is_his_to_give(
    embedded: House, stands: Status | None, to: str, status: int
) -> None:
    house, north = embedded, embedded.client("north")
    made = create(north)
    if stands is not None:
        stand(house, made, stands)
    answer = change(north, made, {"status": to})
    assert answer.status_code == status, answer.text
    if status == 409:
        assert "can't become" in answer.json()["reason"]
    with house.database.read() as tx:
        expected = Status(to) if status == 200 else stands or Status.ACKNOWLEDGED
        assert statuses.status(tx, report_of(made)) is expected


def test_a_cancelled_ticket_is_a_withdrawal_of_the_report(house: House, north: TestClient) -> None:
    made = create(north)
    answer = change(north, made, {"status": "cancelled", "statusChangeReason": "it works again"})
    assert (answer.json()["status"], answer.json()["statusChangeReason"]) == ("cancelled", "it works again")
    told = heard(house, report_of(made) + 1)
    assert told is not None
    assert told["change"] == {
        "externalIdentifier": [{"id": "A-1"}], "status": "cancelled", "statusChangeReason": "it works again",
    }  # fmt: skip
    with house.database.read() as tx:
        kept = records.kept(tx, report_of(made) + 1)
    assert kept is not None
    assert kept.envelope.about == made["id"]


def test_version_4_adds_what_version_5_can_show(north: TestClient) -> None:
    made = create(north, V4, TICKETS4)
    change(north, made, {"note": [{"text": "ещё лежит"}]}, "application/json", TICKETS4)
    assert north.get(f"{TICKETS}/{made['id']}").json()["note"][0]["@type"] == "Note"
    for other in ("other", None):
        assert change(north, made, {"externalId": other}, MERGE, TICKETS4).status_code == 400


def test_kinds_that_are_not_taken_are_named(embedded: House) -> None:
    north = embedded.client("north")
    made = create(north)
    answer = change(north, made, {}, "text/plain")
    assert answer.status_code == 415
    assert MERGE in answer.headers["accept-patch"]
    assert north.patch(f"{TICKETS}/{made['id']}", json={"name": "x"}).json()["code"] == "missingProperty", "@type"
