"""A clerk's day, in a browser, with the gateway as an operator starts it: real doors, real reading, real tickets."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.gateway.running import PATIENCE, Running, command, mail
from tests.page_texts import Letter, letter
from tests.pages import fax, render
from tests.window.browser.conftest import SCREEN
from tests.window.browser.window import PASSWORD

MOMENTS = PATIENCE * 1000  # of a browser: reading pages takes a while on a busy machine
PEOPLE = (("anna", "clerk", "Анна Смирнова"), ("olga", "senior", "Ольга Крылова"))
SignedIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("gateway"))
    for login, role, name in PEOPLE:
        words = ("person", "add", "--config", running.wiring, "--role", role, "--name", name, login)
        made = command(*words, input=f"{PASSWORD}\n".encode())
        assert made.returncode == 0, made.stderr
    running.start()
    yield running
    running.stop()


@pytest.fixture
def signed_in(gateway: Running, chromium: Browser) -> Iterator[SignedIn]:
    address = next(line.removeprefix("desk: ") for line in gateway.said if line.startswith("desk: "))
    context = chromium.new_context(viewport=SCREEN, locale="ru", base_url=address)

    def enter(login: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(MOMENTS)
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("nav a[aria-current=page]")
        return page

    yield enter
    context.close()


def three_pages() -> tuple[Letter, bytes]:
    """Fax a letter on two sheets, with a cover."""
    said = letter("ru", 7)
    lines = said.text.split("\n")
    texts = ("Кому: отдел обслуживания\n\nВсего страниц: 3", "\n".join(lines[:14]), "\n".join(lines[14:]))
    first, *others = (fax(render(text, "ru", 7), place) for place, text in enumerate(texts))
    stored = io.BytesIO()
    first.save(stored, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(204, 196))
    return said, stored.getvalue()


def test_a_clerk_s_day(gateway: Running, signed_in: SignedIn) -> None:
    page, (said, pages) = signed_in("anna"), three_pages()
    number = brought_in(page, pages)

    page.goto(f"/reports/{number}")  # it is being read, and turns into the record beside its picture
    expect(page.locator(".facts").first).to_contain_text(said.name, timeout=MOMENTS)
    opened_from_the_queue(page, number)
    expect(page.locator("#f-description")).to_have_value(re.compile(re.escape(said.city)))
    corrected(page)
    page.wait_for_url("**notice=saved")
    expect(page.locator(".facts").first).to_contain_text("+79173402218")
    [record] = [one for one in gateway.records() if one["id"] == number]
    assert record["reporter"]["phone"] == "+79173402218"
    [ticketed] = [one for one in gateway.ticketed(1) if one["id"] == number]
    assert ticketed["tickets"]

    gateway.send(mail("Окна ПВХ со скидкой! Звоните прямо сейчас!", subject="Скидки"))
    gateway.send(mail("Помогите разобраться с договором 55-10.", sender="oleg@mail.example", subject="Вопрос"))
    refused(page, taken_up(page, "Окна"))
    passed_on(page, taken_up(page, "разобраться"))

    senior = signed_in("olga")
    senior.goto("/senior")
    expect(senior.locator(".reports")).to_contain_text("Крупный клиент")


def brought_in(page: Page, pages: bytes) -> str:
    """Upload the fax; gives its number."""
    page.goto("/upload")
    page.set_input_files("#files", {"name": "факс.tif", "mimeType": "image/tiff", "buffer": pages})
    page.click("#send")
    link = page.locator("#sent li.good a")
    link.wait_for()
    return link.inner_text()


def corrected(page: Page) -> None:
    """Correct the telephone number by keys alone: from the name to it, the whole number anew, saved."""
    expect(page.locator("#paper-picture")).to_have_js_property("complete", value=True)
    assert page.evaluate("document.querySelector('#paper-picture').naturalWidth") > 0
    page.focus("#f-reporter-name")
    while page.evaluate("document.activeElement.name") != "reporter.phone":
        page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("8 917 340-22-18")
    page.keyboard.press("Control+Enter")


def opened_from_the_queue(page: Page, number: str) -> None:
    """Go to it by keys; what the machine was sure of stands among what is done, and is looked at all the same."""
    page.goto("/")
    if not page.locator(f".report-link:has-text('{number}')").count():
        page.goto("/?state=settled")
    while page.evaluate("document.activeElement.innerText") != number:
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{number}**")
    if not page.url.endswith("/review"):
        page.keyboard.press("e")
        page.wait_for_url("**/review")


def taken_up(page: Page, about: str) -> str:
    """Open what came in by mail, from wherever the machine has put it."""
    link = page.locator(f".report:has-text('{about}') a")
    for _ in range(100):
        for state in ("/", "/?state=settled"):
            page.goto(state)
            if link.count() and "читается" not in link.locator("xpath=ancestor::li").inner_text():
                number = link.inner_text()
                page.goto(f"/reports/{number}/review")
                return number
    raise AssertionError(f"{about} did not come in")


def refused(page: Page, number: str) -> None:
    page.click("summary:has-text('Не обращение')")
    page.fill("#refuse-remark", "Реклама")
    page.keyboard.press("Enter")
    page.wait_for_url("**notice=refused")
    page.goto(f"/reports/{number}")
    expect(page.locator(".story")).to_contain_text("Реклама")


def passed_on(page: Page, number: str) -> None:
    page.click("summary:has-text('Старшему')")
    page.fill("#pass-reason", "Крупный клиент")
    page.keyboard.press("Enter")
    page.wait_for_url("**notice=passed")
    page.goto(f"/reports/{number}")
    expect(page.locator("#state")).to_contain_text("старший")
