"""The clocks at work over the real road: provisional answers, repeated reports, notices by mail and webhook."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from classifier import Knowledge
from config.clocks import Route, Warnings
from config.messengers import Telegram
from config.secrets import Secret
from config.settings import Gateway, Replies, Settings, Storage
from outbox.warning import Herald
from records.chat import Outgoing
from records.clocks import REPEATED, Because, Notice, Promise, Warned
from records.deliveries import Delivered, Delivery, Kind, Refused, Verb
from records.outage import Outage, OutageState
from records.people import Role
from records.status import Status
from records.words import Order, Urgency
from storage import outages
from storage.database import Transaction
from storage.opening import prepare
from tests.outbox.fakes.server import running
from tests.outbox.fakes.webhook import KEY, Receiver
from tests.outbox.rigs import secret
from tests.outbox.smarthost import FreePort, Sink
from tests.simulated import House, Letter, ticking

WHO = "galina@mail.example"
DUE = datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
NOTICE = Notice(
    role=Role.SUPERVISOR, more=7,
    lines=(
        Warned(id="FR-2026-0000001", promise=Promise.DISPATCH, stage=100, due_at=DUE),
        Warned(id="FR-2026-0000002", promise=Promise.ANSWER, stage=75, due_at=DUE),
        Warned(id="FR-2026-0000003", promise=Promise.ANSWER, stage=REPEATED, due_at=DUE, note="FR-2026-0000002"),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "data"
    prepare(Gateway(data=str(folder)), Storage(min_free=0))
    return folder


@pytest.fixture
def house(tmp_path: Path, empty: Path, knowledge: Knowledge) -> Iterator[House]:
    shutil.copytree(empty, tmp_path / "data")
    made = House(tmp_path / "data", knowledge)
    with ticking(made.clock):
        yield made
    made.close()


def arrive(house: House, about: str | None = None, **letter: Any) -> Any:
    [receipt] = house.arrive([(Letter(who=WHO, **letter), about)])
    house.work()
    house.look()
    return receipt


def kinds(house: House) -> list[Kind]:
    return [one.reply.kind for one in house.post.sent if one.reply]


def wait(house: House, **span: float) -> None:
    house.clock.forward(**span)
    house.look()
    house.work()
    house.look()


@pytest.mark.parametrize(
    ("status", "because"),
    [(Status.HELD, Because.HELD), (Status.PENDING, Because.PENDING), (Status.IN_PROGRESS, Because.BACKLOG)],
)
def test_before_an_answer_is_late_the_customer_hears_why_and_until_when(
    house: House, status: Status, because: Because
) -> None:
    receipt = arrive(house, urgency=Urgency.URGENT)
    house.stands(receipt.report, status)
    for _ in range(3):
        wait(house, hours=11.5)

    [answer] = [one for one in house.post.sent if one.reply and one.reply.kind is Kind.PROVISIONAL]
    assert answer.reply is not None
    assert answer.reply.because is because
    assert answer.reply.until == receipt.received_at + timedelta(hours=48)
    assert answer.reply.record_id == receipt.id


@pytest.mark.parametrize(
    ("state", "because"), [(OutageState.CONFIRMED, Because.OUTAGE), (OutageState.SUSPECTED, Because.BACKLOG)]
)
def test_a_mass_outage_is_the_reason_once_somebody_has_confirmed_it(
    house: House, state: OutageState, because: Because
) -> None:
    receipt, now = arrive(house, urgency=Urgency.URGENT), house.clock.now
    one = Outage(
        id=0, node="ДУ-17", name="ДУ-17", path=("ДУ-17",), state=OutageState.SUSPECTED, since=now, seen_at=now,
        score=9.0, expected=0.1,
    )  # fmt: skip

    def break_down(tx: Transaction) -> None:
        outages.sighted(tx, receipt.report, now, WHO, ("ДУ-17",))
        row = outages.open_outage(tx, one, [receipt.report])
        if state is OutageState.CONFIRMED:
            outages.decide(tx, row or 0, state, "sara", now)

    house.database.write(break_down)
    wait(house, hours=23)
    [answer] = [one for one in house.post.sent if one.reply and one.reply.kind is Kind.PROVISIONAL]
    assert answer.reply is not None
    assert answer.reply.because is because


def test_a_machine_gets_no_provisional_answer_and_the_story_says_why(house: House) -> None:
    house.settings = replace(house.settings, replies=Replies())
    house.restart()
    receipt = arrive(house, urgency=Urgency.URGENT)
    wait(house, hours=23)
    [row] = house.rows("SELECT detail FROM events WHERE what = 'no provisional answer'")
    assert row["detail"] == "no smarthost is set"
    wait(house, hours=2)
    assert [row["report"] for row in house.rows("SELECT report FROM promises WHERE kind = 'answer' AND broken_at > 0")]
    assert receipt.report


def test_who_asks_again_in_time_is_told_how_it_stands_and_later_is_a_supervisor_s(house: House) -> None:
    first = arrive(house)
    arrive(house, first.id, order=Order.FOLLOW_UP, repeated=True)
    assert kinds(house).count(Kind.PROGRESS) == 1
    assert house.rows("SELECT * FROM warnings WHERE stage > 100") == []

    wait(house, hours=73)
    again = arrive(house, first.id, order=Order.FOLLOW_UP, repeated=True)
    assert kinds(house).count(Kind.PROGRESS) == 1
    [row] = house.rows("SELECT report, role, note FROM warnings WHERE stage > 100")
    assert row == {"report": again.report, "role": "supervisor", "note": first.id}


def test_a_follow_up_that_only_adds_something_is_no_complaint(house: House) -> None:
    first = arrive(house)
    wait(house, hours=73)
    arrive(house, first.id, order=Order.FOLLOW_UP)
    assert house.rows("SELECT * FROM warnings WHERE stage > 100") == []


def test_what_one_report_is_stumbled_over_is_not_the_others_trouble(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = arrive(house, urgency=Urgency.URGENT), arrive(house, urgency=Urgency.URGENT)
    real = house.road.about.situation

    def stumbling(report: int, *more: Any) -> Any:
        if report == first.report:
            raise ZeroDivisionError
        return real(report, *more)

    monkeypatch.setattr(house.road.about, "situation", stumbling)
    house.clock.forward(hours=23)
    house.look()
    rows = house.rows("SELECT report, provisional FROM promises WHERE kind = 'answer' ORDER BY report")
    assert [row["provisional"] for row in rows] == ["it can't be written: see the log", "sent"]
    assert second.report


class Said(list[tuple[str, str, Outgoing]]):
    """What was said in chats."""

    def append_from(self, *one: Any) -> Delivered:
        self.append(one)
        return Delivered(external_id="42")


said = Said()


def herald(port: int, tmp_path: Path, **route: Any) -> Herald:
    replies = Replies(host="127.0.0.1", port=port, allow_plaintext=True, starttls=False)
    routes = {"hotline": Route(role=Role.SUPERVISOR, **route)}
    gateway = Gateway(data=str(tmp_path), name="Пенза-Телеком")
    settings = Settings(
        gateway=gateway, replies=replies, warnings=Warnings(routes=routes, language="ru"),
        channels={"bot": Telegram(token=Secret(env="TOKEN"))},
    )  # fmt: skip
    return Herald(settings, said.append_from)


def notice(route: str = "hotline") -> Delivery:
    return Delivery(id=1, report=1, verb=Verb.WARN, backend=route, key="warn/hotline/supervisor/9", notice=NOTICE)


def test_a_notice_leaves_by_mail_with_numbers_and_nothing_personal(tmp_path: Path) -> None:
    sink = Sink()
    controller = FreePort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        for _ in range(2):
            herald(controller.port, tmp_path, mail="hotline@isp.example").send(notice(), DUE)
    finally:
        controller.stop()
    first, second = (message_from_bytes(one.content) for one in sink.taken if isinstance(one.content, bytes))
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["To"], first["Auto-Submitted"]) == ("hotline@isp.example", "auto-generated")
    assert str(make_header(decode_header(first["Subject"]))) == "Сроки обращений: 10 [Пенза-Телеком]"
    payload = first.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.decode()
    assert "FR-2026-0000001: передача в работу — срок нарушен, срок 27.11.2026 10:30 (MSK)" in text
    assert "FR-2026-0000003: ответ клиенту — повторное обращение после срока (первое — FR-2026-0000002)" in text
    assert "и ещё 7" in text


def test_a_notice_is_said_in_a_chat(tmp_path: Path) -> None:
    said.clear()
    assert herald(1, tmp_path, chat="telegram:-100123", channel="bot").send(notice(), DUE).external_id == "42"
    [(channel, chat, words)] = said
    assert (channel, chat) == ("bot", "telegram:-100123")
    assert words.text.startswith("Сроки обращений: 10 [Пенза-Телеком]\n\nFR-2026-0000001: передача в работу")


@pytest.mark.parametrize(
    ("route", "remedy"),
    [
        ({}, "has one place"),
        ({"mail": "a@isp.example", "webhook": "https://isp.example/hook"}, "has one place"),
        ({"chat": "telegram:1"}, "give both chat and channel"),
        ({"webhook": "https://isp.example/hook"}, "give secret"),
        ({"chat": "telegram:1", "channel": "mail"}, r"routes\.hotline\.channel: no messenger is wired as mail"),
    ],
)
def test_a_route_that_leads_nowhere_is_refused_with_the_remedy(route: Any, remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        Settings(warnings=Warnings(routes={"hotline": Route(role=Role.SUPERVISOR, **route)}))


def test_a_route_that_is_wired_no_more_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"wire warnings\.routes\.night"):
        herald(1, tmp_path, mail="hotline@isp.example").send(notice("night"), DUE)


def test_a_notice_leaves_by_webhook_with_a_signature(tmp_path: Path) -> None:
    receiver, now = Receiver(), datetime.now(UTC)
    with running(receiver) as url:
        one = herald(1, tmp_path, webhook=url, secret=secret(tmp_path, KEY))
        assert one.send(notice(), now).external_id == one.send(notice(), now).external_id
    [told] = receiver.taken.values()  # with one webhook-id, so the receiver takes it once
    assert told["type"] == "warnings.raised"
    assert [line["id"] for line in told["data"]["lines"]] == [f"FR-2026-000000{number}" for number in (1, 2, 3)]
    assert (told["data"]["role"], told["data"]["more"]) == ("supervisor", 7)
