"""Changing reports by the API: who may, on which version, and what follows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from desk.visit import hashed
from records.people import Role
from records.record import Evidence, Reporter
from records.words import Review
from storage import sessions
from tests.window.front import Client, Window

Opened = Callable[..., Window]
LIST = "/api/v1/reports"
SEEN = {"if-match": '"1"'}


def of(window: Window, number: str) -> Any:
    return window.client("clerk").get(f"{LIST}/{number}").json()


def test_a_field_is_corrected(either: Window) -> None:
    evidence = {"reporter.phone": Evidence(text="8 9l7 340", where="page 1", confidence=0.3, page=1, box=(1, 2, 3, 4))}
    number = either.report(
        reporter=Reporter(name="Иванов"), evidence=evidence, needs_review=(Review.LOW_OCR_CONFIDENCE,)
    )
    rings = either.rings
    patch = {"reporter": {"phone": "8 (917) 340-22-18"}, "affected": {"address": {"city": "Уфа"}}, "symptom": "slow"}
    answer = either.client("clerk").patch(
        f"{LIST}/{number}", json=patch, headers={**SEEN, "content-type": "application/merge-patch+json"}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    record = answer.json()["record"]
    assert record["reporter"] == {
        "name": "Иванов", "phone": "+79173402218", "email": None, "organization": None, "messenger": None,
    }  # fmt: skip
    assert (record["affected"]["address"]["city"], record["symptom"]) == ("Уфа", "slow")
    assert record["needs_review"] == []
    assert record["description"] == "Нет связи"
    assert either.rings > rings
    assert {row["author"] for row in either.rows("SELECT author FROM records WHERE version = 2")} == {"clerk"}


def test_null_empties_a_field_or_all_below_it(window: Window) -> None:
    number = window.report(reporter=Reporter(name="Иванов", phone="+79173402218", email="a@b.example"))
    patch = {"reporter": {"email": None}, "affected": {"address": None}, "description": None}
    record = window.client("clerk").patch(f"{LIST}/{number}", json=patch, headers=SEEN).json()["record"]
    assert (record["reporter"]["email"], record["description"]) == (None, None)
    assert record["missing"] == ["description"]


def test_what_the_machine_kept_is_not_refused_when_it_comes_back(window: Window) -> None:
    number = window.report(reporter=Reporter(name="И" * 400, phone="340-22-18"))
    patch = {"reporter": {"name": "И" * 400, "phone": "340-22-18"}, "symptom": "slow"}
    assert window.client("clerk").patch(f"{LIST}/{number}", json=patch, headers=SEEN).status_code == 200


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"reporter": {"phone": "12"}}, "reporter.phone"),
        ({"reporter": {"phone": 5}}, "reporter.phone"),
        ({"reporter": {"email": "a@@b"}}, "reporter.email"),
        ({"reporter": {"name": "x" * 301}}, "reporter.name"),
        ({"reporter": "Иванов"}, "reporter"),
        ({"since": "2999-01-01"}, "since"),
        ({"since": "^"}, "since"),
        ({"since": "0000-00-00"}, "since"),
        ({"order": None}, "order"),
        ({"order": "king"}, "order"),
        ({"repeated": "maybe"}, "repeated"),
        ({"reference": "17"}, "reference"),
        ({"language": "russian"}, "language"),
        ({"description": "x" * 200_001}, "description"),
        ({"id": "FR-2026-0000002"}, "id"),
        ({"received_at": "2020-01-01T00:00:00Z"}, "received_at"),
        ({"classification": {"decided_by": "senior"}}, "classification.decided_by"),
        ({"evidence": None}, "evidence"),
        ({"": {"": ""}}, "."),
    ],
)
def test_what_can_t_be_written_is_named_with_what_to_write(window: Window, patch: dict[str, Any], field: str) -> None:
    number = window.report()
    answer = window.client("clerk").patch(f"{LIST}/{number}", json=patch, headers=SEEN)
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {field}
    assert of(window, number)["version"] == 1


def test_a_change_names_the_version_that_was_seen(window: Window) -> None:
    number = window.report()
    clerk, patch = window.client("clerk"), {"description": "Нет связи второй день"}
    path = f"{LIST}/{number}"
    for nothing in ({}, {"if-match": "*"}, {"if-match": '"x"'}, {"if-match": 'W/"1"'}):
        assert clerk.patch(path, json=patch, headers=nothing).status_code == 428
    assert clerk.patch(path, json=patch, headers=SEEN).status_code == 200
    late = window.client("senior").patch(path, json={"symptom": "slow"}, headers=SEEN)
    assert (late.status_code, late.json()["version"]) == (412, 2)
    assert window.client("senior").post(f"{path}/refuse", json={}, headers=SEEN).status_code == 412


def test_a_record_is_written_where_the_machine_made_none(window: Window) -> None:
    number = window.arrive().id
    patch = {"reporter": {"name": "Иванов", "phone": "+79173402218"}, "description": "Нет связи"}
    answer = window.client("clerk").patch(f"{LIST}/{number}", json=patch, headers={"if-match": '"0"'})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert answer.json()["record"]["missing"] == []


def test_what_clerks_do(either: Window) -> None:
    clerk = either.client("clerk")
    refused = either.report(b"%PDF- 1")
    assert clerk.post(f"{LIST}/{refused}/refuse", json={"remark": "реклама"}, headers=SEEN).json()["version"] == 2
    assert of(either, refused)["record"]["order"] == "not_a_fault"
    urged = either.report(b"%PDF- 2")
    assert clerk.post(f"{LIST}/{urged}/urge", json={"urgency": "urgent"}, headers=SEEN).status_code == 200
    assert of(either, urged)["record"]["urgency"] == "urgent"
    passed = either.report(b"%PDF- 3")
    assert clerk.post(f"{LIST}/{passed}/pass-on", json={"reason": "не понимаю"}).status_code == 200
    assert (of(either, passed)["standing"]["level"], of(either, passed)["standing"]["remark"]) == (
        "senior",
        "не понимаю",
    )
    asked = either.report(b"%PDF- 4", reporter=Reporter(name="Иванов", email="ivan@mail.example"))
    assert clerk.post(f"{LIST}/{asked}/ask", json={"text": "Какой адрес?"}, headers=SEEN).status_code == 200
    assert of(either, asked)["standing"]["state"] == "asked"
    merged = either.report(b"%PDF- 5")
    assert clerk.post(f"{LIST}/{merged}/merge", json={"into": urged}, headers=SEEN).status_code == 200
    assert of(either, merged)["record"]["reference"] == urged
    copied = clerk.post(f"{LIST}/{urged}/split", json={}, headers={"if-match": '"2"'})
    assert (copied.status_code, copied.headers["location"]) == (201, f"{LIST}/{copied.json()['id']}")
    assert of(either, copied.json()["id"])["parent"] == urged
    done = [what for who, what in either.log() if who == "clerk" and what not in ("sign-in", "look")]
    assert done == ["refuse", "urge", "pass on", "ask", "merge", "split"]


@pytest.mark.parametrize(
    ("act", "body", "say"),
    [
        ("ask", {"text": " "}, "text"),
        ("ask", {"text": "x" * 10_001}, "text"),
        ("pass-on", {"reason": ""}, "reason"),
        ("refuse", {"remark": "x" * 2001}, "remark"),
        ("merge", {"into": "FR-2026-0000999"}, "into"),
        ("merge", {"into": "SELF"}, "into"),
        ("split", {"pages": [1]}, "pages"),
        ("split", {"pages": [0, -5]}, "pages"),
        ("urge", {"urgency": "very"}, "urgency"),
        ("urge", {}, ""),
        ("refuse", {"remark": 5}, "remark"),
        ("refuse", {"reason": "x"}, ""),
    ],
)
def test_acts_say_what_to_send(window: Window, act: str, body: dict[str, Any], say: str) -> None:
    number = window.report()
    body = {key: number if value == "SELF" else value for key, value in body.items()}
    answer = window.client("clerk").post(f"{LIST}/{number}/{act}", json=body, headers=SEEN)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert say in answer.json().get("errors", {say: 1})
    assert of(window, number)["version"] == 1


def test_nobody_can_be_asked_without_an_address(window: Window) -> None:
    number = window.report()
    answer = window.client("clerk").post(f"{LIST}/{number}/ask", json={"text": "Где?"}, headers=SEEN)
    assert (answer.status_code, "telephone" in answer.json()["detail"]) == (422, True)


def test_a_clerk_s_order_waits_for_a_senior(opened: Opened) -> None:
    window = opened(approval=True)
    number = window.report()
    path = f"{LIST}/{number}"
    window.client("clerk").patch(path, json={"symptom": "slow"}, headers=SEEN)
    assert of(window, number)["standing"]["state"] == "approval"
    second = {"if-match": '"2"'}
    senior = window.client("senior")
    assert senior.post(f"{path}/decline", json={}, headers=second).status_code == 422  # say why
    assert senior.post(f"{path}/approve", json={}, headers=second).status_code == 200
    assert senior.post(f"{path}/approve", json={}, headers=second).status_code == 422  # it waits no more
    own = window.report(b"%PDF- own")
    window.client("senior").patch(f"{LIST}/{own}", json={"symptom": "slow"}, headers=SEEN)
    assert of(window, own)["standing"]["state"] != "approval"  # a senior's needs no other


def test_nobody_approves_his_own(opened: Opened) -> None:
    window = opened(approval=True)
    number = window.report()
    path = f"{LIST}/{number}"
    window.client("clerk").patch(path, json={"symptom": "slow"}, headers=SEEN)
    window.database.write(lambda tx: tx.run("UPDATE people SET role = 'senior' WHERE login = 'clerk'"))
    answer = window.client("clerk").post(f"{path}/approve", json={}, headers={"if-match": '"2"'})
    assert answer.status_code == 403


#: Role by role: what each request answers. Whoever is nobody is told to sign in.
MATRIX = [
    ("GET", "/api/v1/reports", {}, {"clerk": 200}),
    ("GET", "/api/v1/counts", {}, {"clerk": 200}),
    ("GET", "/api/v1/reports/{number}", {}, {"clerk": 200}),
    ("PATCH", "/api/v1/reports/{number}", {"symptom": "slow"}, {"clerk": 200}),
    ("POST", "/api/v1/reports/{number}/pass-on", {"reason": "x"}, {"clerk": 200}),
    ("POST", "/api/v1/reports/{number}/approve", {}, {"clerk": 403, "senior": 422}),
    ("POST", "/api/v1/reports/{number}/decline", {"remark": "x"}, {"clerk": 403, "senior": 422}),
    ("GET", "/audit", None, {"clerk": 403, "senior": 403, "supervisor": 200}),
    ("GET", "/accounts", None, {"clerk": 403, "senior": 403, "supervisor": 403, "admin": 200}),
    ("POST", "/accounts", {}, {"clerk": 403, "senior": 403, "supervisor": 403, "admin": 422}),
    ("POST", "/accounts/1/close", {}, {"clerk": 403, "senior": 403, "supervisor": 403, "admin": 303}),
]


@pytest.mark.parametrize(("method", "path", "body", "answers"), MATRIX, ids=[f"{row[0]} {row[1]}" for row in MATRIX])
def test_each_role_may_what_it_may(
    window: Window, method: str, path: str, body: dict[str, str] | None, answers: dict[str, int]
) -> None:
    expected = 0
    for role in Role:
        expected = answers.get(role.value, expected)
        number = window.report(f"%PDF- {role}".encode())
        client = window.client(role.value)
        given: dict[str, Any] = {"json": body} if path.startswith("/api") else {"data": body or {}}
        if method == "GET":
            given = {}
        answer = client.request(method, path.format(number=number), headers=SEEN, **given)
        assert answer.status_code == expected, (role, answer.text[:300])
    nobody = window.client().request(method, path.format(number="FR-2026-0000001"))
    assert nobody.status_code == 401


def bearer(window: Window, login: str) -> Client:
    [row] = window.rows("SELECT id FROM people WHERE login = :login", login=login)
    give = partial(sessions.give_token, token=hashed("the token"), person=row["id"], at=window.now)
    window.database.write(give)
    return window.client(authorization="Bearer the token")


def test_a_program_signs_in_with_a_token(either: Window) -> None:
    number = either.report()
    program = bearer(either, "clerk")
    assert program.get(f"{LIST}/{number}").status_code == 200
    assert program.patch(f"{LIST}/{number}", json={"symptom": "slow"}, headers=SEEN).status_code == 200
    assert program.post(f"{LIST}/{number}/approve", json={}, headers=SEEN).status_code == 403
    assert either.client(authorization="Bearer another").get(f"{LIST}/{number}").status_code == 401
    assert either.client(authorization="Basic Y2xlcms6eA==").get(f"{LIST}/{number}").status_code == 401
    bearer(either, "clerk")
    assert len(either.rows("SELECT * FROM tokens")) == 1


def test_a_closed_account_s_token_is_void(window: Window) -> None:
    program = bearer(window, "clerk")
    [row] = window.rows("SELECT id FROM people WHERE login = 'clerk'")
    window.client("admin").post(f"/accounts/{row['id']}/close", data={})
    assert program.get(LIST).status_code == 401


def test_a_session_s_unsafe_requests_need_the_token_here_too(window: Window) -> None:
    number = window.report()
    clerk = window.client("clerk")
    del clerk.headers["x-csrf-token"]
    answer = clerk.patch(f"{LIST}/{number}", json={"symptom": "slow"}, headers=SEEN)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


@pytest.mark.parametrize("reference", ["FR-2026-0000999", "FR-2026-0000001"], ids=["not there", "itself"])
def test_a_follow_up_is_one_of_another_report(window: Window, reference: str) -> None:
    number, clerk = window.report(reporter=Reporter(), missing=("reporter.name",)), window.client("clerk")
    patch = {"order": "follow_up", "reference": reference}
    answer = clerk.patch(f"/api/v1/reports/{number}", json=patch, headers={"if-match": '"1"'})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["reference"])
    assert window.standing(1).settled_at is None
    other = window.report(b"%PDF-1.7 another")
    answer = clerk.patch(
        f"/api/v1/reports/{number}", json={**patch, "reference": other}, headers={"if-match": '"1"'}
    )  # fmt: skip
    assert answer.status_code == 200
