"""Request Tracker's own ways, on the real one."""

import base64
import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from classifier import Knowledge
from config.backends import RequestTracker
from config.secrets import Secret
from config.settings import Gateway, Readers, Settings, Storage
from gateway.labour import backends
from normalizer.guard import Guard
from outbox.backends import Backend, Changed, TakesFiles, backend
from outbox.files import Lent
from records.arrival import TryAgain
from records.deliveries import Refused
from records.record import Affected, PostalAddress
from records.words import Service, Urgency
from storage.opening import open_database, prepare
from tests.desk import Desk as House
from tests.desk import answer
from tests.outbox.rigs import tools
from tests.outbox.rt import request_tracker
from tests.outbox.situations import fault_record, ticket
from tests.outbox.smarthost import Sink, running
from tests.test_journey import GALINA, LOS


class Desk:
    """The real one, seen as an administrator sees it."""

    def __init__(self, url: str, token: Path) -> None:
        self.url, self.token = url, token

    def ask(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"token {self.token.read_text().strip()}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(f"{self.url}/REST/2.0/{path}", data, headers, method=method)  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def wired(self, **changes: Any) -> Backend:
        house = {"url": self.url, "token": Secret(file=str(self.token)), "queue": "Faults", "timeout": 60}
        return backend("rt", RequestTracker(**{**house, **changes}), tools())

    def last(self) -> int:
        return int(self.ask("GET", "tickets?query=id>0&orderby=id&order=DESC&per_page=1")["items"][0]["id"])


@pytest.fixture(scope="module")
def rt() -> Iterator[Desk]:
    with request_tracker() as (url, token):
        yield Desk(url, token)


def test_what_a_desk_sees(rt: Desk) -> None:
    what = replace(
        ticket(101),
        text="Нет интернета\nс вторника",
        record=fault_record(
            service=Service.BROADBAND, urgency=Urgency.URGENT, affected=Affected(address=PostalAddress(city="Тверь"))
        ),
    )
    number = rt.wired().create(what).external_id
    seen = rt.ask("GET", f"ticket/{number}")
    attached = rt.ask("GET", f"ticket/{number}/attachments?fields=Content,ContentType")["items"]

    assert seen["Subject"] == "[FR-2026-0000101] broadband Тверь Нет интернета с вторника"
    assert (seen["Status"], seen["Priority"], seen["Requestor"]) == ("new", "80", [])
    assert attached[0]["Content"].startswith("Нет интернета\nс вторника\n\nFR-2026-0000101, mail, received")
    assert attached[0]["ContentType"] == "text/plain"


def test_a_ticket_that_slipped_through_twice_is_merged_with_its_history(rt: Desk) -> None:
    """Another machine has the same report at once: its ticket is there with an empty field, as the real one does."""
    first = int(rt.wired().create(ticket(102)).external_id or 0)
    again = rt.wired().create(ticket(102)).external_id

    assert again == str(first)
    assert rt.ask("GET", f"ticket/{first + 1}")["id"] == first
    assert rt.wired().find("FR-2026-0000102") == str(first)


def test_a_ticket_in_another_queue_or_merged_by_people_is_still_ours(rt: Desk) -> None:
    kept, gone = rt.wired().create(ticket(103)).external_id, rt.wired().create(ticket(104)).external_id
    desk = rt.wired()
    assert desk.create(ticket(105)).external_id
    rt.ask("PUT", f"ticket/{gone}", {"MergeInto": int(kept or 0)})

    assert desk.amend(ticket(106, after=103)).external_id == kept
    with pytest.raises(TryAgain, match="FR-2026-0000104 is not there yet"):
        desk.amend(ticket(107, after=104))


def test_many_notes_are_looked_through_page_by_page(rt: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outbox.backends.request_tracker._PAGE", 2)
    desk = rt.wired()
    desk.create(ticket(108))
    for follow_up in (109, 110, 111, 109, 110, 111):
        desk.amend(ticket(follow_up, after=108))

    key = desk.find("FR-2026-0000108")
    subjects = [one["Data"].strip() for one in rt.ask("GET", f"ticket/{key}/history?fields=Data&per_page=100")["items"]]
    assert [one for one in subjects if one.startswith("FR-")] == [f"FR-2026-0000{number}" for number in (109, 110, 111)]


def test_a_queue_without_the_field_opens_nothing(rt: Desk) -> None:
    before = rt.last()
    for desk in (rt.wired(id_field="No-Such-Field"),):
        with pytest.raises(TryAgain, match="queue Faults has no ticket custom field No-Such-Field"):
            desk.create(ticket(112))
        with pytest.raises(TryAgain, match="No-Such-Field"):
            desk.check()
    assert rt.last() == before


def test_an_unknown_queue_is_told_with_its_remedy(rt: Desk) -> None:
    with pytest.raises(TryAgain, match="queue Nowhere is not there, or the token's user may not see it"):
        rt.wired(queue="Nowhere").create(ticket(113))
    with pytest.raises(TryAgain, match=r"mend backends\.rt\.queue"):
        rt.wired(queue="Nowhere").check()
    with pytest.raises(Refused, match="rt says 403: No permission to create tickets in the queue"):
        rt.wired(fields={"Queue": "Nowhere"}).create(ticket(113))


def test_a_status_that_is_not_there_goes_to_a_person(rt: Desk) -> None:
    desk = rt.wired(cancelled="vanished")
    desk.create(ticket(114))
    with pytest.raises(Refused, match="does not set the status vanished"):
        desk.withdraw(ticket(115, after=114))


def test_a_wrong_token_is_tried_again(rt: Desk, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1-99-00000000000000000000000000000000")
    with pytest.raises(TryAgain, match=r"rt says 401: Unauthorized: are the credentials of backends\.rt right"):
        rt.wired(token=Secret(file=str(tmp_path / "token"))).find("FR-2026-0000101")


def test_a_mail_its_addition_and_its_cancellation_arrive_as_one_ticket_with_its_history(
    rt: Desk, tmp_path: Path
) -> None:
    """The whole road, wired by three lines of TOML and the token."""
    wiring = f"""
    [backends.desk]
    kind = "request_tracker"
    url = "{rt.url}"
    queue = "Faults"
    token = {{ file = "{rt.token}" }}
    """
    profile = Gateway(data=str(tmp_path / "data")), Storage(min_free=0)
    prepare(*profile)
    database, guard, sink = open_database(*profile), Guard(Readers(processes=1)), Sink()
    with running(sink) as port:
        desk = House(profile, database, guard, Knowledge.load(), sink, port)
        desk.database.write(lambda tx: tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('reports', 9000)"))
        settings = msgspec.toml.decode(wiring, type=Settings)
        desk.backends.update(backends(settings, database))
        first = desk.handle(LOS, GALINA)
        [receipt] = desk.sent()
        second = desk.handle(answer(receipt, "Дополнение: лампочка PON тоже не горит.", GALINA), GALINA)
        third = desk.handle(answer(receipt, "Интернет заработал, отмените заявку, спасибо.", GALINA), GALINA)
    guard.close()
    database.close()

    query = urllib.parse.quote(f"CF.{{External-ID}} = '{first.id}'")
    (one,) = rt.ask("GET", f"tickets?query={query}&fields=Status,Subject")["items"]
    history = rt.ask("GET", f"ticket/{one['id']}/history?fields=Data,Type&per_page=100")["items"]
    texts = rt.ask("GET", f"ticket/{one['id']}/attachments?fields=Content,Subject")["items"]
    assert one["Status"] == "rejected"
    assert [part["Type"] for part in history] == ["Create", "Comment", "Comment", "Status"]
    assert [part["Data"].strip() for part in history[1:3]] == [second.id, f"{third.id} withdrawn"]
    assert "Соколова Галина Петровна" in texts[0]["Content"]
    assert "лампочка PON" in texts[1]["Content"]
    assert "отмените заявку" in texts[2]["Content"]


def test_what_people_do_there_comes_back_and_what_customers_send_goes_with_it(rt: Desk) -> None:
    """Status by LastUpdated, files as a form with a Cyrillic name, and a closed ticket opened again: on a real one."""
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 20
    lent = Lent(name="Фото модема.jpg", media_type="image/jpeg", size=len(photo), read=lambda: photo)
    house = {"url": rt.url, "token": Secret(file=str(rt.token)), "queue": "Faults", "timeout": 60}
    desk = backend("rt", RequestTracker(**house), tools(files=lambda _: [lent]))  # type: ignore[arg-type]
    assert isinstance(desk, Changed)
    assert isinstance(desk, TakesFiles)
    what = ticket(120)
    number = desk.create(what).external_id
    for _ in range(2):
        desk.attach(what)
    files = [
        one for one in rt.ask("GET", f"ticket/{number}/attachments?fields=Filename,ContentType&per_page=99")["items"]
        if one["Filename"]
    ]  # fmt: skip
    assert [(one["Filename"], one["ContentType"]) for one in files] == [
        ("FR-2026-0000120-1-Фото_модема.jpg", "image/jpeg")
    ]  # fmt: skip
    assert base64.b64decode(rt.ask("GET", f"attachment/{files[0]['id']}")["Content"]) == photo

    for status, word in (("open", "inProgress"), ("stalled", "pending"), ("resolved", "resolved")):
        rt.ask("PUT", f"ticket/{number}", {"Status": status})
        assert dict(desk.changed(timedelta(minutes=5)))[what.external_id] == word
    assert desk.amend(replace(ticket(121, after=120), reopens=True)).external_id == number
    assert rt.ask("GET", f"ticket/{number}")["Status"] == "open"


def test_check_tells_the_version(rt: Desk) -> None:
    assert rt.wired().check().startswith("Request Tracker 5.")
