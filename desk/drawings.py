"""Plots as SVG: of the desk's page and of `faultgate evaluate`. Colours are the page's: `good`, `bad`, `miss`, `axis`.

Every text is given by the caller, in his language, and is escaped here.
"""

from collections.abc import Sequence
from html import escape

from records.quality import Bucket

_NAMES, _BARS = 190, 420  # width of the names, and of the longest bar
_SIDE, _FOOT = 260, 40  # of a square plot, and what its axes take
_WIDE = 560  # of a plot over weeks


def bars(rows: Sequence[tuple[str, int, int, int]], label: str) -> str:
    """Draw a bar for each (name, right, wrong, missed)."""
    most = max([*(right + wrong + missed for _, right, wrong, missed in rows), 1])
    drawn = []
    for place, (name, *counts) in enumerate(rows):
        top, left = 24 * place, float(_NAMES)
        drawn.append(f'<text x="0" y="{top + 14}">{escape(name)}</text>')
        for kind, count in zip(("good", "bad", "miss"), counts, strict=True):
            width = _BARS * count / most
            drawn.append(f'<rect class="{kind}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="18"/>')
            left += width
    return _svg(label, _NAMES + _BARS + 10, 24 * max(len(rows), 1), drawn)


def curve(buckets: Sequence[Bucket], label: str, sure: str, right: str) -> str:
    """Draw how often values are right over how sure they were given; the size of a dot tells how many."""
    most = max([*(one.given for one in buckets), 1])
    end, foot = _FOOT + _SIDE, 20 + _SIDE
    dots = []
    for one in buckets:
        x, y = _FOOT + _SIDE * one.confidence, foot - _SIDE * one.right / one.given
        size = 3 + 9 * (one.given / most) ** 0.5
        told = f"<title>{one.given}</title>"
        dots.append(f'<circle class="good" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}">{told}</circle>')
    axes = (
        f'<line class="axis" x1="{_FOOT}" y1="{foot}" x2="{end}" y2="20" stroke-dasharray="4"/>'
        f'<path class="axis" d="M{_FOOT} 20V{foot}H{end}"/>'
        f'<text x="{end}" y="{foot + 18}" text-anchor="end">{escape(sure)}</text>'
        f'<text x="0" y="14">{escape(right)}</text>'
    )
    return _svg(label, end + 20, foot + 25, [axes, *dots])


def lines(weeks: Sequence[str], shares: Sequence[tuple[str, str, Sequence[float | None]]], label: str) -> str:
    """Draw shares (0 to 1) over weeks, the oldest first; a line for each (colour, name, shares), None where unknown."""
    step, foot = _WIDE / max(len(weeks) - 1, 1), 180
    drawn = [f'<path class="axis" d="M{_FOOT} 20V{foot}H{_FOOT + _WIDE}"/><text x="0" y="24">100 %</text>']
    for place, (kind, name, values) in enumerate(shares):
        points = [
            (_FOOT + step * week, foot - 160 * value) for week, value in enumerate(values) if value is not None
        ]  # fmt: skip
        drawn.append(f'<polyline class="line {kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        drawn += [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
        drawn.append(f'<text x="{_FOOT + 8 + place * 290}" y="{foot + 42}">{escape(name)}</text>')
        drawn.append(f'<circle class="{kind}" cx="{_FOOT - 4 + place * 290}" cy="{foot + 38}" r="5"/>')
    for week, anchor in ((0, "start"), (len(weeks) - 1, "end")) if len(weeks) > 1 else ():
        x = _FOOT + step * week
        drawn.append(f'<text x="{x:.1f}" y="{foot + 18}" text-anchor="{anchor}">{escape(weeks[week])}</text>')
    return _svg(label, _FOOT + _WIDE + 20, foot + 50, drawn)


def _svg(label: str, width: int, height: int, drawn: Sequence[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}"'
    return f'<svg class="plot" role="img" aria-label="{escape(label)}" {size}>{"".join(drawn)}</svg>'
