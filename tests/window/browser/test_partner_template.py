"""A senior makes a template from a partner's mail in a browser: he marks the number and chooses what labels mean."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from records.arrival import Arrival
from records.words import Review
from storage import partner_templates
from tests.partner_mail import ticket
from tests.window.browser.window import Window

Visit = Callable[..., Page]

MAIL = ticket("INC-20417", "Авария {number} на линии", sender="NOC <noc@acme.example>")


@pytest.fixture(scope="module")
def number(window: Window) -> str:
    arrival = Arrival(
        channel="mail", media_type="message/rfc822", content=MAIL, size=len(MAIL),
        sha256=hashlib.sha256(MAIL).hexdigest(), received_at=datetime.now(UTC),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as other:  # the browser's own loop runs in this thread
        return other.submit(asyncio.run, window.services.reception.accept(arrival)).result().id


def mark(page: Page, text: str) -> None:
    """Mark a word of the subject with the mouse, as people do: a double click takes a part, dragging all of it."""
    place = (
        page.locator("#subject")
        .evaluate_handle(
            """(subject, text) => {
            const range = document.createRange(), at = subject.textContent.indexOf(text);
            range.setStart(subject.firstChild, at); range.setEnd(subject.firstChild, at + text.length);
            const {left, right, top, bottom} = range.getBoundingClientRect();
            return {left, right, middle: (top + bottom) / 2};
        }""",
            text,
        )
        .json_value()
    )
    page.mouse.move(place["left"] + 1, place["middle"])
    page.mouse.down()
    page.mouse.move(place["right"] - 1, place["middle"], steps=8)
    page.mouse.up()


def test_a_template_is_made_looked_at_and_kept(window: Window, visit: Visit, number: str) -> None:
    page = visit(window, "olga")
    page.goto(f"/reports/{number}/template")
    expect(page.locator("#number")).to_have_value("INC-20417")
    page.fill("#number", "")
    mark(page, "INC-20417")
    expect(page.locator("#number")).to_have_value("INC-20417")
    page.fill("#name", "Акме")
    page.select_option("select[name=field-5]", "description")
    page.check("input[name=required][value=description]")
    page.fill("#word-completed", "восстановлено")
    page.click("button[name=preview]")

    preview = page.locator("#preview")
    expect(preview).to_contain_text("прочитано")
    expect(preview).to_contain_text("не работает интернет")
    expect(page.locator("#word-completed")).to_have_value("восстановлено")
    expect(page.locator("input[name=required][value=description]")).to_be_checked()
    page.click("button[name=save]")
    expect(page.locator("table")).to_contain_text("Акме")

    with window.database.read() as tx:
        [kept] = partner_templates.templates(tx)
    assert (kept.name, kept.author, kept.enabled) == ("Акме", "olga", True)
    page.click("form[action='/partners/акме/close'] button")
    expect(page.locator("table")).to_contain_text("закрыт")


def test_a_template_that_does_not_read_its_own_mail_is_refused(window: Window, visit: Visit, number: str) -> None:
    page = visit(window, "olga")
    page.goto(f"/reports/{number}/template")
    page.fill("#name", "Бета")
    page.check("input[name=required][value=circuits]")
    page.click("button[name=save]")
    expect(page.locator(".error")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Бета")


def test_on_a_telephone_nothing_is_wider_than_the_screen(window: Window, visit: Visit, number: str) -> None:
    page = visit(window, "olga", {"width": 390, "height": 800})
    page.goto(f"/reports/{number}/template")
    wide = page.evaluate_handle("() => document.documentElement.scrollWidth").json_value()
    assert wide <= 390
    expect(page.locator("button[name=save]")).to_be_attached()


def test_what_no_template_knows_is_told_where_it_is_checked(window: Window, visit: Visit) -> None:
    found = window.mail("Номер заявки: 7", {}, needs_review=(Review.UNKNOWN_PARTNER,))
    for login, offered in (("olga", 1), ("anna", 0)):
        page = visit(window, login)
        page.goto(f"/reports/{found}/review")
        expect(page.locator("#unknown-partner")).to_contain_text("ни один шаблон")
        expect(page.locator("#unknown-partner a")).to_have_count(offered)


def test_a_clerk_is_not_offered_it(window: Window, visit: Visit, number: str) -> None:
    page = visit(window, "anna")
    page.goto(f"/reports/{number}")
    expect(page.locator("#make-template")).to_have_count(0)
