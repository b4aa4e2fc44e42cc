"""Was it solved? The page of the two links: looking changes nothing, the button says it once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from config.settings import Desk, Gateway, Storage
from records.numbers import report_of
from records.tokens import Verdict, verdict_token
from storage import verdicts
from storage.content import original
from storage.database import Database
from storage.records import kept
from tests.window.front import HTML, KEY, Window


def link(window: Window, number: str, *, solved: bool, days: float = 14) -> str:
    verdict = Verdict(report_of(number) or 0, solved, window.now + timedelta(days=days))
    return f"/solved/{verdict_token(KEY, verdict)}"


def arrived(window: Window) -> list[Any]:
    rows = window.rows("SELECT id FROM reports WHERE channel = 'answers' ORDER BY id")
    with window.database.read() as tx:
        return [kept(tx, row["id"]) for row in rows]


@pytest.mark.parametrize(("solved", "word"), [(True, b"yes"), (False, b"no")])
def test_looking_changes_nothing_and_the_button_says_it(window: Window, solved: bool, word: bytes) -> None:  # noqa: FBT001 - a case
    number = window.report()
    client = window.client(None, **HTML)
    address = link(window, number, solved=solved)

    for method in ("GET", "HEAD", "GET"):
        assert client.request(method, address).status_code in (200, 405)
    page = client.get(address).text
    assert 'lang="ru"' in page
    assert number in page
    assert "Иванов" not in page
    assert arrived(window) == []

    answer = client.post(address, headers={"origin": "https://answers.example.net"})

    assert answer.status_code == 200
    assert "Спасибо" in answer.text
    [one] = arrived(window)
    assert one.envelope.about == number
    with window.database.read() as tx:
        assert original(tx, window.services.originals, one.sha256).startswith(word)


def test_a_second_tap_is_the_same_message(window: Window) -> None:
    address = link(window, window.report(), solved=True)
    client = window.client(None, **HTML)

    assert client.post(address).status_code == client.post(address).status_code == 200

    assert len(arrived(window)) == 1


def test_the_same_word_about_two_reports_is_two_messages(window: Window) -> None:
    client = window.client(None, **HTML)
    for content in (b"%PDF-1.7 one", b"%PDF-1.7 two"):
        client.post(link(window, window.report(content), solved=True))

    assert len(arrived(window)) == 2


def test_a_link_that_has_run_out_says_so_and_takes_nothing(window: Window) -> None:
    address = link(window, window.report(), solved=False, days=-0.01)
    client = window.client(None, **HTML)

    assert client.get(address).status_code == 200
    answer = client.post(address)

    assert answer.status_code == 410
    assert "<form" not in answer.text
    assert arrived(window) == []


def test_a_link_that_we_did_not_make_leads_nowhere(window: Window) -> None:
    number = window.report()
    client = window.client(None, **HTML)
    good = link(window, number, solved=True)
    head, _, mac = good.rpartition("-")
    forged = (
        good.replace("-yes-", "-no-"), f"{head}-{'a' * 32}", good + "a", good.upper(), "/solved/x", f"/solved/{mac}",
        link(window, "FR-2026-0009999", solved=True),
    )  # fmt: skip
    for address in forged:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in (403, 404), address
    assert arrived(window) == []


def test_behind_a_proxy_the_customers_address_may_be_another(
    profile: tuple[Gateway, Storage], database: Database
) -> None:
    window = Window(profile, database, Desk(language="en", public_url="https://desk.example.net"))
    client = window.client(None, **HTML)
    address = link(window, window.report(), solved=True)

    assert client.post(address, headers={"origin": "https://answers.example.net"}).status_code == 200
    assert len(arrived(window)) == 1


def test_the_numbers_are_shown(window: Window) -> None:
    for place, solved in enumerate((True, True, False)):
        number = window.report(f"%PDF-1.7 {place}".encode(), service="iptv")
        give = partial(verdicts.give, report=report_of(number) or 0, solved=solved, way="mail", at=window.now)
        window.database.write(give)

    page = window.client("senior", **HTML).get("/outcomes").text

    assert "2026-11-23" in page
    assert "67 %" in page
    assert window.client("clerk", **HTML).get("/outcomes").status_code == 403
