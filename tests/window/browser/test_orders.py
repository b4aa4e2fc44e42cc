"""A report's page shows what was ordered for it, with ticket and state."""

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace
from playwright.sync_api import Page, expect

from records.deliveries import Delivery, Ticket, Verb
from records.numbers import report_of
from storage.database import Transaction
from storage.deliveries import add_delivery, end
from storage.rows import micros
from storage.versions import latest
from tests.window.browser.window import Window

Visit = Callable[..., Page]


def test_a_report_shows_its_orders_with_ticket_and_state(window: Window, visit: Visit) -> None:
    said = {"reporter.name": "Галина Соколова", "description": "Нет интернета"}
    first, later = (window.mail(text, said) for text in ("Нет интернета", "Отбой, <b>заработало</b>"))

    def order(tx: Transaction, verb: Verb, by: str, outcome: tuple[str, str | None, str | None] | None) -> None:
        version, now = latest(tx, report_of(by) or 0), micros(datetime.now(UTC))
        assert version is not None
        ticket = Ticket(external_id=by, record=replace(version.record, id=by), text="x", earlier=first)
        ticket = replace(ticket, earlier=None) if verb is Verb.CREATE else ticket
        made = Delivery(
            id=0, report=report_of(by) or 0, verb=verb, backend="tracker", key=f"{verb}/{by}", ticket=ticket
        )
        row = add_delivery(tx, made, now)
        if row and outcome:
            end(tx, row, *outcome, now)

    window.database.write(lambda tx: order(tx, Verb.CREATE, first, ("delivered", "T-1042", None)))
    window.database.write(lambda tx: order(tx, Verb.AMEND, later, None))
    window.database.write(lambda tx: order(tx, Verb.WITHDRAW, later, ("parked", None, "<script>no</script> queue")))

    page = visit(window, "anna")
    page.goto(f"/reports/{first}")
    lines = page.locator("#orders li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("наряд на работу → tracker: T-1042")
    expect(lines.nth(0)).to_contain_text("отправлено")
    expect(lines.nth(1)).to_contain_text("ждёт отправки")
    expect(lines.nth(2)).to_contain_text("<script>no</script> queue")  # the backend's words, as text
    lines.nth(2).get_by_role("link", name=later).click()
    expect(page.locator("#orders li")).to_have_count(2)
    expect(page.locator("#orders")).to_contain_text(first)
