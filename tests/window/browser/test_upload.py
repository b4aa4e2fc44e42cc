"""Bringing in letters in a browser: several pages as one, a double click, a lost connection, a session that ends."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from records.media import LETTER
from records.numbers import report_of
from storage import records
from storage.content import original
from storage.records import Kept
from tests.window.browser.window import PASSWORD, Window

Visit = Callable[..., Page]


def photo(folder: Path, name: str, shade: int) -> Path:
    """Make a picture of its own."""
    made = folder / name
    Image.new("L", (120, 160), shade).save(made, "PNG")
    return made


def kept(window: Window, number: str) -> Kept:
    with window.database.read() as tx:
        found = records.kept(tx, report_of(number) or 0)
    assert found is not None
    return found


def content(window: Window, number: str) -> bytes:
    with window.database.read() as tx:
        return original(tx, window.services.originals, kept(window, number).sha256)


def upload(page: Page, *files: Path) -> None:
    page.goto("/upload")
    page.set_input_files("#files", [str(one) for one in files])


def test_pages_are_put_in_order_and_sent_as_one_letter(window: Window, visit: Visit, tmp_path: Path) -> None:
    page = visit(window, "anna")
    one, two, three = (photo(tmp_path, f"{name}.png", shade) for shade, name in enumerate(("one", "two", "three")))
    upload(page, three, one, two)
    names = page.locator("#pages .name b")
    page.locator("#pages li").nth(1).locator("[data-move=up]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pages li").first.locator("[data-move=up]")).to_be_focused()
    page.locator("#pages li").nth(1).drag_to(page.locator("#pages li").nth(2))
    assert names.all_inner_texts() == ["one.png", "two.png", "three.png"]
    page.fill("#postal_sender", "Соколова Г. П., Уфа")
    page.fill("#received_at", "2026-11-20T10:03")
    page.click("#send")
    link = page.locator("#sent a")
    expect(link).to_be_visible()
    report = kept(window, link.inner_text())
    assert report.media_type == LETTER
    assert report.received_at.isoformat() == "2026-11-20T07:03:00+00:00"  # in the desk's zone
    assert (report.envelope.postal_sender, report.envelope.clerk) == ("Соколова Г. П., Уфа", "anna")
    with zipfile.ZipFile(io.BytesIO(content(window, report.id))) as letter:
        assert [letter.read(name) for name in letter.namelist()] == [page.read_bytes() for page in (one, two, three)]


def test_each_file_its_own_letter_and_no_second_report_of_the_same(
    window: Window, visit: Visit, tmp_path: Path
) -> None:
    page = visit(window, "anna")
    files = [photo(tmp_path, f"{shade}.png", shade) for shade in (40, 50)]
    before = window.reports()
    upload(page, *files)
    page.check("input[value=each]")
    page.dblclick("#send")
    expect(page.locator("#sent li.good")).to_have_count(2)
    assert window.reports() == before + 2
    upload(page, files[0])  # after a reload the same file again
    page.click("#send")
    expect(page.locator("#sent li.good")).to_contain_text("уже было принято")
    assert window.reports() == before + 2


#: The first answer to an upload is lost on its way back.
LOSE = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  if (!window.lost) this.addEventListener("readystatechange", () => {
    if (this.readyState === 2 && !window.lost) { window.lost = true; this.abort(); }
  });
  send.call(this, body);
};
"""


def test_a_lost_answer_gives_no_second_report(window: Window, visit: Visit, tmp_path: Path) -> None:
    page, before = visit(window, "anna"), window.reports()
    page.add_init_script(LOSE)
    upload(page, photo(tmp_path, "lost.png", 60))
    page.click("#send")
    expect(page.locator("#sent li.good a")).to_be_visible()
    assert page.evaluate("window.lost")
    assert window.reports() == before + 1


def test_a_session_that_ends_before_the_upload_goes_on_after_signing_in(
    window: Window, visit: Visit, tmp_path: Path
) -> None:
    page = visit(window, "anna")
    upload(page, photo(tmp_path, "late.png", 70))
    window.end_sessions()
    page.click("#send")
    page.fill("#again-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#sent li.good a")).to_be_visible()


def test_what_was_brought_in_turns_into_its_record_by_itself(window: Window, visit: Visit, tmp_path: Path) -> None:
    page = visit(window, "anna")
    upload(page, photo(tmp_path, "read.png", 80))
    page.click("#send")
    page.click("#sent a")
    expect(page.locator(".being-read")).to_be_visible()
    number = page.locator("h1").inner_text()
    window.read(number, {"reporter.name": "Прочитанный Пётр", "description": "Не работает"})
    expect(page.locator(".facts").first).to_contain_text("Прочитанный Пётр")
    expect(page.locator("#paper-picture")).to_have_js_property("complete", value=True)
    shape = page.evaluate("(one => one.naturalWidth > one.naturalHeight)(document.querySelector('#paper-picture'))")
    assert shape, "it was seen upright, and then as it is read: turned"


def test_a_wrong_stamp_is_told_in_the_person_s_language(window: Window, visit: Visit, tmp_path: Path) -> None:
    page = visit(window, "anna")
    upload(page, photo(tmp_path, "stamp.png", 90))
    page.fill("#received_at", "2099-01-01T10:00")
    page.click("#send")
    expect(page.locator("#sent li.bad")).to_contain_text("не позже текущего")


def test_a_walk_in_is_keyed_in_once_and_found_again_when_left(window: Window, visit: Visit) -> None:
    page = visit(window, "anna")
    page.goto("/walk-in")
    page.fill("#f-reporter-name", "Ветрова Нина")
    page.fill("#f-description", "Второй день нет гудка")
    expect(page.locator("#draft-told")).to_have_text("черновик сохранён")
    page.reload()
    expect(page.locator("#f-reporter-name")).to_have_value("Ветрова Нина")
    page.fill("#f-reporter-phone", "звонить соседке")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".field .error")).to_contain_text("номер полностью")
    page.fill("#f-reporter-phone", "8 917 340-22-18")
    before = window.reports()
    page.dblclick("#save")
    page.wait_for_url("**notice=kept")
    assert window.reports() == before + 1
    report = kept(window, page.locator("h1").inner_text())
    assert b"+79173402218" in content(window, report.id)
