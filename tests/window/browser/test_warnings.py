"""Promises and warnings in a browser: bars that say in words what their colour says, and a list to work through."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from config.settings import Settings
from records.clocks import Promise
from records.people import Role
from records.words import Urgency
from storage import promises, ringing
from storage.database import Transaction
from storage.rows import micros
from tests.window.browser.window import Window

Visit = Callable[..., Page]
HOUR = timedelta(hours=1)
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def late(window: Window) -> str:
    """A report whose dispatch is broken and whose answer is near its end; and another that repeats it."""
    now = datetime.now(UTC)
    said = {"reporter.name": "Галина Соколова", "reporter.phone": "+79170000002", "description": "Нет интернета"}
    number = window.mail("Нет интернета", said, ago=30 * HOUR, urgency=Urgency.URGENT)
    again = window.mail("Когда почините? Нет интернета", said, ago=HOUR / 6)
    report, repeat = (int(one.rpartition("-")[2]) for one in (number, again))

    def work(tx: Transaction) -> None:
        promises.begin(tx, report, Promise.DISPATCH, micros(now - 2 * HOUR))
        promises.begin(tx, report, Promise.WORK, micros(now - HOUR))
        promises.begin(tx, report, Promise.ANSWER, micros(now - 20 * HOUR), Urgency.URGENT)
        promises.repeated(tx, repeat, report, now)

    window.database.write(work)
    window.database.write(partial(ringing.ring, now=now, clocks=Settings().promises()))
    window.person("irina", Role.SUPERVISOR, "Ирина Белова")
    return number


def test_a_report_shows_each_promise_in_words_and_as_a_bar(window: Window, late: str, visit: Visit) -> None:
    page = visit(window, "anna")
    page.goto("/?state=settled")
    expect(page.locator(f".report:has-text('{late}') .chip.urgent").first).to_contain_text("передача в работу")
    page.goto(f"/reports/{late}")
    bars = page.locator(".promise")
    expect(bars.filter(has_text="передача в работу")).to_contain_text("просрочено на 1 ч")
    expect(bars.filter(has_text="начало работ")).to_contain_text("осталось")
    for bar in bars.all():
        assert 0 <= int(bar.locator("progress").get_attribute("value") or -1) <= 100
        assert bar.locator("progress").get_attribute("aria-label")


def test_a_supervisor_works_through_his_list(window: Window, late: str, visit: Visit) -> None:
    page = visit(window, "irina")
    page.click("nav >> text=Предупреждения")
    page.locator(".tabs a").last.click()
    lines = page.locator("#warnings li")
    before = lines.count()
    expect(lines.filter(has_text="обратился повторно после срока")).to_contain_text(late)
    page.get_by_label("Снять: ").first.click()
    expect(page.locator("#said")).to_contain_text("Снято со списка")
    expect(lines).to_have_count(before - 1)


def test_the_list_fits_a_telephone(window: Window, late: str, visit: Visit) -> None:
    page = visit(window, "olga", PHONE)
    page.goto("/warnings")
    expect(page.locator("#warnings")).to_contain_text(late)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
