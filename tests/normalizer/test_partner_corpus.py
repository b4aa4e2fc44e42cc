"""What thirty carriers really send: number, circuits and window, by template files alone."""

import json
import re
from pathlib import Path

from normalizer import partners
from normalizer.job import Job
from normalizer.normalize import normalize
from normalizer.partners.template import templates
from records.record import FaultRecord
from records.words import Review
from tests.normalizer.mails import CONTEXT
from tests.normalizer.partner_mails import Expected, Notice, notices

#: The share of files of which everything that is expected must be found.
SHARE = 0.9


def record(notice: Notice) -> FaultRecord:
    return normalize(Job(content=notice.content, media_type="message/rfc822", context=CONTEXT)).record


def lacking(notice: Notice) -> list[str]:
    """Name what was expected of a notice and not found; a number that no mail holds is its gatherers' own invention."""
    made = record(notice)
    numbers = {one.number for one in notice.expected if one.number and one.number.encode() in notice.content}
    told = made.partner
    circuits = frozenset(told.circuits) if told else frozenset()
    windows = frozenset((one.start, one.end) for one in told.windows) if told else frozenset()
    return [
        *(["number"] if numbers and made.external_id not in numbers else []),
        *(["circuits"] if not _among(circuits, [one.circuits for one in notice.expected]) else []),
        *(["window"] if not _among(windows, [one.windows for one in notice.expected]) else []),
    ]


def _among(found: frozenset[object], expected: list[frozenset[object]]) -> bool:
    wanted = [one for one in expected if one]
    return not wanted or found in wanted


def test_number_circuits_and_window_are_found_in_nine_of_ten_files() -> None:
    every = list(notices())
    short = {notice.path: missed for notice in every if (missed := lacking(notice))}
    found = len(every) - len(short)
    print(f"{found} of {len(every)} files, {found / len(every):.1%}; lacking: {json.dumps(short)}")  # noqa: T201 measured
    assert len(every) > 50
    assert found >= SHARE * len(every), short


def test_every_notice_that_a_template_reads_is_marked_as_unverified() -> None:
    for notice in notices():
        made = record(notice)
        assert made.partner is not None, notice.path
        assert Review.UNVERIFIED_SENDER in made.needs_review, notice.path
        assert made.reporter.organization == made.partner.name, notice.path


def test_no_code_knows_a_carrier() -> None:
    code = "\n".join(path.read_text("utf-8") for path in Path(partners.__file__).parent.glob("*.py")).lower()
    names = {word.lower() for template in templates() for word in (template.file, template.name)}
    assert len(names) > 25
    assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", code)]


def test_the_harness_can_fail() -> None:
    notice = next(iter(notices()))
    wrong = Expected("no-such-number", frozenset({"no circuit"}), frozenset())
    assert lacking(Notice(notice.path, notice.content + b"no-such-number", (wrong,))) == ["number", "circuits"]
