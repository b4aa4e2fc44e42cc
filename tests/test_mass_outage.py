"""A mass outage from the first mail to the last: suspected, confirmed, told to each of its reporters once, and over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from classifier import Knowledge
from config.settings import Gateway, Readers, Storage
from desk.app import app
from desk.services import Services
from gateway import registers
from gateway.texts import Texts
from gateway.watch import Watch
from normalizer.guard import Guard
from records.arrival import Receipt
from records.outage import Outage, OutageState
from records.people import Role
from records.registers import House, Node
from records.status import Status
from records.tasks import Step
from records.words import Disposition
from storage import outages, people, statuses, tasks
from storage.database import Database
from storage.opening import open_originals
from storage.story import line, story
from tests.desk import Desk, letter, text_of
from tests.outbox.smarthost import Sink, running
from tests.window.front import KEY, PASSWORD, PASSWORDS, Client, InPlace, ThreePages

HOUSES = range(1, 8)
TREE = [
    Node(id="centre", kind="центр"), Node(id="south", parent="centre", kind="район", name="Южный"),
    Node(id="campus", parent="south", kind="кампус", name="Ладожская"),
    *(Node(id=f"h{number}", parent="campus", subscribers=60) for number in HOUSES),
    Node(id="north", parent="centre", kind="район", name="Северный", subscribers=600),
]  # fmt: skip
PLACES = [House(city="Пенза", street="Ладожская", house=str(number), node=f"h{number}") for number in HOUSES]
WIFI = "Слабый вайфай в дальней комнате, договор 4410-22871, тел. +7 917 340-22-18, Анна Белова"
UNTIL = (datetime.now(UTC) + timedelta(hours=5)).isoformat()


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


class Site:
    """The whole house: the road, the clocks, and the desk's window with a senior in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.database = desk, desk.database
        registers.keep(self.database, "nodes", TREE, "test", datetime.now(UTC))
        registers.keep(self.database, "houses", PLACES, "test", datetime.now(UTC))
        self.watch = Watch(desk.settings, self.database, desk.road.about)
        services = Services(
            settings=desk.settings, database=self.database,
            originals=open_originals(desk.settings.gateway, desk.settings.storage), reception=desk._intake,
            pictures=ThreePages(), drafts=InPlace(), now=lambda: datetime.now(UTC), ring=lambda: None,
            passwords=PASSWORDS, texts=Texts(desk.settings.gateway), key=KEY,
        )  # fmt: skip
        self.database.write(
            partial(people.add, login="sara", name="Сара", role=Role.SENIOR, language="ru",
                    password=PASSWORDS.hashed(PASSWORD), at=datetime.now(UTC))
        )  # fmt: skip
        self.sara = Client(app(services), "http://desk.localhost", raise_server_exceptions=True)
        assert self.sara.sign_in("sara").status_code == 200

    def mail(self, house: int) -> Receipt:
        """Let the subscriber of a house write."""
        who = f"subscriber{house}@mail.example"
        where = f"г. Пенза, ул. Ладожская, д. {house}, тел. +7 917 340-22-1{house}"
        said = f"Не работает интернет с утра.\nИванов Пётр, {where}"
        return self.desk.handle(letter(said, who, Subject="Нет интернета"), who)

    def look(self) -> None:
        """Let the clocks look twice, and do what follows: the second look finds nothing to do."""
        for _ in range(2):
            self.watch.look(datetime.now(UTC))
            self.desk.work()

    def outage(self) -> Outage:
        with self.database.read() as tx:
            [found] = outages.outages(tx)
        return found

    def do(self, what: str, **given: str) -> Any:
        """Let the senior do something with the outage."""
        answer = self.sara.post(f"/api/v1/outages/{self.outage().id}/{what}", json=given or None)
        assert answer.status_code == 200, answer.text
        self.desk.work()
        return answer.json()

    def kinds(self, receipt: Receipt) -> list[str]:
        return [kind for kind, _ in self.desk.outcomes(receipt.report)]

    def decision(self, receipt: Receipt) -> Disposition | None:
        with self.database.read() as tx:
            made = line(tx, receipt.report).record
        return made.classification.disposition if made else None

    def status(self, report: int) -> Status:
        with self.database.read() as tx:
            return statuses.status(tx, report)


@pytest.fixture
def site(
    profile: tuple[Gateway, Storage], database: Database, guard: Guard, knowledge: Knowledge
) -> Iterator[Site]:  # fmt: skip
    sink = Sink()
    with running(sink) as port:
        yield Site(Desk(profile, database, guard, knowledge, sink, port))


def test_five_mails_of_one_campus_to_the_end(site: Site) -> None:
    first = [site.mail(house) for house in range(1, 6)]
    site.look()
    one = site.outage()
    assert (one.node, one.state, one.reports) == ("campus", OutageState.SUSPECTED, 5)
    assert not any("outage" in site.kinds(receipt) for receipt in first)  # what is suspected nobody is told

    confirmed = site.do("confirm", cause="cable", expected_end=UNTIL)
    site.look()
    master = confirmed["master"]
    assert confirmed["outage"]["state"] == "confirmed"
    assert len(confirmed["reports"]) == 5
    for receipt in first:
        assert site.kinds(receipt) == ["create", "receipt", "outage", "amend"]
    tickets = {number: entries for number, _, entries in site.desk.tickets()}
    assert tickets[master] == []
    assert all(tickets[receipt.id] == [f"amend:{receipt.id}/outage/{one.id}"] for receipt in first)
    told = site.desk.sent()[-1]
    assert "повреждён кабель" in text_of(told)

    late = site.mail(6)  # joins by itself, and is told the same
    site.look()
    assert site.kinds(late) == ["create", "receipt", "outage", "amend"]

    site.do("end")
    site.look()
    for receipt in (*first, late):
        assert site.kinds(receipt)[-1] == "outage_over"
        assert len(site.kinds(receipt)) == 5  # no other word of its status
        assert site.status(receipt.report) is Status.RESOLVED
    assert site.status(site.outage().master or 0) is Status.RESOLVED
    assert {status for _, status, _ in site.desk.tickets()} == {"acknowledged"}  # none is closed by that
    assert "заработало" in text_of(site.desk.sent()[-1])
    assert len(site.desk.sent()) == 6 * 3


def test_advice_ends_where_a_person_puts_its_report_into_an_outage(site: Site) -> None:
    """What is read again, as a chat is with every message, has no further step of a typical solution."""
    for house in range(1, 4):
        site.mail(house)
    site.look()
    advised = site.desk.handle(letter(WIFI, "anna@mail.example", Subject="Wi-Fi"), "anna@mail.example")
    assert site.decision(advised) is Disposition.TYPICAL_FIX
    site.do("reports", report=advised.id)
    site.database.write(partial(tasks.add, step=Step.NORMALIZE, subject=advised.report, sender="", due_at=0))
    site.desk.work()
    assert site.decision(advised) is Disposition.INCIDENT
    site.do("confirm", cause="equipment", expected_end=UNTIL)
    site.look()
    assert site.kinds(advised).count("outage") == 1
    assert "выполнять советы" in text_of(site.desk.sent()[-1])


def test_who_is_answered_by_nobody_is_told_nothing_and_his_report_is_resolved(site: Site) -> None:
    for house in range(1, 4):
        site.mail(house)
    site.look()
    robot = "no-reply@mail.example"
    silent = site.desk.handle(letter(WIFI, robot, Subject="Wi-Fi"), robot)
    site.do("reports", report=silent.id)
    site.do("confirm", cause="unknown", expected_end=UNTIL)
    site.look()
    site.do("end")
    site.look()
    assert {"outage", "outage_over"}.isdisjoint(site.kinds(silent))
    assert site.status(silent.report) is Status.RESOLVED
    with site.database.read() as tx:
        told = [(one.what, one.detail) for one in story(tx, silent.report)]
    assert told.count(("not told of the outage", "nobody reads there")) == 2
