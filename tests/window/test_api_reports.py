"""The API's reading side: the queue, a report, its original and pages; and that problems are problem details."""

from collections.abc import Callable
from typing import Any

import pytest

from records.deliveries import Delivery, Ticket, Verb
from records.record import Reporter
from records.words import Service
from storage.deliveries import add_delivery
from storage.extents import Extent, set_extent
from storage.rows import micros
from tests.outbox.situations import fault_record
from tests.window.front import HTML, Window

Opened = Callable[..., Window]
LIST = "/api/v1/reports"
PROBLEM = "application/problem+json"


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["reports"]]


def test_the_queue_is_paged_and_filtered(either: Window) -> None:
    window = either
    made = []
    for place in range(5):
        made.append(window.report(b"%%PDF- %d" % place, service=Service.IPTV if place % 2 else None))
        window.later(minutes=1)
    clerk = window.client("clerk")
    first = clerk.get(LIST, params={"limit": 2})
    assert numbers(first) == made[:2]
    second = clerk.get(LIST, params={"limit": 2, "cursor": first.json()["next"]})
    third = clerk.get(LIST, params={"limit": 2, "cursor": second.json()["next"]})
    assert (numbers(second), numbers(third)) == (made[2:4], made[4:])
    assert third.json()["next"] is None
    assert numbers(clerk.get(LIST, params={"service": "iptv"})) == made[1::2]
    assert numbers(clerk.get(LIST, params={"state": ["asked", "settled"]})) == []
    assert numbers(clerk.get(LIST, params={"taken_by": "x\0", "channel": "\0"})) == []
    counts = clerk.get("/api/v1/counts").json()
    assert (counts["total"], counts["overdue"]) == (5, 0)


def test_search(either: Window) -> None:
    number = either.report(reporter=Reporter(name="Соколова Галина"))
    clerk = either.client("clerk")
    assert numbers(clerk.get(LIST, params={"q": "сокол"})) == [number]
    assert numbers(clerk.get(LIST, params={"q": number})) == [number]
    for strange in ("%", "_", "\\", "' OR 1=1", "\0", "x" * 1000, '"', "*", "AND", "NEAR(", "(" * 500):
        assert numbers(clerk.get(LIST, params={"q": strange})) in ([], [number])


def test_a_report(window: Window) -> None:
    number = window.report()
    answer = window.client("clerk").get(f"{LIST}/{number.lower()}")
    assert answer.headers["etag"] == '"1"'
    found = answer.json()
    assert (found["id"], found["version"], found["media_type"]) == (number, 1, "application/pdf")
    assert found["record"]["reporter"] == {
        "name": "Иванов Иван", "phone": "+79173402218", "email": None, "organization": None, "messenger": None,
    }  # fmt: skip
    assert found["standing"]["id"] == number


def test_a_report_that_is_not_read_yet(window: Window) -> None:
    number = window.arrive().id
    found = window.client("clerk").get(f"{LIST}/{number}").json()
    assert (found["version"], found["record"], found["standing"]["state"]) == (0, None, "unread")


def test_its_status_and_orders(window: Window) -> None:
    number = window.report()
    ticket = Ticket(external_id=number, record=fault_record(1), text="")
    what = Delivery(id=0, report=1, verb=Verb.CREATE, backend="rt", key="k", ticket=ticket)
    window.database.write(lambda tx: add_delivery(tx, what, micros(window.now)))
    told = window.client("clerk").get(f"{LIST}/{number}/orders").json()
    made = "2026-11-27T09:00:00Z"
    assert told == {"id": number, "status": "acknowledged", "orders": [
        {"order": "dispatch", "original": number, "report": number, "backend": "rt", "made_at": made,
         "state": "waiting", "ticket": None, "reason": None},
    ]}  # fmt: skip


def test_its_story(window: Window) -> None:
    number = window.report()
    told = window.client("clerk").get(f"{LIST}/{number}/story").json()
    assert [one["what"] for one in told["story"]][:1] == ["arrived"]


def test_the_original_is_saved_and_never_opened(window: Window) -> None:
    page = b"%PDF-1.7 <script>alert(1)</script>"
    number = window.report(page)
    answer = window.client("clerk").get(f"{LIST}/{number}/original")
    assert answer.content == page
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{number}.pdf"')
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_pages_are_pictures_that_we_made(window: Window) -> None:
    number = window.report()
    clerk = window.client("clerk")
    assert clerk.get(f"{LIST}/{number}/pages").json() == {"pages": [1, 2, 3]}
    answer = clerk.get(f"{LIST}/{number}/pages/2", params={"rotation": 90, "width": 800})
    assert (answer.headers["content-type"], answer.headers["x-pages"]) == ("image/png", "3")
    assert (answer.headers["x-width"], answer.headers["x-height"]) == ("800", "90")
    for wrong in ({"rotation": 45}, {"rotation": 360}, {"width": 1}, {"width": 10**9}, {"width": "x"}):
        assert clerk.get(f"{LIST}/{number}/pages/1", params=wrong).status_code == 422
    for page in (0, 4, -1, 10**20):
        assert clerk.get(f"{LIST}/{number}/pages/{page}").status_code == 404
    deadly = window.report(b"%PDF- deadly")
    assert "Download the original" in clerk.get(f"{LIST}/{deadly}/pages/1").json()["detail"]
    mail = window.arrive(b"From: a", "message/rfc822").id
    assert clerk.get(f"{LIST}/{mail}/pages").json() == {"pages": []}


def test_the_pages_of_another_report_of_the_stack_are_not_shown(window: Window) -> None:
    number = window.report()
    row = int(number[-7:])
    window.database.write(lambda tx: set_extent(tx, row, Extent(pages=(2, 3))))
    clerk = window.client("clerk")
    assert clerk.get(f"{LIST}/{number}/pages").json() == {"pages": [2, 3]}
    assert clerk.get(f"{LIST}/{number}/pages/1").status_code == 404
    assert clerk.get(f"{LIST}/{number}/pages/2").status_code == 200


@pytest.mark.parametrize(
    "number", ["FR-2026-0000999", "FR-2025-0000001", "1", "FR-2026-99999999999999999999", "x", "%00"]
)
def test_numbers_that_are_none(window: Window, number: str) -> None:
    window.report()
    clerk = window.client("clerk")
    for path in ("", "/story", "/orders", "/original", "/pages", "/pages/1"):
        answer = clerk.get(f"{LIST}/{number}{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM), path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("DELETE", "/api/v1/reports", 405),
        ("PUT", "/api/v1/reports/FR-2026-0000001", 405),
        ("GET", "/api/v1/reports?limit=0", 422),
        ("GET", "/api/v1/reports?limit=999", 422),
        ("GET", "/api/v1/reports?state=lost", 422),
        ("GET", "/api/v1/reports?cursor=x", 422),
        ("GET", "/api/v1/reports?cursor=99999999999999999999-1", 422),
        ("POST", "/api/v1/reports", 415),
    ],
)
def test_problems_are_problem_details(window: Window, method: str, path: str, status: int) -> None:
    answer = window.client("clerk", **HTML).request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    told = answer.json()
    assert (told["status"], told["type"]) == (status, "about:blank")
    assert told["title"]


def test_who_is_nobody_gets_nothing(window: Window) -> None:
    number = window.report()
    for path in (LIST, "/api/v1/counts", f"{LIST}/{number}", f"{LIST}/{number}/original", f"{LIST}/{number}/pages/1"):
        answer = window.client(**HTML).get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
        assert "bearer" in answer.headers["www-authenticate"].lower()


def test_a_fault_of_ours_is_a_problem_too_and_tells_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Соколова, +79173402218")

    monkeypatch.setattr("desk.actions.counted", broken)
    answer = window.client("clerk").get("/api/v1/counts")
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert "Соколова" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_trouble_that_passes_asks_to_come_again(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    from records.arrival import TryAgain

    def busy(*_: object) -> None:
        raise TryAgain("locked")

    monkeypatch.setattr("desk.actions.counted", busy)
    answer = window.client("clerk").get("/api/v1/counts")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_the_document_tells_every_path_and_every_noun(window: Window) -> None:
    told = window.client().get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.")
    assert set(told["paths"]) >= {LIST, f"{LIST}/{{number}}", f"{LIST}/{{number}}/approve", "/api/v1/counts"}
    known = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert set(refs(told)) <= known
    assert "FaultRecord" in told["components"]["schemas"]
    for path in told["paths"].values():
        for operation in path.values():
            assert operation["summary"]


def refs(told: Any) -> list[str]:
    if isinstance(told, dict):
        own = [told["$ref"]] if isinstance(told.get("$ref"), str) else []
        return own + [one for value in told.values() for one in refs(value)]
    return [one for value in told for one in refs(value)] if isinstance(told, list) else []
