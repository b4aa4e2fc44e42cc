"""The page of `faultgate evaluate`: the same figures as its text, with plots; one file that needs no other."""

from collections.abc import Sequence
from html import escape

from desk.drawings import bars, curve
from records.quality import Quality

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1c2733}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .75rem;border-bottom:1px solid #d5dce3;
text-align:right}td:first-child,th:first-child{text-align:left}h2{margin-top:2rem}
.good{fill:#2f7d4f}.miss{fill:#c9d3dc}.bad{fill:#b3372f}
.axis{fill:none;stroke:#1c2733}svg text{font:12px system-ui,sans-serif;fill:#1c2733}
"""


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
        bars([
            (one.name, one.right, one.given - one.right, max(0, one.told - one.right)) for one in quality.fields
        ], "Fields"),
        _table(("field", "told", "given", "right", "precision", "recall"), [
            (one.name, one.told, one.given, one.right, _share(one.precision), _share(one.recall))
            for one in quality.fields
        ]),
        ("<h2>Are confidences frequencies?</h2><p>On the line a value given 0.9 is right nine times in ten; below it"
        " the machine is too sure of itself.</p>"),
        curve(quality.calibration, "Calibration", "confidence 1", "right"),
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


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return "<p>None.</p>"
    top = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(one))}</td>" for one in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"
