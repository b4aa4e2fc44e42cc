"""A conversation, whole: a gateway's own processes, a Bot API server, a customer who writes and presses buttons."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from unittest.mock import ANY

import pytest

from sample.bot_api import TOKEN, BotApi
from sample.bot_platform import Platform
from tests.channels.running import Running as Serving
from tests.gateway.running import Running, eventually

MOST = 12  # answers to one chat


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with Serving(BotApi) as one:
        yield one


@pytest.fixture(scope="module")
def gateway(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("chat")
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    one = Running(
        folder,
        f"[channels.telegram]\nkind = 'telegram'\nbase_url = '{serving.url}'\nquiet = 0.3\npoll = 1\n"
        f"token = {{ file = '{folder}/token' }}\n[replies]\nper_chat = {MOST}\n",
    )
    one.start()
    yield one
    assert one.stop() == 0


class Customer:
    """Somebody with a chat of his own."""

    def __init__(self, serving: Serving, chat: int) -> None:
        self._serving = serving
        self._platform: Platform = serving.server.platform
        self.chat = chat
        self._heard = 0
        self._pressed: set[str] = set()

    def says(self, text: str) -> None:
        self._serving.do(lambda: self._platform.say(self.chat, text))

    def shares(self, phone: str) -> None:
        self._serving.do(lambda: self._platform.share_phone(self.chat, phone))

    def messages(self) -> list[dict[str, Any]]:
        return [one for one in list(self._platform.sent) if one.get("chat", {}).get("id") == self.chat]

    def hears(self) -> dict[str, Any]:
        """Wait for the next message of the bot."""
        eventually(lambda: len(self.messages()) > self._heard, f"message {self._heard + 1} to {self.chat}")
        self._heard += 1
        return self.messages()[self._heard - 1]

    def released(self) -> int:
        """How many presses of this chat's buttons the bot has answered; presses are numbered for all chats."""
        return sum(one.get("answered") in self._pressed for one in list(self._platform.sent))

    def presses(self, message: dict[str, Any], label: str) -> None:
        [data] = [one["callback_data"] for one in buttons(message) if one["text"] == label]

        def press() -> str:
            self._platform.press(self.chat, data)
            return str(self._platform.pending[-1]["callback_query"]["id"])

        self._pressed.add(self._serving.do(press))


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for row in message["reply_markup"].get("inline_keyboard", []) for one in row]


def labels(message: dict[str, Any]) -> list[str]:
    return [one["text"] for one in buttons(message)]


def record(gateway: Running, chat: int) -> dict[str, Any]:
    """The newest record of a chat, as `faultgate records` lists it."""
    found = [one for one in gateway.records() if one["reporter"]["messenger"] == f"telegram:{chat}"]
    return found[-1]


def ticket(gateway: Running, number: str) -> tuple[str, list[tuple[str, str]]]:
    """The status of a built-in ticket, and its entries as (verb, text)."""
    [path] = (gateway.folder / "data").glob("*.db")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as archive:
        [(row, status)] = archive.execute("SELECT id, status FROM tickets WHERE external_id = ?", (number,))
        entries = archive.execute("SELECT verb, body FROM ticket_entries WHERE ticket = ? ORDER BY at", (row,))
        return status, [(verb, json.loads(body)["text"]) for verb, body in entries]


def number_in(message: dict[str, Any]) -> str:
    found = re.search(r"FR-\d{4}-\d{7}", message["text"])
    assert found is not None, message["text"]
    return found[0]


def test_advice_in_vain_becomes_an_incident_with_all_that_was_tried(serving: Serving, gateway: Running) -> None:
    anna = Customer(serving, 101)
    anna.says("Здравствуйте!")
    anna.says("Слабый вайфай в дальней комнате, договор 4410-22871")
    advice, steps = anna.hears(), 0
    number = number_in(advice)
    while "Не помогло" in labels(advice):
        steps += 1
        if steps % 2:
            anna.presses(advice, "Не помогло")
        else:
            anna.says("не помогло")
        advice = anna.hears()
    assert advice["reply_markup"]["keyboard"][0][0]["request_contact"]  # the incident wants a telephone
    made = record(gateway, 101)
    assert (made["id"], made["classification"]["disposition"]) == (number, "incident")
    assert "solution-in-vain" in made["classification"]["rule_hits"]
    assert len(made["dialogue"]["tried"]) == steps > 1
    anna.shares("+79173402218")
    last = anna.hears()
    assert "Передали обращение" in last["text"]
    assert labels(last) == ["Что с обращением?", "Отменить"]
    eventually(lambda: len(ticket(gateway, number)[1]) == 2, "the ticket is amended")
    (first, told), (second, phone) = ticket(gateway, number)[1]
    assert (first, second, phone) == ("amend", "amend", "tel. +79173402218")
    assert told.startswith("Клиент уже попробовал, не помогло:\n1. ")
    assert f"\n{steps}. " in told
    assert len(anna.messages()) == steps + 2  # one message for one event
    pressed = eventually(lambda: anna.released() == (steps + 1) // 2, "every press is released")
    assert pressed


def test_a_customer_in_china_is_helped_and_the_report_is_closed(serving: Serving, gateway: Running) -> None:
    wang = Customer(serving, 102)
    wang.says("我家WiFi信号弱，卧室网速很慢")
    advice = wang.hears()
    number = number_in(advice)
    assert labels(advice) == ["解决了", "没有解决"]
    wang.says("没用")
    again = wang.hears()
    assert again["text"].startswith("那请您再试试")
    wang.says("好了，谢谢")
    thanks = wang.hears()
    assert "很高兴问题已经解决" in thanks["text"]
    assert number_in(thanks) == number
    eventually(lambda: ticket(gateway, number)[0] == "cancelled", "the ticket is off the table")
    assert ticket(gateway, number)[1] == [("withdraw", "客户表示已恢复正常。")]
    wang.says("电视没有信号了")
    assert number_in(wang.hears()) != number  # a conversation that is finished is not gone on with


def test_he_asks_how_it_stands_adds_and_withdraws(serving: Serving, gateway: Running) -> None:
    oleg = Customer(serving, 103)
    oleg.says("Не работает интернет, горит красная лампочка LOS. Уфа, ул. Айская, д. 64/1. Тел. 8 917 340-22-18")
    receipt = oleg.hears()
    number = number_in(receipt)
    assert "Дальше им займутся" in receipt["text"]
    oleg.presses(receipt, "Что с обращением?")
    assert oleg.hears()["text"] == f"Обращение {number}: сейчас оно принято и ждёт специалиста."
    oleg.says("Ещё и телефон молчит")
    assert oleg.hears()["text"].startswith(f"Добавили к обращению {number}")
    oleg.says("спасибо!")
    oleg.says("Отмените, пожалуйста")
    assert oleg.hears()["text"].startswith(f"Обращение {number} отменено")
    assert ticket(gateway, number) == ("cancelled", [("amend", "Ещё и телефон молчит"), ("withdraw", ANY)])
    assert len(oleg.messages()) == 4
    assert "спасибо" not in record(gateway, 103)["description"]


@pytest.mark.usefixtures("gateway")
def test_who_tells_nothing_is_asked_and_may_take_it_back(serving: Serving) -> None:
    guest = Customer(serving, 104)
    guest.says("Добрый день")
    question = guest.hears()
    assert "что случилось" in question["text"]
    guest.says("отмените")
    assert guest.hears()["text"].startswith(f"Обращение {number_in(question)} отменено")


def test_a_flood_of_one_chat_is_answered_so_often_and_no_other_waits_for_it(serving: Serving, gateway: Running) -> None:
    flood, other = Customer(serving, 105), Customer(serving, 106)
    for number in range(60):
        flood.says(f"Не работает интернет {number}")
    other.says("Нет интернета, горит красная лампочка LOS")
    assert number_in(other.hears())
    flood.hears()
    while len(flood.messages()) < MOST:
        flood.says("как дела с заявкой?")
        flood.hears()
    flood.says("как дела с заявкой?")
    asked = MOST + 1
    eventually(lambda: len(record(gateway, 105)["dialogue"]["requests"]) >= asked - 1, "the flood is read")
    other.says("как дела с заявкой?")
    assert "сейчас оно" in other.hears()["text"]
    assert len(flood.messages()) == MOST
