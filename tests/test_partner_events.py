"""Events on the whole road: a partner's ticket lives, and the partner's own listener hears of it, signed and once."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook
from starlette.testclient import TestClient

from classifier import Knowledge
from config.partners import PartnerApi
from config.settings import Gateway, Storage
from gateway.labour import backends, destinations
from gateway.partner_commands import check, replay
from normalizer.guard import Guard
from outbox.backoff import EVENT_PATIENCE
from outbox.replies import Mailer
from records.partner_events import EventType
from records.status import Status
from records.tasks import Lane
from storage import statuses, subscriptions, tasks
from storage.database import Database
from storage.opening import open_originals
from tests.conftest import CORPORA
from tests.outbox.fakes.server import Told
from tests.outbox.prism import held_to_the_standard
from tests.partners.house import HOUSE_KEY, WEBHOOK, House, ticket
from tests.partners.window import TICKETS, TICKETS4
from tests.web.listening import Heard, listening
from worker import Road

HUB = "/tmf-api/troubleTicket/v{version}/hub"


class Journey:
    """The window, the worker and a listener of the partner."""

    def __init__(self, house: House, road: Road, heard: Heard, port: int) -> None:
        self.house, self.road, self.heard = house, road, heard
        self.callback = f"http://localhost:{port}"
        self.north: TestClient = house.client("north")

    def subscribe(self, partner: str = "north", version: int = 5, path: str = "/tmf", **more: str) -> str:
        body = {"@type": "Hub", "callback": self.callback + path, **more}
        answer = self.house.client(partner).post(HUB.format(version=version), json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def create(self, number: str = "A-1", path: str = TICKETS, **more: Any) -> dict[str, Any]:
        answer = self.north.post(path, json=ticket(number, **more))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def change(self, made: dict[str, Any], to: Status, reason: str | None = None) -> None:
        self.house.now += timedelta(minutes=1)
        self.house.database.write(
            partial(statuses.change, report=report(made), to=to, at=self.house.now, actor="desk", reason=reason)
        )  # fmt: skip

    def walk(self) -> None:
        """Tell what is to be told, and bring away what is to leave; nothing waits for its time."""
        database = self.house.database
        for lane, only in ((Lane.ROAD, None), *((Lane.DELIVER, f"events.{name}") for name in ("north", "south"))):
            database.write(lambda tx: tx.run("UPDATE tasks SET not_before = 0 WHERE done_at IS NULL"))
            with database.read() as tx:
                found = tasks.due(tx, 100, lane, only=only)
            numbers = [number for number, one in found.items() if one.step in ("tell", "deliver")]
            batch = database.write(partial(tasks.begin, numbers=numbers))
            if batch:
                self.road.walk(batch)

    def events(self) -> list[dict[str, Any]]:
        """Give what the listener heard since, each verified by the reference library."""
        heard, self.heard.asked[:] = list(self.heard.asked), []
        return [Webhook(WEBHOOK).verify(one.body, one.headers) for one in heard]


def report(made: dict[str, Any]) -> int:
    return int(made["id"].rpartition("-")[2])


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def journey(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path, knowledge: Knowledge
) -> Iterator[Journey]:
    api = PartnerApi(allow_callbacks=("localhost",), public_url="https://tickets.example")
    house, heard = House(profile, database, tmp_path, api=api), Heard()
    guard = Guard(house.settings.readers)
    mailer = Mailer(house.settings.replies, house.settings.gateway, HOUSE_KEY)
    road = Road(
        house.settings, database, open_originals(*profile), HOUSE_KEY, guard, knowledge,
        backends(house.settings, database), mailer,
    )  # fmt: skip
    with listening(heard) as port:
        yield Journey(house, road, heard, port)
    guard.close()


def types(events: list[dict[str, Any]]) -> list[str]:
    return [one["eventType"].removeprefix("TroubleTicket").removesuffix("Event") for one in events]


def test_a_tickets_whole_life_is_told(journey: Journey) -> None:
    journey.subscribe()
    made = journey.create()
    journey.walk()
    [created] = journey.events()
    assert created["eventType"] == created["@type"] == "TroubleTicketCreateEvent"
    assert created["event"]["troubleTicket"] == made
    assert created["eventTime"] == made["creationDate"]

    journey.change(made, Status.IN_PROGRESS)
    journey.walk()
    [begun] = journey.events()
    assert (begun["eventType"], begun["event"]["troubleTicket"]["status"]) == (
        "TroubleTicketStatusChangeEvent", "inProgress"
    )  # fmt: skip

    journey.change(made, Status.PENDING, "Which port?")
    journey.walk()
    asked = journey.events()
    assert sorted(types(asked)) == ["InformationRequired", "StatusChange"]
    [needed] = [one for one in asked if one["eventType"] == "TroubleTicketInformationRequiredEvent"]
    assert needed["event"]["informationRequired"] == {"op": "add", "path": "/note"}
    assert needed["event"]["troubleTicket"]["note"][-1]["text"] == "Which port?"

    note = {"@type": "TroubleTicket", "note": [{"@type": "Note", "text": "Port 7"}]}
    assert journey.north.patch(f"{TICKETS}/{made['id']}", json=note).status_code == 200
    journey.walk()
    changed = [one for one in journey.events() if one["eventType"] == "TroubleTicketAttributeValueChangeEvent"]
    assert [one["description"] for one in changed] == ["note"]

    journey.change(made, Status.RESOLVED)
    journey.walk()
    assert sorted(types(journey.events())) == ["Resolved", "StatusChange"]
    journey.walk()
    assert journey.events() == []


def test_an_event_shows_the_ticket_as_it_stood_and_its_time_orders_it(journey: Journey) -> None:
    journey.subscribe(query="eventType=TroubleTicketStatusChangeEvent")
    made = journey.create()
    for status in (Status.IN_PROGRESS, Status.HELD, Status.IN_PROGRESS, Status.RESOLVED):
        journey.change(made, status)
    journey.walk()
    events = sorted(journey.events(), key=lambda one: str(one["eventTime"]))
    assert [one["event"]["troubleTicket"]["status"] for one in events] == [
        "inProgress", "held", "inProgress", "resolved"
    ]  # fmt: skip
    assert len({one["eventId"] for one in events}) == len({one["eventTime"] for one in events}) == 4


def test_both_versions_have_their_own_envelope(journey: Journey) -> None:
    journey.subscribe(version=4)
    made = journey.create()
    journey.walk()
    [event] = journey.events()
    assert "@type" not in event
    assert event["timeOcurred"] == made["creationDate"]  # as the file of version 4 spells it
    assert event["event"]["troubleTicket"]["externalId"] == "A-1"
    assert event["event"]["troubleTicket"]["href"].endswith(f"{TICKETS4}/{made['id']}")


@pytest.mark.parametrize("version", [4, 5])
def test_every_event_is_held_to_the_official_file(journey: Journey, version: int) -> None:
    """Prism stands before the listener: what breaks the TM Forum's file is answered with an error, and tried again."""
    yes = Told(status=204)
    if version == 4:
        kind = {"Content-Type": "application/json;charset=utf-8"}
        yes = Told(status=201, body={"id": "1", "callback": journey.callback}, headers=kind)
    with held_to_the_standard(version, journey.callback) as url:
        journey.callback = url.replace("127.0.0.1", "localhost")
        journey.subscribe(version=version, path="/")
        journey.heard.told = [yes] * 20
        made = journey.create()
        journey.change(made, Status.PENDING, "Which port?")
        journey.change(made, Status.RESOLVED)
        note = {"@type": "TroubleTicket", "note": [{"@type": "Note", "text": "Port 7"}]}
        assert journey.north.patch(f"{TICKETS}/{made['id']}", json=note).status_code == 200
        journey.walk()
        assert journey.north.delete(f"{TICKETS}/{made['id']}").status_code == 204
        journey.walk()
        told = [one["eventType"] for one in journey.events()]
        with journey.house.database.read() as tx:
            rows = tx.all("SELECT outcomes.state FROM event_deliveries LEFT JOIN outcomes USING (delivery)")
    assert [row["state"] for row in rows] == ["delivered"] * len(told)
    assert set(told) == set(EventType)


def test_each_envelope_has_what_the_official_examples_have(journey: Journey) -> None:
    journey.subscribe()
    journey.change(journey.create(), Status.PENDING, "Which port?")
    journey.walk()
    for event in journey.events():
        file = CORPORA / "tmf621-examples" / f"{event['eventType']}_request.json"
        if file.exists():
            example = msgspec.json.decode(file.read_bytes())
            assert event.keys() | {"domain", "priority"} >= example.keys()
            assert event["event"].keys() == example["event"].keys()
            assert event["@baseType"] == example["@baseType"]


def test_nobody_hears_of_anothers_tickets(journey: Journey) -> None:
    journey.subscribe("south")
    made = journey.create()
    journey.change(made, Status.RESOLVED)
    journey.walk()
    assert journey.events() == []


def test_a_query_is_honoured_and_what_ended_hears_nothing(journey: Journey) -> None:
    journey.subscribe(query="eventType=TroubleTicketResolvedEvent&severity=Minor")
    ended = journey.subscribe(path="/other")
    assert journey.north.delete(f"{HUB.format(version=5)}/{ended}").status_code == 204
    for number, severity in (("A-1", "Minor"), ("A-2", "Critical")):
        journey.change(journey.create(number, severity=severity), Status.RESOLVED)
    journey.walk()
    [event] = journey.events()
    assert event["event"]["troubleTicket"]["severity"] == "Minor"


def test_a_deleted_ticket_is_told_and_what_its_files_hold_is_not(journey: Journey) -> None:
    journey.subscribe(query="eventType=TroubleTicketDeleteEvent,TroubleTicketCreateEvent")
    file = {"@type": "Attachment", "attachmentType": "log", "mimeType": "text/plain", "content": "bG9n"}
    made = journey.create(attachment=[file])
    assert journey.north.delete(f"{TICKETS}/{made['id']}").status_code == 204
    journey.walk()
    events = journey.events()
    assert sorted(types(events)) == ["Create", "Delete"]
    for one in events:
        assert "content" not in one["event"]["troubleTicket"]["attachment"][0]


def test_the_same_ticket_again_is_told_once(journey: Journey) -> None:
    journey.subscribe()
    for _ in range(3):
        journey.create()
    journey.walk()
    assert types(journey.events()) == ["Create"]


def test_what_the_listener_does_not_take_is_tried_again_with_the_same_id(journey: Journey) -> None:
    journey.subscribe()
    journey.heard.told = [Told(status=500), Told(status=404)]
    journey.create()
    for _ in range(3):
        journey.walk()
    heard = journey.heard.asked
    assert len(heard) == 3
    assert len({one.headers["webhook-id"] for one in heard}) == len({one.body for one in heard}) == 1


def test_a_listener_that_is_gone_is_switched_off_seen_and_replayed(
    journey: Journey, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    house = journey.house
    journey.subscribe()
    journey.heard.told = [Told(status=410)]
    made = journey.create()
    journey.walk()
    assert "events to partner north are switched off" in caplog.text
    with pytest.raises(
        LookupError, match=r"subscription 1 is switched off .*410.*; 1 events wait: .*replay-events north"
    ):
        check(house.settings, house.database, "north")
    journey.change(made, Status.RESOLVED)  # while it is off, events wait
    journey.walk()
    assert types(journey.events()) == ["Create"]

    assert replay(house.settings, "north", None) == 0
    assert "3 events are on their way to north" in capsys.readouterr().out
    journey.walk()
    assert sorted(types(journey.events())) == ["Create", "Resolved", "StatusChange"]
    assert check(house.settings, house.database, "north").endswith("subscriptions: 1, events on their way: 0")
    with pytest.raises(LookupError, match="no partner is named east: there are north, south"):
        replay(house.settings, "east", None)


def test_days_of_failure_switch_a_listener_off_and_nobody_else(journey: Journey) -> None:
    database = journey.house.database
    journey.subscribe(path="/dead")
    journey.create()
    journey.heard.told = [Told(status=404)] * 5
    days = EVENT_PATIENCE // timedelta(microseconds=1)
    database.write(
        lambda tx: tx.run("UPDATE tasks SET due_at = due_at - :days WHERE step = 'deliver'", days=days * 400)
    )
    for _ in range(4):
        journey.walk()
    with database.read() as tx:
        assert subscriptions.switched_off(tx) == []  # an old event is tried five times
    journey.subscribe("south", path="/alive")
    journey.walk()
    with database.read() as tx:
        assert [one.partner for one in subscriptions.switched_off(tx)] == ["north"]


def test_what_waits_for_a_dead_listener_to_come_back_is_no_attempt(journey: Journey) -> None:
    database = journey.house.database
    journey.subscribe()
    for number in range(7):
        journey.create(f"A-{number}")
    journey.heard.told = [Told(status=500)] * 5  # then it is left alone
    journey.walk()
    with database.read() as tx:
        rows = tx.all("SELECT attempts FROM tasks WHERE step = 'deliver' AND done_at IS NULL")
    assert sorted(row["attempts"] for row in rows) == [0, 0, 1, 1, 1, 1, 1]
    assert len(journey.heard.asked) == 5


def test_every_partner_with_events_has_threads_of_its_own(journey: Journey) -> None:
    assert {"events.north", "events.south"} <= set(destinations(journey.house.settings))
