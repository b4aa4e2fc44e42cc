"""How good the machine is, as the desk shows it: figures of what people corrected, trends, models, and reasons."""

from datetime import timedelta
from functools import partial

from msgspec.structs import replace

from records.numbers import report_of
from records.people import Role
from records.record import Classification, Evidence, ModelSays, Reporter
from records.words import DecidedBy, Disposition
from storage import labels, models, quality, versions
from storage.models import ModelRow, State
from storage.versions import latest
from tests.window.front import HTML, Window

INCIDENT = Classification(disposition=Disposition.INCIDENT, decided_by=DecidedBy.RULE, confidence=0.97)
MODEL = ModelSays(label="typical_fix", confidence=0.62, sure=False, version="abc123", because=("пароль", "роутер"))


def decided(window: Window, decision: Classification, content: bytes = b"%PDF one") -> str:
    """Let the machine read and decide a report."""
    number = window.report(
        content, reporter=Reporter(name="Иванов Пётр"), description="Нет интернета",
        evidence={"reporter.name": Evidence(text="Иванов Петр", where="signature", confidence=0.93)},
    )  # fmt: skip
    work = partial(versions.decide, report=report_of(number) or 0, version=1, decision=decision, at=window.now)
    window.database.write(work)
    return number


def corrected(window: Window, number: str, **changes: object) -> None:
    """Let a clerk save his version."""
    report = report_of(number) or 0
    with window.database.read() as tx:
        before = latest(tx, report)
    assert before is not None
    made = replace(before.record, **changes)
    window.later(minutes=1)
    add = partial(versions.add, report=report, record=made, at=window.now, author="clerk")
    window.database.write(add)


def test_what_people_corrected_is_counted_and_linked(window: Window) -> None:
    wrong, right = decided(window, INCIDENT), decided(window, INCIDENT, b"%PDF two")
    decided(window, Classification(), b"%PDF three")
    fix = Classification(disposition=Disposition.TYPICAL_FIX, decided_by=DecidedBy.CLERK)
    corrected(window, wrong, classification=fix, reporter=Reporter(name="Петров Иван Ильич"))
    corrected(window, right, classification=replace(INCIDENT, decided_by=DecidedBy.CLERK))
    page = window.client("senior", **HTML).get("/quality?weeks=1").text
    assert f'href="/reports/{wrong}"' in page
    assert f'href="/reports/{right}"' not in page
    assert "2 of 2 were decided by the machine, 1 of them rightly." in page
    assert "1 of 4 values are wrong." in page
    assert "67%" in page, "two of three were decided by the machine"
    assert "Петров" not in page
    assert "Иванов" not in page


def test_it_tells_that_nobody_has_checked_anything(window: Window) -> None:
    window.report()
    window.later(days=30)
    page = window.client("admin", **HTML).get("/quality").text
    assert "Nobody has checked a report in this time." in page
    assert "None yet: the first ones are made at night." in page


def test_only_the_choices_there_are_and_only_for_seniors(window: Window) -> None:
    senior = window.client("senior", **HTML)
    for weeks in (1, 4, 12):
        assert 'aria-current="true"' in senior.get(f"/quality?weeks={weeks}").text
    assert senior.get("/quality?weeks=3").status_code == 200
    assert senior.get("/quality?weeks=1000").status_code == 422
    assert window.client("clerk", **HTML).get("/quality").status_code == 403
    assert 'href="/quality"' not in window.client("clerk", **HTML).get("/").text
    assert 'href="/quality"' in window.client(Role.ADMIN.value, **HTML).get("/").text


def test_models_stand_there_with_the_reason(window: Window) -> None:
    row = ModelRow(
        id=0, language="ru", version="abc123", state=State.ASIDE, made_at=window.now, samples=310, corrections=150,
        reason="finds 80% of typical_fix only",
    )  # fmt: skip
    window.database.write(partial(models.add, model=row, content=b"x"))
    page = window.client("senior", **HTML).get("/quality").text
    assert "abc123" in page
    assert "kept aside" in page
    assert "finds 80% of typical_fix only" in page


def test_a_report_tells_why(window: Window) -> None:
    number = decided(
        window, replace(INCIDENT, rule_hits=("red-light",), rule_misses=("wifi",), model=MODEL)
    )  # fmt: skip
    page = window.client("clerk", **HTML).get(f"/reports/{number}").text
    for told in (
        "Why?", "red-light", "wifi", "97%", "typical solution, 62%", "not sure enough to decide", "пароль, роутер",
        "Иванов Петр", "in the signature", "93%",
    ):  # fmt: skip
        assert told in page, told


def test_weeks_begin_on_mondays_and_only_decided_ones_are_judged(window: Window) -> None:
    first = decided(window, INCIDENT)
    corrected(window, first, classification=replace(INCIDENT, decided_by=DecidedBy.CLERK))
    window.later(days=7)
    decided(window, Classification(), b"%PDF two")
    with window.database.read() as tx:
        known = list(labels.labels(tx))
        found = quality.weeks(tx, window.now - timedelta(days=28), known)
    assert [(one.begins.isoformat(), one.reports, one.decided, one.judged, one.right) for one in found] == [
        ("2026-11-23", 1, 1, 1, 1), ("2026-11-30", 1, 0, 0, 0),
    ]  # fmt: skip
    assert [(one.share, one.accuracy) for one in found] == [(1.0, 1.0), (0.0, None)]
