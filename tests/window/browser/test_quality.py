"""How good the machine is, in a browser: plots that are drawn, figures that lead to the reports, reasons that open."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from records.numbers import report_of
from records.record import Classification, FaultRecord, ModelSays, Reporter
from records.words import DecidedBy, Disposition
from storage import models, versions
from storage.database import Transaction
from storage.models import ModelRow, State
from storage.versions import latest
from tests.window.browser.window import Window

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
SAID = ModelSays(label="incident", confidence=0.94, sure=True, version="5c1d20e4ab97", because=("интернета", "красная"))


@pytest.fixture(scope="module")
def checked(window: Window) -> str:
    """Reports of three weeks that a clerk has checked; gives one in which the machine was wrong."""
    dice = random.Random(3)
    now, wrong = datetime.now(UTC), ""
    for place in range(24):
        said = {"reporter.name": "Галина Соколова", "reporter.phone": f"+7917000{place:04}", "description": "Нет сети"}
        number = window.mail(f"Нет сети, {place}", said, ago=timedelta(days=dice.randrange(20)))
        report = report_of(number) or 0
        truly = dice.random() < 0.85
        decision = Classification(
            disposition=Disposition.INCIDENT, decided_by=DecidedBy.MODEL, confidence=0.94, model=SAID,
            rule_hits=("no-service",), rule_misses=("cable-cut", "wifi-password"),
        )  # fmt: skip
        with window.database.read() as tx:
            before = latest(tx, report)
        assert before is not None
        right = Disposition.INCIDENT if truly else Disposition.TYPICAL_FIX
        made = replace(
            before.record, classification=Classification(disposition=right, decided_by=DecidedBy.CLERK),
            reporter=before.record.reporter if truly else Reporter(name="Пётр Иванов", phone="+79170000009"),
        )  # fmt: skip
        window.database.write(partial(_checked, report=report, decision=decision, made=made, at=now))
        wrong = wrong if truly else number
    row = ModelRow(
        id=0, language="ru", version="5c1d20e4ab97", state=State.PROMOTED, made_at=now, samples=420, corrections=229,
        reason="right on 96 of 104 test texts, the current one on 91",
    )  # fmt: skip
    window.database.write(partial(models.add, model=row, content=b"x"))
    return wrong


def _checked(tx: Transaction, report: int, decision: Classification, made: FaultRecord, at: datetime) -> None:
    tx.run("DELETE FROM decisions WHERE report = :report", report=report)
    versions.decide(tx, report, 1, decision, at)
    versions.add(tx, report, made, at, author="anna")


def test_a_senior_sees_the_figures_and_goes_to_what_was_wrong(window: Window, checked: str, visit: Visit) -> None:
    page = visit(window, "olga")
    page.click(".who-am-i summary")
    page.click("text=Насколько хороша машина?")
    for plot in ("По неделям", "Поля", "Калибровка"):
        expect(page.locator(f"svg[aria-label='{plot}']")).to_be_visible()
    assert page.locator("svg[aria-label='Поля'] rect.bad").count() > 3
    expect(page.locator("main")).to_contain_text("right on 96 of 104")
    page.click(f".wrong >> text={checked}")
    page.click("#why > summary")
    expect(page.locator("#why")).to_contain_text("инцидент, 94")
    expect(page.locator("#why")).to_contain_text("красная")
    expect(page.locator("#why")).to_contain_text("no-service")


def test_the_page_fits_a_telephone(window: Window, checked: str, visit: Visit) -> None:
    page = visit(window, "mark", PHONE)
    page.goto("/quality?weeks=12")
    expect(page.locator(f"a[href='/reports/{checked}']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
