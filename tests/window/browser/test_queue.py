"""The queue in a browser: the first due first, in words too; new reports come by themselves and disturb nobody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from records.words import Review, Service, Urgency
from tests.window.browser.window import Window

Visit = Callable[..., Page]
MINUTES = timedelta(minutes=1)
DOUBT = (Review.UNDECIDED,)


@pytest.fixture(scope="module")
def waiting(window: Window) -> dict[str, str]:
    """Reports at each stage of their two hours."""
    said = {"reporter.name": "Иван Петров", "reporter.phone": "+79170000001", "description": "Не работает"}
    return {
        "calm": window.mail("Не работает 1", said, needs_review=DOUBT),
        "over": window.mail("Не работает 2", said, ago=130 * MINUTES, needs_review=DOUBT),
        "half": window.mail("Не работает 3", said, ago=70 * MINUTES, needs_review=DOUBT, service=Service.TELEPHONY),
        "late": window.mail("Не работает 4", said, ago=100 * MINUTES, needs_review=DOUBT, urgency=Urgency.URGENT),
    }


def numbers(page: Page) -> list[str]:
    return page.locator(".report-link").all_inner_texts()


def test_what_is_due_first_stands_first_and_says_so_in_words(
    window: Window, waiting: dict[str, str], visit: Visit
) -> None:
    page = visit(window, "anna")
    shown = [number for number in numbers(page) if number in waiting.values()]
    assert shown == [waiting[stage] for stage in ("over", "late", "half", "calm")]
    stages = {"over": "просрочено", "late": "прошло три четверти", "half": "прошла половина", "calm": "осталось"}
    for stage, words in stages.items():
        clock = page.locator(f".report:has-text('{waiting[stage]}') .clock")
        expect(clock).to_contain_text(words)
        assert clock.locator("svg use").get_attribute("href").endswith(f"#{stage}")  # type: ignore[union-attr]
    expect(page.locator(f".report:has-text('{waiting['late']}') .chip.urgent")).to_have_text("срочно")
    expect(page.locator(".tabs .over")).to_contain_text("1")


def test_filters_narrow_the_list_and_are_kept(window: Window, waiting: dict[str, str], visit: Visit) -> None:
    page = visit(window, "anna")
    page.click(".filters summary")
    page.select_option("#f-service", "telephony")
    page.wait_for_url("**service=telephony**")
    assert numbers(page) == [waiting["half"]]
    page.click("text=Показать все")
    assert len(numbers(page)) >= len(waiting)
    page.click(".tabs a:has-text('Просрочено')")
    assert numbers(page) == [waiting["over"]]


def test_new_reports_appear_without_a_reload_and_keep_focus_and_place(
    window: Window, waiting: dict[str, str], visit: Visit
) -> None:
    page = visit(window, "anna")
    page.evaluate("window.same = true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".report-link:focus")).to_have_text(waiting["late"])
    window.take(waiting["late"], "boris")
    before = window.mail("Уже просрочено", {"description": "Новое"}, ago=125 * MINUTES, needs_review=DOUBT)
    fresh = window.mail("Новое обращение", {"description": "Новое"}, ago=60 * MINUTES, needs_review=DOUBT)
    expect(page.locator(f".report-link:has-text('{fresh}')")).to_be_visible()
    expect(page.locator("#told")).to_contain_text(re.compile("[12]"))
    expect(page.locator(f".report:has-text('{waiting['late']}') .taken")).to_contain_text("boris")
    expect(page.locator(".report-link:focus")).to_have_text(waiting["late"])
    assert numbers(page).index(before) < numbers(page).index(waiting["late"])
    assert page.evaluate("window.same")
    assert numbers(page).index(fresh) < numbers(page).index(waiting["calm"])


def test_what_is_done_is_counted_and_listed(window: Window, waiting: dict[str, str], visit: Visit) -> None:
    done = window.mail("Готово", {"reporter.name": "Готов", "reporter.phone": "+79170000002", "description": "Готово"})
    page = visit(window, "anna")
    assert int(page.locator(".tabs a:has-text('Готово') b").inner_text()) >= 1
    page.click(".tabs a:has-text('Готово')")
    assert done in numbers(page)
    assert not set(numbers(page)) & set(waiting.values())


def test_keys_go_from_report_to_report_and_open_it(window: Window, waiting: dict[str, str], visit: Visit) -> None:
    page = visit(window, "anna")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    for key in ("j", "ArrowDown", "k"):
        page.keyboard.press(key)
    expect(page.locator(".report-link:focus")).to_have_text(waiting["over"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{waiting['over']}/review")


def test_who_has_a_report_open_is_shown_to_others(window: Window, waiting: dict[str, str], visit: Visit) -> None:
    anna, boris = visit(window, "anna"), visit(window, "boris")
    anna.goto(f"/reports/{waiting['calm']}/review")
    expect(boris.locator(f".report:has-text('{waiting['calm']}') .taken")).to_contain_text("anna")
    boris.goto(f"/reports/{waiting['calm']}/review")
    expect(boris.locator("#holder")).to_contain_text("anna")
    boris.goto("/next")  # what another has open is not the next one
    assert waiting["calm"] not in boris.url


def test_search_finds_by_the_last_digits_and_leaves_nothing_in_the_address(window: Window, visit: Visit) -> None:
    window.mail("Поиск", {"reporter.name": "Редкова Зинаида", "reporter.phone": "+79171112233", "description": "x"})
    page = visit(window, "anna")
    page.keyboard.press("/")
    page.keyboard.type("112233")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    expect(page.locator(".reports")).to_contain_text("Редкова Зинаида")
    assert "112233" not in page.url
    page.click(".report-link")
    page.go_back()
    expect(page.locator(".reports")).to_contain_text("Редкова Зинаида")  # nothing is sent again
