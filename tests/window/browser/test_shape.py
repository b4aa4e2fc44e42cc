"""What every page keeps: languages, narrow screens, keys alone, contrast; hostile text is only text."""

import itertools
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from desk.pages.assets import STATIC
from records.words import Review
from tests.window.browser.conftest import Visitor
from tests.window.browser.window import Line, Window

Visit = Callable[..., Page]
EVIL = "<img src=x onerror=\"fetch('http://192.0.2.1/')\">'\"><script>alert(1)</script>{{7*7}}"
LONG = "Ъ" * 200  # nothing to break it at


@pytest.fixture(scope="module")
def report(window: Window) -> str:
    long = {"reporter.name": LONG, "reporter.phone": "+79170000009", "description": f"{LONG} {LONG}"}
    window.mail(LONG, long, subject=LONG, needs_review=tuple(Review)[:6])
    return window.fax(
        [[Line("Петров", "reporter.name"), Line("8 917 3O", "reporter.phone", None, 0.3)],
         [Line("Уфа", "affected.address.city")]]
    )  # fmt: skip


def addresses(report: str) -> list[str]:
    return ["/", "/?state=settled", f"/reports/{report}", f"/reports/{report}/review", "/upload", "/walk-in", "/senior",
            "/account", "/nowhere"]  # fmt: skip


@pytest.mark.parametrize("size", [(360, 740), (683, 384)], ids=["a phone", "1366×768 at 200 %"])
def test_no_page_scrolls_sideways(window: Window, report: str, visit: Visit, size: tuple[int, int]) -> None:
    page = visit(window, "olga", {"width": size[0], "height": size[1]})
    for address in addresses(report):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], address


@pytest.mark.parametrize(
    ("language", "queue", "review", "percent"),
    [("ru", "Очередь", "Заявитель", "94 %"), ("it", "Coda", "Chi segnala", "94%"), ("zh", "队列", "申告人", "94%"),
     ("en", "Queue", "Who reports", "94%")],
)  # fmt: skip
def test_pages_speak_four_languages(
    window: Window, report: str, visit: Visit, language: str, queue: str, review: str, percent: str
) -> None:
    page = visit(window, None)
    page.goto(f"/sign-in?language={language}")
    assert page.locator("html").get_attribute("lang") == language
    login = window.person(f"speaks-{language}", language=language)
    page.fill("#login", login)
    page.fill("#password", "a quiet password")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(queue)
    page.goto(f"/reports/{report}/review")
    expect(page.locator("legend").first).to_have_text(review)
    read = page.locator("[data-field='reporter.name'] .read")
    expect(read).to_contain_text(percent.replace(" ", "\N{NO-BREAK SPACE}"))
    assert page.locator("html").get_attribute("lang") == language


def test_everything_is_reached_by_keys_and_seen_where_it_is(window: Window, report: str, visit: Visit) -> None:
    page = visit(window, "olga")
    for address in ("/", f"/reports/{report}/review", "/upload"):
        page.goto(address)
        page.evaluate("document.body.tabIndex = -1, document.body.focus()")  # as if nothing had the focus yet
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        reached = set(walked(page))
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]"
            ".filter(one => one.checkVisibility() && !one.closest('details:not([open]) > :not(summary)')"
            " && !one.matches('[type=radio]:not(:checked)')).map((one, place) => one.dataset.walk)"
        )
        assert None not in wanted, address
        assert set(wanted) <= reached, address


def walked(page: Page) -> Iterator[str]:
    """Press Tab until the page is left; what has the focus must show it. A date has several stops."""
    for step in itertools.count():
        seen = page.evaluate(
            "step => { const one = document.activeElement; if (one === document.body) return null;"
            " if (one.dataset.walk) return one.dataset.walk === String(step - 1) || one.type === 'date' ||"
            " one.type === 'datetime-local' ? [one.dataset.walk, true, ''] : null;"
            " one.dataset.walk = String(step);"
            " const style = getComputedStyle(one), after = getComputedStyle(one, '::after');"
            " const shown = style.outlineStyle !== 'none' || after.outlineStyle !== 'none' || one.type === 'file';"
            " return [one.dataset.walk, shown, one.outerHTML.slice(0, 100)]; }",
            step,
        )
        if seen is None:
            return
        assert seen[1], f"no focus is seen on {seen[2]}"
        yield seen[0]
        page.keyboard.press("Tab")


def test_hostile_text_stays_text_and_no_request_leaves_the_house(window: Window, visit: Visit) -> None:
    fields = ("reporter.name", "reporter.email", "affected.account", "affected.address.street", "description")
    said = dict.fromkeys(fields, EVIL)
    mail = window.mail(EVIL, said, name=EVIL, subject=EVIL, needs_review=(Review.UNDECIDED,))
    fax = window.fax([[Line(EVIL, "reporter.name"), Line(EVIL, "reporter.phone", None, 0.3)]])
    page = visit(window, "olga")
    for number in (mail, fax):
        page.goto(f"/reports/{number}/review")
        page.fill("#f-affected-equipment", EVIL)
        page.click("summary:has-text('Старшему')")
        page.fill("#pass-reason", EVIL)
        page.keyboard.press("Enter")
        page.wait_for_url("**notice=passed")
        merge = f"/reports/{mail}/merge?into={fax}"
        for address in ("/", f"/reports/{number}", f"/reports/{number}/review", "/senior", merge):
            page.goto(address)
            assert page.locator("main img[src=x], main script").count() == 0, address
    page.goto("/upload")
    page.set_input_files("#files", {"name": f"{EVIL}.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator("#pages .name b")).to_contain_text("onerror")
    page.fill("#find", EVIL)
    page.press("#find", "Enter")
    page.wait_for_url("**/search/**")
    assert isinstance(visit, Visitor)
    hosts = {urlsplit(address).netloc for address in visit.asked if not address.startswith("blob:")}
    assert hosts == {urlsplit(window.address).netloc}


def test_a_page_works_without_its_script(window: Window, report: str, visit: Visit) -> None:
    page = visit(window, "olga")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/reports/{report}/review")
    page.click(".paper-tools a[data-does=on]")
    expect(page.locator("#paper-told")).to_contain_text("Страница 2")
    page.fill("#f-reporter-phone", "8 917 340-22-18")
    page.click("#save")
    page.wait_for_url("**notice=saved")
    assert window.record(report).reporter.phone == "+79173402218"


#: Colours that stand on each other.
PAIRS = {
    "ink": ("ground", "surface", "sunken"), "quiet": ("ground", "surface", "sunken"),
    "accent": ("surface", "accent-soft"), "accent-ink": ("accent",), "good": ("surface", "good-soft"),
    "half": ("surface", "half-soft"), "late": ("surface", "late-soft"), "over": ("surface", "over-soft"),
    "over-ink": ("over",),
}  # fmt: skip


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_have_contrast(scheme: int) -> None:
    sheet = (STATIC / "desk.css").read_text(encoding="utf-8")
    block = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for front, back in ((front, back) for front, backs in PAIRS.items() for back in backs):
        lighter, darker = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (front, back)  # WCAG 2.2, 1.4.3


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
