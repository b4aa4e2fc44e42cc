"""The review in a browser: fields beside the picture, by keys alone; two people; a session that ends."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from records.numbers import report_of
from records.standing import Level, State
from records.words import Order, Review
from storage import records
from storage.content import original
from tests.gateway.running import eventually
from tests.window.browser.window import PASSWORD, Line, Window

Visit = Callable[..., Page]

FAX = (
    (
        Line("от: Соколова Галина Петровна", "reporter.name", "Соколова Галина Петровна"),
        Line("тел. 8 (917) 34O-22-1B", "reporter.phone", "8 (917) 34O-22-1B", 0.41),
        Line("Договор 4410-22871", "affected.account", "4410-22871"),
        Line("Третий день не работает интернет.", "description"),
    ),
    (Line("Город: Уфа", "affected.address.city", "Уфа"),),
    (Line("Подпись"),),
)


@pytest.fixture
def fax(window: Window, request: pytest.FixtureRequest) -> str:
    return window.fax([*FAX, [Line(request.node.name)]])


def sha256_of(window: Window, number: str) -> str:
    with window.database.read() as tx:
        found = records.kept(tx, report_of(number) or 0)
    assert found is not None
    return found.sha256


def open_review(page: Page, number: str) -> None:
    page.goto(f"/reports/{number}/review")
    expect(page.locator("#paper-picture")).to_have_js_property("complete", value=True)


def test_a_telephone_number_is_corrected_by_keys_alone(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "olga")
    open_review(page, fax)
    phone = page.locator("#f-reporter-phone")
    expect(phone).to_be_focused()  # what is to be checked is where one begins
    expect(page.locator(".paper-boxes .lit")).to_have_count(1)
    page.keyboard.press("Alt+Enter")
    expect(phone).to_have_value("8 (917) 34O-22-1B")
    page.keyboard.press("Control+a")
    page.keyboard.type("8 917 340-22-18")
    page.keyboard.press("Enter")
    expect(page.locator("#f-reporter-email")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(phone).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/reports/{fax}?notice=saved")
    assert window.record(fax).reporter.phone == "+79173402218"
    assert Review.LOW_OCR_CONFIDENCE not in window.record(fax).needs_review
    expect(page.locator(".version[open]")).to_contain_text("+79173402218")
    expect(page.locator("#said")).to_be_visible()


def test_each_field_lights_up_where_it_was_read_on_its_page(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "anna")
    open_review(page, fax)
    page.focus("#f-affected-address-city")
    expect(page.locator("#paper-told")).to_contain_text("2")
    box = page.locator(".paper-boxes .lit")
    expect(box).to_have_count(1)
    view, place = page.locator("#paper-view").bounding_box(), box.bounding_box()
    assert view
    assert place
    assert view["y"] <= place["y"] <= view["y"] + view["height"]
    expect(page.locator("[data-field='affected.address.city'] .read")).to_contain_text("стр. 2")
    page.click("#f-affected-account")
    expect(page.locator("#paper-told")).to_contain_text("Страница 1")
    page.locator(".paper-boxes i").first.click()
    assert page.evaluate("document.activeElement.name") == "reporter.name"


def test_the_picture_zooms_turns_and_goes_page_by_page(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "anna")
    open_review(page, fax)
    page.keyboard.press("Alt+p")
    expect(page.locator("#paper-view")).to_be_focused()
    width = page.locator(".paper-sheet").bounding_box()
    for key in ("+", "+"):
        page.keyboard.press(key)
    wider = page.locator(".paper-sheet").bounding_box()
    assert width
    assert wider
    assert wider["width"] > 1.4 * width["width"]
    page.keyboard.press("9")
    whole, view = page.locator(".paper-sheet").bounding_box(), page.locator("#paper-view").bounding_box()
    assert whole
    assert view
    assert whole["height"] <= view["height"]
    page.keyboard.press("r")
    turned = page.locator(".paper-sheet").bounding_box()
    assert turned
    assert turned["width"] > turned["height"]
    page.keyboard.press("PageDown")
    expect(page.locator("#paper-told")).to_contain_text("Страница 2")
    page.keyboard.press("0")
    page.keyboard.press("+")
    page.keyboard.press("+")
    before = page.evaluate("document.querySelector('#paper-view').scrollLeft")
    page.mouse.move(view["x"] + 300, view["y"] + 300)
    page.mouse.down()
    page.mouse.move(view["x"] + 200, view["y"] + 200)
    page.mouse.up()
    assert page.evaluate("document.querySelector('#paper-view').scrollLeft") > before


def test_a_mail_shows_its_text_with_what_was_read(window: Window, visit: Visit) -> None:
    number = window.mail("Не горит.\nДоговор 55-111.", {"affected.account": "55-111", "description": "Не горит."})
    page = visit(window, "anna")
    page.goto(f"/reports/{number}/review")
    page.focus("#f-affected-account")
    expect(page.locator("mark.lit")).to_have_text("55-111")


def test_a_page_that_a_mail_brings_stands_beside_the_fields(window: Window, visit: Visit) -> None:
    number = window.mailed_fax([Line("Договор 55-222", "affected.account", "55-222"), Line("Нет связи", "description")])
    page = visit(window, "anna")
    open_review(page, number)
    page.focus("#f-affected-account")
    expect(page.locator(".paper-boxes .lit")).to_have_count(1)
    page.click(".brought summary")
    expect(page.locator(".letter-text").first).to_have_text("see attachment")


def test_a_report_that_nobody_has_read_yet_may_be_keyed_in(window: Window, fax: str, visit: Visit) -> None:
    with window.database.read() as tx:
        content = original(tx, window.services.originals, sha256_of(window, fax))
    number = window.unread(content + b"\0")
    page = visit(window, "olga")
    open_review(page, number)
    page.fill("#f-reporter-name", "Соколова Г. П.")
    page.fill("#f-description", "Не работает")
    window.read(number, {"reporter.name": "Соколова Галина", "reporter.phone": "+79173402218"})  # meanwhile
    page.click("#save")
    expect(page.locator("#conflict")).to_contain_text("программа")
    expect(page.locator("#f-reporter-phone")).to_have_value("+79173402218")
    expect(page.locator("#f-reporter-name")).to_have_value("Соколова Г. П.")
    page.click("#save")
    page.wait_for_url("**notice=saved")
    assert window.record(number).reporter.name == "Соколова Г. П."


def test_who_only_looks_holds_nothing(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "anna")
    open_review(page, fax)
    assert window.standing(fax).taken_by == "anna"
    page.goto("/")
    eventually(lambda: window.standing(fax).taken_by is None, "it is given back")


def test_two_people_do_not_overwrite_each_other(window: Window, fax: str, visit: Visit) -> None:
    anna, olga = visit(window, "anna"), visit(window, "olga")
    for page in (anna, olga):
        open_review(page, fax)
    olga.fill("#f-reporter-phone", "+7 917 340-22-18")
    olga.fill("#f-affected-account", "4410-00000")
    olga.click("#save")
    olga.wait_for_url("**notice=saved")
    anna.fill("#f-reporter-phone", "+7 917 000-00-00")
    anna.fill("#f-affected-address-house", "64/1")
    anna.click("#save")
    expect(anna.locator("#conflict")).to_contain_text("olga")
    expect(anna.locator("#f-reporter-phone")).to_have_value("+7 917 000-00-00")  # nothing typed is lost
    expect(anna.locator("#f-affected-address-house")).to_have_value("64/1")
    expect(anna.locator("#f-affected-account")).to_have_value("4410-00000")  # what only the other changed
    clash = anna.locator("[data-field='reporter.phone'] .clash")
    expect(clash).to_contain_text("+79173402218")
    expect(anna.locator(".clash")).to_have_count(1)
    clash.locator("button").first.click()
    expect(anna.locator("#f-reporter-phone")).to_have_value("+79173402218")
    anna.click("#save")
    anna.wait_for_url("**notice=waits")
    record = window.record(fax)
    assert (record.reporter.phone, record.affected.account) == ("+79173402218", "4410-00000")
    assert record.affected.address.house == "64/1"


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "olga")
    open_review(page, fax)
    page.fill("#f-reporter-organization", "ООО «Берёзка»")
    expect(page.locator("#draft-told")).to_have_text("черновик сохранён")
    window.end_sessions()
    page.fill("#f-reporter-phone", "+7 917 340-22-18")
    expect(page.locator("#sign-in-again")).to_be_visible()
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-again [role=alert]").first).to_be_visible()
    page.fill("#again-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-again")).to_be_hidden()
    expect(page.locator("#draft-told")).to_have_text("черновик сохранён")
    page.click("#save")
    page.wait_for_url("**notice=saved")
    assert window.record(fax).reporter.organization == "ООО «Берёзка»"
    assert window.record(fax).reporter.phone == "+79173402218"


def test_what_was_typed_is_found_again_after_the_window_was_closed(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "anna")
    open_review(page, fax)
    page.fill("#f-affected-equipment", "роутер TP-Link")
    expect(page.locator("#draft-told")).to_have_text("черновик сохранён")
    later = visit(window, "anna")
    open_review(later, fax)
    expect(later.locator("#restored")).to_be_visible()
    expect(later.locator("#f-affected-equipment")).to_have_value("роутер TP-Link")
    later.click("#restored button")
    expect(later.locator("#f-affected-equipment")).to_have_value("")
    expect(later.locator("#restored")).to_have_count(0)


def test_wrong_fields_say_what_to_write_and_keep_what_was_typed(window: Window, fax: str, visit: Visit) -> None:
    page = visit(window, "anna")
    open_review(page, fax)
    page.fill("#f-reporter-phone", "звоните вечером")
    page.fill("#f-affected-equipment", "роутер")
    page.click("#save")
    expect(page.locator("[data-field='reporter.phone'] .error")).to_contain_text("номер полностью")
    expect(page.locator("#f-reporter-phone")).to_have_value("звоните вечером")
    expect(page.locator("#f-affected-equipment")).to_have_value("роутер")


def test_a_report_is_passed_on_refused_and_split(window: Window, visit: Visit) -> None:
    page = visit(window, "anna")
    passed, refused, split = (window.fax([*FAX, [Line(name)]]) for name in ("passed", "refused", "split"))
    open_review(page, passed)
    page.click("summary:has-text('Старшему')")
    page.fill("#pass-reason", "Крупный клиент")
    page.keyboard.press("Enter")
    page.wait_for_url("**notice=passed")
    assert window.standing(passed).level is Level.SENIOR
    assert window.standing(passed).remark == "Крупный клиент"
    open_review(page, refused)
    page.click("summary:has-text('Не обращение')")
    page.fill("#refuse-remark", "Реклама")
    page.keyboard.press("Enter")
    page.wait_for_url("**notice=refused")
    assert window.record(refused).order is Order.NOT_A_FAULT
    open_review(page, split)
    page.click("summary:has-text('Ещё')")
    page.check("input[name=pages][value='2']")
    before = window.reports()
    page.click("button:has-text('Разделить')")
    page.wait_for_url("**notice=split")
    assert window.reports() == before + 1


def test_duplicates_are_compared_and_merged(window: Window, visit: Visit) -> None:
    first, second = (window.fax([*FAX, [Line(name)]]) for name in ("first", "second"))
    page = visit(window, "olga")
    open_review(page, second)
    page.click("summary:has-text('Ещё')")
    page.fill("input[name=into]", first)
    page.keyboard.press("Enter")
    expect(page.locator(".two section")).to_have_count(2)
    page.click("button.main:has-text('Да')")
    page.wait_for_url("**notice=merged")
    assert window.record(second).reference == first
    assert window.record(second).order is Order.FOLLOW_UP


def test_the_question_to_the_sender_is_proposed_in_his_language(window: Window, visit: Visit) -> None:
    number = window.mail("Не работает", {"reporter.email": "ivan@mail.example", "description": "Не работает"})
    page = visit(window, "mark")  # reads the desk in English
    page.goto(f"/reports/{number}/review")
    page.click("summary:has-text('Ask the sender')")
    text = page.locator("#ask-text")
    expect(text).to_have_value(re.compile(f"{number}.*– Имя", re.DOTALL))
    page.click("button:has-text('Send the question')")
    page.wait_for_url("**notice=asked")
    assert window.standing(number).state is State.ASKED


def test_a_senior_says_no_and_yes_to_a_clerk_s_order(window: Window, fax: str, visit: Visit) -> None:
    anna, olga = visit(window, "anna"), visit(window, "olga")
    open_review(anna, fax)
    anna.fill("#f-reporter-phone", "+7 917 340-22-18")
    anna.keyboard.press("Control+Enter")
    anna.wait_for_url("**notice=waits")
    assert window.standing(fax).state is State.APPROVAL
    olga.goto("/senior")
    card = olga.locator(f".approval:has-text('{fax}')")
    expect(card).to_contain_text("+79173402218")
    card.locator("input[name=remark]:visible").fill("Уточните адрес")
    card.locator("button.bad").click()
    olga.wait_for_url("**notice=declined")
    anna.goto(f"/reports/{fax}/review")
    expect(anna.locator(".notice.warn")).to_contain_text("Уточните адрес")
    anna.fill("#f-affected-address-street", "Айская")
    anna.keyboard.press("Control+Enter")
    anna.wait_for_url("**notice=waits")
    olga.goto("/senior")
    olga.locator(f".approval:has-text('{fax}') button.main").click()
    olga.wait_for_url("**notice=approved")
    assert window.standing(fax).state is State.SETTLED
    olga.goto(f"/reports/{fax}")
    expect(olga.locator(".story")).to_contain_text("одобрено")


def test_what_is_too_long_to_be_kept_is_told_and_stays_where_it_was_typed(
    window: Window, fax: str, visit: Visit
) -> None:
    """The desk's answer is given here: two million letters in one word are laid out for minutes."""
    page = visit(window, "olga")
    open_review(page, fax)
    page.route("**/drafts/**", lambda route: route.fulfill(status=413))
    page.locator("#f-description").fill("Длинно")
    expect(page.locator("#draft-told")).to_contain_text("Слишком длинно")
    assert page.input_value("#f-description") == "Длинно"
    page.unroute("**/drafts/**")
    page.locator("#f-description").fill("Короче")
    expect(page.locator("#draft-told")).to_have_text("черновик сохранён")
