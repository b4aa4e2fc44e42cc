"""Debian's Chromium, and one desk with its people for all tests of a file."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from config.settings import Desk
from records.people import Role
from tests.conftest import unavailable
from tests.window.browser.window import PASSWORD, Window

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
SCREEN: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a browser for one file of tests: while Playwright runs, no other test has a loop of its own."""
    path = shutil.which("chromium")
    if path is None:
        unavailable("chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A desk where clerks' orders wait for a senior; anna and boris are clerks, olga and mark are seniors."""
    made = Window(tmp_path_factory.mktemp("desk"), Desk(port=0, approval=True))
    made.person("anna", name="Анна Смирнова")
    made.person("boris", name="Борис Ковалёв")
    made.person("olga", Role.SENIOR, "Ольга Крылова")
    made.person("mark", Role.SENIOR, "Mark Twain", "en")
    yield made
    made.close()


class Visitor:
    """Opens the desk as somebody; each has a browser profile of his own. What a page asks for and says is kept."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[Page] = []
        self.asked: list[str] = []  # addresses
        self.troubles: list[str] = []  # what scripts and the content policy complain of

    def __call__(self, window: Window, login: str | None, size: ViewportSize = SCREEN) -> Page:
        context = self._browser.new_context(viewport=size, locale="ru", base_url=window.address)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if "Content Security" in said.text else None)
        self._open.append(page)
        if login:
            _enter(page, window, login)
        return page

    def close(self) -> None:
        for page in self._open:
            page.context.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    visitor = Visitor(chromium)
    yield visitor
    visitor.close()
    assert not visitor.troubles


def _enter(page: Page, window: Window, login: str) -> None:
    """Go to the queue, signed in; the first time by the form, then with what it gave."""
    if login in window.cookies:
        page.context.add_cookies(window.cookies[login])
        page.goto("/")
    else:
        page.goto("/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
    page.wait_for_selector("nav a[aria-current=page]")
    window.cookies[login] = [
        {"name": one["name"], "value": one["value"], "url": window.address} for one in page.context.cookies()
    ]
