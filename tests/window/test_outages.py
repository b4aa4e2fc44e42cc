"""Mass outages at the desk: who sees them and who decides, what a senior must say, the API, and monitoring's hook."""

import base64
import json
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from config.secrets import Secret
from config.settings import Builtin, Monitoring, Settings
from desk.app import app
from gateway import registers
from records.outage import Outage, OutageState
from records.registers import Node
from records.words import Service
from storage import outages
from tests.window.front import HTML, Window

WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()
TREE = [
    Node(id="centre"), Node(id="south", parent="centre", name="South"),
    Node(id="campus", parent="south", kind="campus", name="Green Street"),
    *(Node(id=f"h{number}", parent="campus", subscribers=60) for number in range(4)),
]  # fmt: skip
PATH = ("campus", "south", "centre")
URL = "/api/v1/outages/1"
TERMS = {"cause": "cable", "expected_end": "2026-11-27T15:00:00+03:00"}
CONFIRM = {**TERMS, "act": "confirm"}


def suspected(window: Window) -> list[str]:
    """An outage of two reports, and a third report that is none of it."""
    registers.keep(window.database, "nodes", TREE, "test", window.now)
    numbers = [window.report(f"letter {n}".encode(), service=Service.BROADBAND) for n in range(3)]
    rows = [int(one.rpartition("-")[2]) for one in numbers]
    for place, report in enumerate(rows[:2]):
        sight = partial(outages.sighted, report=report, at=window.now, who=str(report), path=(f"h{place}", *PATH))
        window.database.write(sight)
    one = Outage(
        id=0, node="campus", name="campus Green Street", path=PATH, state=OutageState.SUSPECTED, since=window.now,
        seen_at=window.now, score=20.5, expected=0.03,
    )  # fmt: skip
    window.database.write(partial(outages.open_outage, outage=one, reports=rows[:2]))
    return numbers


def state(window: Window) -> str:
    return str(window.rows("SELECT state FROM outages")[0]["state"])


def test_everybody_sees_it_and_the_bell_and_only_seniors_decide(window: Window) -> None:
    first, second, _ = suspected(window)
    clerk = window.client("clerk", **HTML)
    assert 'href="/outages/1"' in clerk.get("/").text
    assert "campus Green Street" in clerk.get("/outages").text
    page = clerk.get("/outages/1").text
    assert first in page
    assert second in page
    assert "h3" in page  # a house below it of which nobody wrote
    assert "South" in page
    assert "score 20.5" in page
    assert 'id="confirm"' not in page
    for act in ("confirm", "dismiss", "end", "reports", f"reports/{first}/out"):
        assert clerk.post(f"/outages/1/{act}", data=CONFIRM).status_code == 403
    for act in ("confirm", "dismiss", "end", "reports"):
        assert clerk.post(f"{URL}/{act}", json=TERMS).status_code == 403
    assert state(window) == "suspected"
    assert clerk.get("/outages/7").status_code == 404
    assert ("clerk", "outage") in window.log()


def test_a_preview_changes_nothing_and_shows_every_language(window: Window) -> None:
    suspected(window)
    senior = window.client("senior", **HTML)
    page = senior.post("/outages/1/confirm", data={**TERMS, "act": "preview"})
    assert page.status_code == 200
    for words in ("a cable is damaged", "повреждён кабель", "线缆受损", "un cavo danneggiato"):
        assert words in page.text
    assert state(window) == "suspected"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"cause": "magic"}, "cause"), ({"expected_end": "soon"}, "expected_end"),
        ({"expected_end": ""}, "expected_end"),
        ({"expected_end": "2026-11-27T08:00"}, "expected_end"), ({"expected_end": "2027-11-27T08:00"}, "expected_end"),
    ],
)  # fmt: skip
def test_a_senior_must_say_why_and_until_when(window: Window, given: dict[str, str], wrong: str) -> None:
    suspected(window)
    page = window.client("senior", **HTML).post("/outages/1/confirm", data={**CONFIRM, **given})
    assert page.status_code == 422
    assert 'class="error"' in page.text
    assert state(window) == "suspected"
    answer = window.client("senior").post(f"{URL}/confirm", json={**TERMS, **given})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [wrong]


def test_confirming_keeps_one_master_however_often_it_is_done(either: Window) -> None:
    numbers = suspected(either)
    senior = either.client("senior", **HTML)
    for _ in range(2):
        assert senior.post("/outages/1/confirm", data=CONFIRM).status_code == 303
    either.later(minutes=3)
    seen = either.client("senior").post(f"{URL}/confirm", json={**TERMS, "cause": "power"}).json()
    assert (seen["outage"]["state"], seen["outage"]["cause"]) == ("confirmed", "power")
    [master] = either.rows("SELECT id, channel, media_type FROM reports WHERE channel = 'walk_in'")
    assert seen["outage"]["master"] == master["id"]
    assert seen["master"] not in numbers
    assert seen["master"] in senior.get(f"/reports/{numbers[0]}").text
    said = json.loads(senior.get(f"/api/v1/reports/{seen['master']}/original").content)
    assert (said["service"], said["affected"]["node"], said["urgency"]) == ("broadband", "campus", "urgent")
    assert "campus Green Street" in said["description"]
    assert "reports: 2" in said["description"]


def test_a_master_that_was_kept_before_a_crash_is_taken(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    suspected(window)
    senior = window.client("senior")
    with monkeypatch.context() as broken:
        broken.setattr(outages, "confirm", None)
        assert senior.post(f"{URL}/confirm", json=TERMS).status_code == 500
    window.later(minutes=2)
    assert senior.post(f"{URL}/confirm", json={**TERMS, "cause": "works"}).status_code == 200  # it would say otherwise
    assert len(window.rows("SELECT id FROM reports WHERE channel = 'walk_in'")) == 1


def test_what_is_decided_is_decided(window: Window) -> None:
    suspected(window)
    senior = window.client("senior")
    assert senior.post(f"{URL}/confirm", json=TERMS).status_code == 200
    assert senior.post(f"{URL}/dismiss").status_code == 422  # people were told of it
    assert senior.post(f"{URL}/end").json()["outage"]["state"] == "over"
    for act in ("end", "dismiss"):
        assert senior.post(f"{URL}/{act}").status_code == 422
    assert senior.post(f"{URL}/confirm", json=TERMS).status_code == 422
    assert senior.get("/api/v1/outages").json()["outages"][0]["outage"]["state"] == "over"
    assert [what for who, what in window.log() if who == "senior"].count("end") == 1


def test_reports_are_added_and_taken_out(window: Window) -> None:
    first, second, other = suspected(window)
    senior = window.client("senior", **HTML)
    assert senior.post("/outages/1/reports", data={"report": other}).status_code == 303
    assert senior.post(f"/outages/1/reports/{first}/out", data={}).status_code == 303
    seen = window.client("senior").get(URL).json()
    assert {one["id"] for one in seen["reports"]} == {second, other}
    for wrong in (other, "FR-2026-0009999", "nonsense", ""):
        assert senior.post("/outages/1/reports", data={"report": wrong}).status_code == 422
        assert window.client("senior").post(f"{URL}/reports", json={"report": wrong}).status_code == 422
    assert window.client("senior").delete(f"{URL}/reports/{first}").status_code == 422
    assert len(window.client("senior").delete(f"{URL}/reports/{other}").json()["reports"]) == 1


def test_the_tree_counts_what_was_written_in_two_hours(window: Window) -> None:
    suspected(window)
    tree = window.client("clerk").get(URL).json()["tree"]
    assert [(one["node"], one["place"], one["reports"]) for one in tree[:5]] == [
        ("centre", "above", 2), ("south", "above", 2), ("campus", "outage", 2), ("h0", "below", 1), ("h1", "below", 1),
    ]  # fmt: skip
    window.later(hours=3)
    assert {one["reports"] for one in window.client("clerk").get(URL).json()["tree"]} == {0}


def test_dismissed_it_is_among_the_past_ones(window: Window) -> None:
    suspected(window)
    senior = window.client("senior", **HTML)
    assert senior.post("/outages/1/dismiss", data={}).status_code == 303
    assert 'href="/outages/1"' not in senior.get("/").text
    assert "Past ones" in senior.get("/outages").text


class Hook:
    """A desk whose monitoring is wired."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window = window
        registers.keep(window.database, "nodes", TREE, "test", window.now)
        (folder / "hook").write_text(f"open-sesame\n{WHSEC}\n")
        settings = replace(window.settings, monitoring=Monitoring(hook=Secret(file=str(folder / "hook"))))
        self.client = TestClient(app(replace(window.services, settings=settings)), "http://desk.localhost")

    def call(self, headers: dict[str, str] | None = None, **said: Any) -> int:
        body = json.dumps({"node": "campus", "state": "down", "at": self.window.now.isoformat(), **said})
        proof = {"authorization": "Bearer open-sesame"} if headers is None else headers
        return int(self.client.post("/hooks/monitoring", content=body, headers=proof).status_code)

    def states(self) -> list[tuple[str, int]]:
        return [(row["state"], row["up"]) for row in self.window.rows("SELECT state, up FROM outages ORDER BY id")]


@pytest.fixture
def hook(window: Window, tmp_path: Path) -> Hook:
    return Hook(window, tmp_path)


def test_monitoring_opens_an_outage_once_and_proposes_its_end(hook: Hook) -> None:
    assert [hook.call(text="no light") for _ in range(2)] == [204, 204]
    assert hook.states() == [("suspected", 0)]
    report = int(hook.window.report(b"one").rpartition("-")[2])
    with hook.window.database.read() as tx:
        [one] = outages.active(tx)
    hook.window.database.write(partial(outages.put_in, one=one, report=report, by="sara", at=hook.window.now))
    hook.window.later(minutes=10)
    assert hook.call(state="up", text="light again") == 204
    assert hook.states() == [("suspected", 1)]
    clerk = hook.window.client("clerk", **HTML)
    assert "Monitoring says that it works again" in clerk.get("/").text
    assert "light again" in clerk.get("/outages/1").text


def test_who_does_not_prove_himself_opens_nothing(hook: Hook) -> None:
    now = hook.window.now
    body = json.dumps({"node": "campus", "state": "down", "at": now.isoformat()})
    signed = {
        "webhook-id": "m1", "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(WHSEC).sign("m1", now, body),
    }  # fmt: skip
    for headers in ({}, {"authorization": "Bearer other"}, {**signed, "webhook-id": "m2"}):
        assert hook.call(headers) == 401
    assert TestClient(hook.window.app, "http://desk.localhost").post("/hooks/monitoring").status_code == 401
    assert hook.states() == []
    assert hook.call(signed) == 204
    assert hook.states() == [("suspected", 0)]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"node": "nowhere"}, 422), ({"state": "sideways"}, 422), ({"at": "2026-11-27T09:00:00"}, 422),
        ({"at": "2026-11-27T10:00:00Z"}, 422), ({"at": "soon"}, 422), ({"node": None}, 422),
        ({"text": "x" * 2001}, 422),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_named(hook: Hook, said: dict[str, Any], status: int) -> None:
    assert hook.call(**said) == status
    assert hook.states() == []


def test_no_backend_takes_the_name_of_the_hook() -> None:
    with pytest.raises(ValueError, match="name the backend otherwise"):
        Settings(backends={"monitoring": Builtin()})


def test_the_time_of_an_alarm_is_the_node_s_own(hook: Hook) -> None:
    at = hook.window.now - timedelta(minutes=20)
    assert hook.call(at=at.isoformat()) == 204
    [row] = hook.window.rows("SELECT since FROM outages")
    assert row["since"] == int(at.timestamp() * 1_000_000)
    assert isinstance(at, datetime)
