"""The page of one text: it shows what the reader gets while it is written, and works without its script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from records.deliveries import Kind, Medium
from records.people import Role
from storage import templates
from tests.window.browser.window import Line, Window

Visit = Callable[..., Page]
ADDRESS = "/texts/receipt/ru/mail"


@pytest.fixture(scope="module")
def admin(window: Window) -> Window:
    window.person("root", Role.ADMIN, "Анна Петрова")
    return window


def kept(window: Window) -> str | None:
    with window.database.read() as tx:
        return templates.override(tx, Kind.RECEIPT, "ru", Medium.MAIL, None)


def test_a_text_is_seen_as_its_reader_gets_it_and_kept(admin: Window, visit: Visit) -> None:
    report = admin.fax([[Line("Петров Пётр", "reporter.name"), Line("8 917 340-22-18", "reporter.phone")]])
    page = visit(admin, "root")
    page.goto("/texts")
    page.locator(f"a[href='{ADDRESS}']").first.click()
    expect(page.locator("#preview")).to_contain_text("Здравствуйте, Галина Соколова!")

    page.fill("#report", report)
    expect(page.locator("#preview")).to_contain_text(report)
    page.fill("#text", "Номер {numbr}")
    expect(page.locator("#wrong")).to_contain_text("{number}")
    page.fill("#text", "{greeting}\n\nНомер {number} <b>записан</b>.\n\n{desk}")
    expect(page.locator("#wrong")).to_be_hidden()
    expect(page.locator("#preview")).to_contain_text(f"Номер {report} <b>записан</b>.")
    page.click("button[value=save]")

    expect(page.locator("[role=status]")).to_be_visible()
    assert kept(admin) == "{greeting}\n\nНомер {number} <b>записан</b>.\n\n{desk}"
    page.click("button[value=back]")
    assert kept(admin) is None


def test_without_its_script_the_button_shows_it(admin: Window, visit: Visit) -> None:
    page = visit(admin, "root")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(ADDRESS)

    page.fill("#text", "Номер {number}")
    page.click("#show-preview")

    expect(page.locator("#preview")).to_have_text("Номер FR-2026-0001187")
    assert kept(admin) is None


@pytest.mark.parametrize("size", [(360, 740), (1366, 768)], ids=["a phone", "a screen"])
def test_the_pages_do_not_scroll_sideways(admin: Window, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(admin, "root", {"width": size[0], "height": size[1]})
    for address in ("/texts", ADDRESS, "/texts/solved_question/zh/mail", "/outcomes"):
        page.goto(address)
        wide = page.locator("html").evaluate("node => node.scrollWidth - node.clientWidth")
        assert wide == 0, address


def test_a_senior_reads_only(admin: Window, visit: Visit) -> None:
    page = visit(admin, "olga")
    page.goto(ADDRESS)

    expect(page.locator("#text")).to_have_attribute("readonly", "")
    expect(page.locator("button[value=save]")).to_have_count(0)
