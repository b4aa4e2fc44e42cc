"""A mass outage in a browser: the bell on the queue, the tree, what reporters will read, and that it is confirmed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from gateway import registers
from records.outage import Outage, OutageState
from records.registers import Node
from storage import outages
from tests.window.browser.window import Window

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
PATH = ("campus", "south", "centre")
TREE = [
    Node(id="centre", kind="центр", name="Пенза"), Node(id="south", parent="centre", kind="район", name="Южный"),
    Node(id="campus", parent="south", kind="кампус", name="Ладожская"),
    *(Node(id=f"h{n}", parent="campus", kind="дом", name=f"ул. Ладожская, {n}", subscribers=60) for n in range(80, 90)),
]  # fmt: skip


@pytest.fixture(scope="module")
def numbers(window: Window) -> list[str]:
    """The reports of an outage that is suspected."""
    now = datetime.now(UTC)
    registers.keep(window.database, "nodes", TREE, "test", now)
    said = {"reporter.name": "Галина Соколова", "reporter.phone": "+79170000002", "description": "Нет интернета"}
    made = [window.mail(f"Нет интернета {n}", said, ago=timedelta(minutes=30 - n)) for n in range(4)]
    rows = [int(one.rpartition("-")[2]) for one in made]
    for place, report in enumerate(rows):
        at = now - timedelta(minutes=30 - place)
        path = (f"h{80 + place}", *PATH)
        window.database.write(partial(outages.sighted, report=report, at=at, who=str(report), path=path))
    one = Outage(
        id=0, node="campus", name="кампус Ладожская", path=PATH, state=OutageState.SUSPECTED, score=20.51,
        expected=0.03, since=now - timedelta(minutes=30), seen_at=now - timedelta(minutes=20),
    )  # fmt: skip
    window.database.write(partial(outages.open_outage, outage=one, reports=rows))
    return made


def test_a_senior_takes_it_from_the_bell_to_its_end(window: Window, numbers: list[str], visit: Visit) -> None:
    page = visit(window, "olga")
    page.goto("/")
    bell = page.locator("#outage-1")
    expect(bell).to_contain_text("Возможна массовая авария: кампус Ладожская")
    expect(bell).to_contain_text("4 обращения")
    bell.get_by_role("link").click()
    tree = page.locator("#tree li")
    expect(tree.nth(2)).to_have_attribute("aria-current", "true")
    expect(tree.nth(0)).to_contain_text("Пенза")
    expect(page.locator("#reports li")).to_have_count(4)

    page.select_option("#cause", "cable")
    until = datetime.now(UTC) + timedelta(hours=8)
    page.fill("#expected_end", until.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Показать, что прочтут").click()
    expect(page.locator("#preview")).to_contain_text("повреждён кабель")
    expect(page.locator("#outage-state")).to_have_text("предполагается")
    assert page.input_value("#cause") == "cable"  # what was typed stays

    page.get_by_role("button", name="Подтвердить аварию").click()
    expect(page.locator("#said")).to_contain_text("Подтверждено")
    expect(page.locator("#outage-state")).to_have_text("подтверждена")
    master = page.locator("#master").inner_text()
    page.goto(f"/reports/{numbers[0]}")
    expect(page.locator("#outage")).to_contain_text(master)

    page.click("#outage >> text=кампус")
    page.get_by_role("button", name="Авария закончилась").click()
    expect(page.locator("#outage-state")).to_have_text("закончилась")
    expect(page.locator("#confirm")).to_have_count(0)
    page.goto("/")
    expect(page.locator("#outage-1")).to_have_count(0)


def test_the_pages_fit_a_telephone(window: Window, numbers: list[str], visit: Visit) -> None:
    page = visit(window, "anna", PHONE)
    for path in ("/outages", "/outages/1"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text("кампус Ладожская")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert numbers
