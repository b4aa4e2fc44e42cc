"""Create, read, list, delete: what a partner's program sees of TMF621."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from records.arrival import TryAgain
from records.media import TICKET
from records.status import Status
from storage import records, statuses
from storage.content import original
from tests.conftest import CORPORA, unavailable
from tests.partners.house import House, ticket
from tests.partners.window import TICKETS, TICKETS4

V4 = {"description": "Канал лежит", "severity": "Critical", "ticketType": "fault", "externalId": "N-4"}
EXAMPLES = CORPORA / "tmf621-examples"


@pytest.fixture
def north(house: House) -> TestClient:
    return house.client("north")


def create(client: TestClient, body: Any = None, path: str = TICKETS, **headers: str) -> dict[str, Any]:
    answer = client.post(path, json=body or ticket(), headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def report_of(made: dict[str, Any]) -> int:
    return int(made["id"].rpartition("-")[2])


def example(name: str) -> bytes:
    file = EXAMPLES / f"TroubleTicket_{name}_request.json"
    if not file.exists():
        unavailable(f"{file} is the TM Forum's file")
    return file.read_bytes()


def test_a_new_ticket_is_answered_with_its_number_and_kept_as_it_came(house: House, north: TestClient) -> None:
    body = json.dumps(ticket(status="inProgress", statusChangeReason="because")).encode()
    answer = north.post(TICKETS, content=body, headers={"content-type": "application/json"})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == made["href"] == f"https://tickets.example{TICKETS}/{made['id']}"
    assert (made["status"], "statusChangeReason" in made) == ("acknowledged", False)
    assert [one["id"] for one in made["externalIdentifier"]] == ["A-1", made["id"]]
    with house.database.read() as tx:
        kept = records.kept(tx, report_of(made))
        assert kept is not None
        assert original(tx, None, kept.sha256) == body
    assert (kept.channel, kept.media_type, kept.id) == ("north", TICKET, made["id"])
    assert (kept.envelope.authenticated, kept.due_at - kept.received_at) == ("north", timedelta(hours=2))
    assert house.rings == 1


def test_version_4_speaks_its_own_words(north: TestClient) -> None:
    party = {"id": "7", "@referredType": "Individual", "name": "Anna Brown", "role": "reporter"}
    entity = {"id": "CH-1", "@referredType": "Service", "role": "circuit"}
    answer = north.post(TICKETS4, json={**V4, "relatedParty": [party], "relatedEntity": [entity]})
    made = answer.json()
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert made["externalId"] == "N-4"
    assert [one["status"] for one in made["statusChange"]] == ["acknowledged"]
    assert {**party}.items() <= made["relatedParty"][0].items()
    assert {**entity}.items() <= made["relatedEntity"][0].items()


def test_a_ticket_of_one_version_is_read_in_the_other(north: TestClient) -> None:
    made = create(north, {**V4, "relatedParty": [{"id": "7", "@referredType": "Individual", "name": "A"}]}, TICKETS4)
    five = north.get(f"{TICKETS}/{made['id']}").json()
    assert five["externalIdentifier"][0]["id"] == "N-4"
    assert five["relatedParty"][0]["partyOrPartyRole"]["name"] == "A"
    made = create(north, ticket("A-5"))
    assert north.get(f"{TICKETS4}/{made['id']}").json()["externalId"] == "A-5"


@pytest.mark.parametrize("name", ["create_example"])
def test_official_examples_are_taken(north: TestClient, name: str) -> None:
    sent = json.loads(example(name))
    made = create(north, sent)
    assert made["relatedParty"] == sent["relatedParty"]
    assert made["note"] == [{**sent["note"][0], "source": "buyer"}]
    assert {key: made[key] for key in ("name", "description", "channel")} == {
        key: sent[key] for key in ("name", "description", "channel")
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/json", "partialupdate_example_application_json"),
        ("application/merge-patch+json", "partialupdate_example_application_merge_json"),
        ("application/json-patch+json", "partialupdate_example_application_json_patch"),
    ],
)
def test_official_examples_of_patches_are_taken(house: House, north: TestClient, kind: str, name: str) -> None:
    made = create(north, json.loads(example("create_example")))
    stand(house, made, Status.IN_PROGRESS)
    answer = north.patch(f"{TICKETS}/{made['id']}", content=example(name), headers={"content-type": kind})
    assert answer.status_code == 200, answer.text
    if "patch" in name:
        assert (answer.json()["severity"], len(answer.json()["note"])) == ("Minor", 2)
    else:
        assert answer.json()["status"] == "resolved"


def stand(house: House, made: dict[str, Any], to: Status, reason: str | None = None) -> None:
    house.now += timedelta(minutes=1)
    house.database.write(lambda tx: statuses.change(tx, report_of(made), to, house.now, "desk", reason))


def test_fields_gives_exactly_what_is_named(north: TestClient) -> None:
    made = create(north)
    assert north.get(f"{TICKETS}/{made['id']}?fields=status,severity").json() == {
        "status": "acknowledged", "severity": "Critical",
    }  # fmt: skip
    assert north.get(f"{TICKETS}?fields=id").json() == [{"id": made["id"]}]
    assert north.post(f"{TICKETS}?fields=id", json=ticket("A-2")).json().keys() == {"id"}
    assert north.get(f"{TICKETS}?fields=nothing").status_code == 400


def test_our_reasons_are_notes_and_dates_follow_the_status(house: House, north: TestClient) -> None:
    made = create(north, ticket(note=[{"@type": "Note", "text": "hurry"}]))
    stand(house, made, Status.PENDING, "Which port is it?")
    seen = north.get(f"{TICKETS}/{made['id']}").json()
    assert [(one["text"], one["source"]) for one in seen["note"]] == [
        ("hurry", "buyer"),
        ("Which port is it?", "seller"),
    ]
    assert (seen["status"], seen["statusChangeReason"]) == ("pending", "Which port is it?")
    assert "resolutionDate" not in seen
    stand(house, made, Status.RESOLVED)
    seen = north.get(f"{TICKETS}/{made['id']}").json()
    assert seen["resolutionDate"] == seen["statusChangeDate"] == seen["lastUpdate"] == "2026-11-27T09:02:00.000Z"
    assert [one["status"] for one in seen["statusChangeHistory"]] == ["acknowledged", "pending", "resolved"]


def test_the_content_of_an_attachment_is_kept_but_not_sent_back(north: TestClient) -> None:
    file = {
        "@type": "Attachment", "attachmentType": "photo", "mimeType": "image/png", "name": "r.png",
        "content": base64.b64encode(b"twelve bytes").decode(),
    }  # fmt: skip
    made = create(north, ticket(attachment=[file]))
    assert "content" not in made["attachment"][0]
    assert made["attachment"][0]["size"] == {"amount": 12, "units": "bytes"}


def test_a_large_ticket_lies_beside_the_archive(house: House, north: TestClient) -> None:
    made = create(north, ticket(description="x" * 300_000))
    with house.database.read() as tx:
        kept = records.kept(tx, report_of(made))
    assert kept is not None
    assert kept.size > 300_000


def test_nobody_sees_another_partner_s_ticket(house: House, north: TestClient) -> None:
    made = create(north)
    south, place = house.client("south"), f"{TICKETS}/{made['id']}"
    missing = south.get(f"{TICKETS}/FR-2026-0000999")
    for answer in (
        south.get(place), south.delete(place), south.patch(place, json={"@type": "TroubleTicket", "name": "x"}),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()) == (404, missing.json())
    assert south.get(TICKETS).json() == []
    assert create(south)["id"] != made["id"], "the same number of another partner is another ticket"


def test_a_deleted_ticket_is_withdrawn_and_seen_no_more(house: House, north: TestClient) -> None:
    made = create(north)
    place = f"{TICKETS}/{made['id']}"
    answer = north.delete(place)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (north.get(place).status_code, north.delete(place).status_code) == (404, 404)
    assert north.get(TICKETS).headers["x-total-count"] == "0"
    with house.database.read() as tx:
        assert statuses.status(tx, report_of(made)) is Status.CANCELLED
        told = records.kept(tx, report_of(made) + 1)
        assert told is not None
        assert told.envelope.about == made["id"]
        assert json.loads(original(tx, None, told.sha256))["change"]["status"] == "cancelled"
    assert north.post(TICKETS, json=ticket()).status_code == 409, "its number is taken"


def test_what_has_ended_is_deleted_without_a_word_to_the_desk(house: House, north: TestClient) -> None:
    made = create(north)
    stand(house, made, Status.CLOSED)
    assert north.delete(f"{TICKETS}/{made['id']}").status_code == 204
    with house.database.read() as tx:
        assert statuses.status(tx, report_of(made)) is Status.CLOSED
        assert records.kept(tx, report_of(made) + 1) is None


def test_trouble_of_ours_is_try_again(house: House, north: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise TryAgain("too little disk space is free", full=True)

    monkeypatch.setattr(house.reception, "accept_with", full)
    answer = north.post(TICKETS, json=ticket())
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (503, "5", "tryAgain")


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("PUT", TICKETS, {}, 405),
        ("DELETE", TICKETS, {}, 405),
        ("GET", "/tmf-api/troubleTicket/v3/troubleTicket", {}, 404),
        ("GET", TICKETS, {"headers": {"accept": "text/html"}}, 406),
        ("POST", TICKETS, {"content": b"<a/>", "headers": {"content-type": "application/xml"}}, 415),
        ("POST", TICKETS, {"content": b"{}", "headers": {"content-type": "application/json;charset=cp1251"}}, 415),
        ("POST", TICKETS, {"content": b"{}", "headers": {"content-encoding": "gzip"}}, 415),
        ("POST", TICKETS, {"content": b"{}"}, 400),
        ("POST", TICKETS, {"content": b"[]"}, 400),
    ],
)
def test_every_error_has_the_standard_s_body(
    north: TestClient, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = north.request(method, path, **options)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert {"@type", "code", "reason"} <= answer.json().keys()
    assert answer.json()["status"] == str(status)
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST"
    four = north.request(method, path.replace("/v5/", "/v4/"), **options)
    assert (four.status_code, "@type" in four.json()) == (status, "/v3/" in path)
