"""The page of the texts of answers: read by seniors, written by admins, and never what could not be sent."""

from html import escape
from typing import Any

import pytest

from desk.pages import chapters
from desk.words import MEANINGS
from records.deliveries import BY_PERSON, CAUSES, Kind, Medium
from records.templates import PLACEHOLDERS
from records.words import DecidedBy
from storage import templates
from tests.window.front import HTML, Window, field

ADDRESS = "/texts/receipt/ru/mail"
OWN = "Здравствуйте!\n\nВаш номер {number}, получено {received}.\n\n{desk}"


def send(window: Window, text: str, login: str = "admin", address: str = ADDRESS, **more: str) -> Any:
    client = window.client(login, **HTML)
    page = client.get(address).text
    data = {"text": text, "base": field(page, "base"), "act": "save", "csrf": field(page, "csrf"), **more}
    return client.post(address, data=data)


def kept(window: Window, channel: str | None = None) -> str | None:
    with window.database.read() as tx:
        return templates.override(tx, Kind.RECEIPT, "ru", Medium.MAIL, channel)


def test_every_text_is_listed_and_opens(window: Window) -> None:
    client = window.client("senior", **HTML)
    page = client.get("/texts").text

    for kind in Kind:
        for medium in Medium:
            address = f"/texts/{kind}/it/{medium}"
            assert address in page
            shown = client.get(address)
            assert shown.status_code == 200
            assert 'role="alert" id="wrong" hidden' in shown.text, address


def test_a_text_is_kept_and_the_way_back_is_open(window: Window) -> None:
    answer = send(window, OWN.replace("\n", "\r\n"))

    assert (answer.status_code, answer.headers["location"]) == (303, f"{ADDRESS}?notice=text-kept")
    assert kept(window) == OWN
    assert "own text" in window.client("senior", **HTML).get("/texts").text
    assert ("admin", "text written") in window.log()
    assert send(window, "", act="back").status_code == 303
    assert kept(window) is None
    page = window.client("senior", **HTML).get(ADDRESS).text
    assert "back to the shipped text" in page
    assert page.index("Version 2") < page.index("Version 1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Номер {numbr}", "There is no placeholder {numbr}. Did you mean {number}?"),
        ("Без номера", "{number} is missing"),
        ("{number", "A brace stands alone"),
        ("{number.__class__}", "A brace stands alone"),
        ("{number!r}", "A brace stands alone"),
        ("{number:>1000000}", "A brace stands alone"),
        ("{} {number}", "A brace stands alone"),
        (" \n ", "The text is empty."),
        ("{number}" + "x" * 4000, "longer than 4000"),
    ],
)
def test_what_can_t_be_sent_is_refused_and_what_was_typed_stays(window: Window, text: str, told: str) -> None:
    answer = send(window, text)

    assert answer.status_code == 422
    assert told in answer.text
    assert escape(text.strip()) in answer.text
    assert kept(window) is None


def test_the_preview_is_what_the_reader_gets_and_keeps_nothing(window: Window) -> None:
    report = window.report()

    shown = send(window, f"{OWN} {{greeting}}", act="preview", report=report)

    assert f"Ваш номер {report}, получено 27.11.2026 12:00 (MSK)." in shown.text
    assert "Здравствуйте, Иванов Иван!" in shown.text
    assert kept(window) is None
    assert ("admin", "look") in window.log()


def test_the_live_preview_tells_text_or_trouble(window: Window) -> None:
    client = window.client("senior")

    def ask(text: str, report: str = "") -> Any:
        return client.post(f"{ADDRESS}/preview", data={"text": text, "report": report}).json()

    assert ask("{number} от {desk}") == {"text": "FR-2026-0001187 от Faultgate"}
    assert "{numbr}" in ask("{numbr}")["wrong"]
    assert ask("{number}", "FR-2026-0009999") == {"wrong": "There is no such page or report."}
    assert ask("<b>{number}</b>")["text"] == "<b>FR-2026-0001187</b>"  # plain text: it is shown as it is


def test_markup_is_text(window: Window) -> None:
    send(window, "<script>alert(1)</script> {number}")

    page = window.client("senior", **HTML).get(ADDRESS).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; FR-2026-0001187" in page


def test_a_channel_has_a_text_of_its_own(window: Window) -> None:
    assert send(window, OWN, address=f"{ADDRESS}?channel=mail", channel="mail").status_code == 303
    assert (kept(window, "mail"), kept(window)) == (OWN, None)
    assert send(window, OWN, channel="nowhere").status_code == 422


def test_two_admins_can_t_overwrite_each_other(window: Window) -> None:
    send(window, OWN)

    late = send(window, f"mine {OWN}", base="0")

    assert late.status_code == 409
    assert "Somebody has written a newer text" in late.text
    assert kept(window) == OWN


@pytest.mark.parametrize(("login", "reads", "writes"), [("clerk", 403, 403), ("senior", 200, 403), ("admin", 200, 303)])
def test_who_may(window: Window, login: str, reads: int, writes: int) -> None:
    client = window.client(login, **HTML)

    assert client.get(ADDRESS).status_code == reads
    answer = client.post(ADDRESS, data={"text": OWN, "base": "0", "csrf": client.headers["x-csrf-token"]})
    assert answer.status_code == writes


@pytest.mark.parametrize("address", ["/texts/receipt/xx/mail", "/texts/recept/ru/mail", "/texts/receipt/ru/fax"])
def test_what_is_not_there_is_said(window: Window, address: str) -> None:
    assert window.client("admin", **HTML).get(address).status_code in (404, 422)


def test_every_placeholder_and_every_cause_has_its_words() -> None:
    assert MEANINGS == PLACEHOLDERS
    assert set(CAUSES) == set(Kind)
    assert set(chapters.CAUSES) == {*CAUSES.values(), BY_PERSON}


def test_a_person_changes_the_route(window: Window) -> None:
    number = window.report()
    client = window.client("senior")

    answer = client.patch(
        f"/api/v1/reports/{number}",
        json={"classification": {"disposition": "incident", "route": {"line": 3, "company": "Volga"}}},
        headers={"if-match": '"1"'},
    )

    assert answer.status_code == 200, answer.text
    decision = client.get(f"/api/v1/reports/{number}").json()["record"]["classification"]
    assert decision["decided_by"] == DecidedBy.SENIOR
    assert (decision["route"]["line"], decision["route"]["company"], decision["route"]["rule"]) == (3, "Volga", None)
    wrong = client.patch(
        f"/api/v1/reports/{number}", json={"classification": {"route": {"line": 4}}}, headers={"if-match": '"2"'}
    )
    assert "classification.route.line" in wrong.json()["errors"]


def test_programs_read_and_write_texts(window: Window) -> None:
    admin = window.client("admin")
    address = "/api/v1/texts/closing/it/chat"

    first = admin.get(address)
    assert (first.headers["etag"], first.json()["own"]) == ('"0"', None)
    put = admin.put(address, json={"text": "{number}: {status}"}, headers={"if-match": first.headers["etag"]})

    assert (put.status_code, put.json()["version"]) == (200, 1)
    [own] = window.client("senior").get("/api/v1/texts").json()["texts"]
    assert (own["kind"], own["medium"], own["channel"], own["own"], own["author"]) == (
        "closing", "chat", None, "{number}: {status}", "admin",
    )  # fmt: skip
    wrong = admin.put(address, json={"text": "{nmber}"}, headers={"if-match": '"1"'})
    assert wrong.status_code == 422
    assert "did you mean {number}?" in wrong.json()["errors"]["text"]
    assert admin.put(address, json={"text": None}, headers={"if-match": '"0"'}).status_code == 412
    assert admin.put(address, json={"text": None}).status_code == 428
    assert admin.put(address, json={"text": None}, headers={"if-match": '"1"'}).json()["version"] == 2
    assert admin.get("/api/v1/texts").json() == {"texts": []}
    assert admin.get("/api/v1/texts/closing/xx/chat").status_code == 404
    assert admin.get(f"{address}?channel=nowhere").status_code == 422
    assert window.client("clerk").get(address).status_code == 403
    assert window.client("senior").put(address, json={"text": "x"}, headers={"if-match": '"2"'}).status_code == 403
