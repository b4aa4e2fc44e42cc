"""The page of `faultgate evaluate`: the same figures as its text, with plots; one file that needs no other."""

from collections.abc import Sequence
from html import escape

from records.quality import Bucket, FieldQuality, Quality

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1c2733}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .75rem;border-bottom:1px solid #d5dce3;
text-align:right}td:first-child,th:first-child{text-align:left}h2{margin-top:2rem}
.good{fill:#2f7d4f}.miss{fill:#c9d3dc}.bad{fill:#b3372f}svg text{font:12px system-ui,sans-serif;fill:#1c2733}
"""
_WIDTH = 420  # of a bar's whole


def page(quality: Quality, name: str) -> str:
    """Write the page."""
    classes = quality.classes
    coverage = [(target, f"{share:.0%}") for target, share in classes.coverage.items()]
    sections = (
        f"<h1>How good the machine is on {escape(name)}</h1>",
        (f"<p>{quality.reports} reports; <strong>{quality.values_wrong} of {quality.values}</strong> given values are"
        f" wrong; of {classes.judged} classes {classes.decided} were decided, {classes.decided_right} rightly;"
        f" {classes.incidents_as_fixes} of {classes.incidents} incidents were called a typical fix.</p>"),
        "<h2>Fields</h2><p>Green: right; red: wrong; grey: told in the report and not found.</p>",
        _bars(quality.fields),
        _table(("field", "told", "given", "right", "precision", "recall"), [
            (one.name, one.told, one.given, one.right, _share(one.precision), _share(one.recall))
            for one in quality.fields
        ]),
        ("<h2>Are confidences frequencies?</h2><p>On the line a value given 0.9 is right nine times in ten; below it"
        " the machine is too sure of itself.</p>"),
        _curve(quality.calibration),
        _table(("given with", "values", "mean", "right"), [
            (f"{one.low:.2f}–{one.high:.2f}", one.given, f"{one.confidence:.3f}", _share(one.right / one.given))
            for one in quality.calibration
        ]),
        "<h2>Classes</h2>",
        _table(("at an accuracy of", "may be decided"), coverage),
        _table(("it is", "it said", "times"), [(one.truth, one.said, one.count) for one in classes.confusions]),
        "<h2>Wrong values</h2>",
        _table(("report", "field", "given", "right"), [
            (one.id, one.field, one.value, one.expected or "–") for one in quality.wrong
        ]),
    )  # fmt: skip
    head = f"<meta charset=utf-8><title>Faultgate: {escape(name)}</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{''.join(sections)}</body></html>\n"


def _bars(fields: Sequence[FieldQuality]) -> str:
    """Draw a bar for each field: right, wrong, not found."""
    most = max([*(one.told + one.given - one.right for one in fields), 1])
    drawn = []
    for place, one in enumerate(fields):
        top, left = 24 * place, 190.0
        parts = (("good", one.right), ("bad", one.given - one.right), ("miss", max(0, one.told - one.right)))
        drawn.append(f'<text x="0" y="{top + 14}">{escape(one.name)}</text>')
        for kind, count in parts:
            width = _WIDTH * count / most
            drawn.append(f'<rect class="{kind}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="18"/>')
            left += width
    height = 24 * max(len(fields), 1)
    return f'<svg role="img" aria-label="Fields" width="{190 + _WIDTH + 10}" height="{height}">{"".join(drawn)}</svg>'


def _curve(buckets: Sequence[Bucket]) -> str:
    """Draw how often values are right over how sure they were given; the size of a dot tells how many."""
    most = max([*(one.given for one in buckets), 1])
    dots = "".join(
        f'<circle class="good" cx="{40 + 260 * one.confidence:.1f}" cy="{280 - 260 * one.right / one.given:.1f}"'
        f' r="{3 + 9 * (one.given / most) ** 0.5:.1f}"><title>{one.given}</title></circle>'
        for one in buckets
    )
    axes = (
        '<line x1="40" y1="280" x2="300" y2="20" stroke="#8896a3" stroke-dasharray="4"/>'
        '<path d="M40 20V280H300" fill="none" stroke="#1c2733"/>'
        '<text x="300" y="298" text-anchor="end">confidence 1</text><text x="0" y="24">right</text>'
    )
    return f'<svg role="img" aria-label="Calibration" width="320" height="305">{axes}{dots}</svg>'


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return "<p>None.</p>"
    top = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(one))}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
