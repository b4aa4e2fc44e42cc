"""How good is the machine? What it read and decided, held against what people and customers made of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk.drawings import bars, curve, lines
from desk.page import Here, Page
from desk.pages.reasons import class_name
from desk.visit import Senior
from records.quality import CLASS, Pair, Quality, measure
from storage import labels, models, quality
from storage.labels import OTHER, Label
from storage.quality import Week

router = APIRouter(include_in_schema=False)

SPANS = (1, 4, 12)  # weeks
SHOWN = 100  # wrong ones


@router.get("/quality")
def show(page: Here, _: Senior, weeks: Annotated[int, Query(ge=1, le=12)] = 4) -> Response:
    """Show the figures of the last weeks."""
    span = weeks if weeks in SPANS else SPANS[1]
    since = page.wired.now() - timedelta(weeks=span)
    with page.wired.database.read() as tx:
        known = list(labels.labels(tx, since))
        trend, made = quality.weeks(tx, since, known), models.models(tx)
    found = measure([Pair(id=one.id, machine=one.seen, truth=one.truth) for one in known])
    return page.show(
        "quality.html", here="quality", span=span, spans=SPANS, known=len(known), quality=found, models=made,
        trend=trend, plots=_plots(page, found, trend), wrong=_wrong(page, found, known),
        confusions=[
            (class_name(page, one.truth), class_name(page, one.said), one.count) for one in found.classes.confusions
        ],
    )  # fmt: skip


def _plots(page: Page, found: Quality, trend: Sequence[Week]) -> dict[str, str]:
    """Draw what is known."""
    fields = [
        (page.speech.field(one.name), one.right, one.given - one.right, max(0, one.told - one.right))
        for one in found.fields
    ]
    shares = (
        ("miss", page._("decided by the machine"), [one.share for one in trend]),
        ("good", page._("rightly"), [one.accuracy for one in trend]),
    )
    return {
        "fields": bars(fields, page._("Fields")),
        "calibration": curve(found.calibration, page._("Calibration"), page._("as sure as given"), page._("right")),
        "trend": lines([one.begins.isoformat() for one in trend], shares, page._("By week")),
    }


def _wrong(page: Page, found: Quality, known: Sequence[Label]) -> list[tuple[str, list[str]]]:
    """Name the reports in which something was wrong, the newest first, and what it was, without what stood there."""
    by_report: dict[str, list[str]] = {}
    for one in known:
        said = one.seen.classification.disposition
        if said is not None and CLASS in one.truth and said != one.label:
            text = page.speech.gettext(
                "%(said)s, it is: %(truth)s",
                said=class_name(page, said.value),
                truth=class_name(page, one.label or OTHER),
            )
            by_report[one.id] = [text]
    for value in found.wrong:
        by_report.setdefault(value.id, []).append(page.speech.field(value.field))
    return sorted(by_report.items(), reverse=True)[:SHOWN]
