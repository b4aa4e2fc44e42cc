"""`faultgate evaluate`: how good the machine is on labelled reports, as text and as one page with plots."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from classifier import Knowledge, classify
from config.settings import Settings
from gateway.listing import table
from gateway.quality_page import page
from normalizer.context import Context
from normalizer.guard import Guard
from normalizer.job import Job
from normalizer.linking import link
from normalizer.readers import sniff
from records.linking import Known
from records.quality import Pair, Quality, measure
from records.record import FaultRecord, OriginalRef, classified

_RULE = timedelta(hours=2)


class Case(Struct, frozen=True, kw_only=True):
    """One labelled report, a line of the file."""

    text: str  # as the customer wrote it
    gold: dict[str, object]  # dotted field → right value; null: must be empty; what is not named is not judged
    id: str | None = None
    language: str | None = None  # where the text does not tell
    region: str = "RU"
    received_at: datetime | None = None  # for "yesterday"; default: now


def evaluate(settings: Settings, path: Path, received_at: datetime | None, html: Path | None) -> int:
    """Read every case the way the worker does, and print the figures. Raises LookupError for a file that is none."""
    found = [replace(case, received_at=case.received_at or received_at) for case in cases(path)]
    pairs = list(_pairs(settings, found))
    quality = measure(pairs)
    sys.stdout.write(text(quality))
    if html is not None:
        html.write_text(page(quality, path.name), encoding="utf-8")
        print(f"\nthe same with plots: {html}")
    return 0


def cases(path: Path) -> Iterator[Case]:
    """Read the file. Raises LookupError, with the number of the line that is wrong."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise LookupError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=Case)
            except msgspec.DecodeError as error:
                raise LookupError(f'{path}, line {number}: {error}: a line is {{"text": …, "gold": {{…}}}}') from error


def _pairs(settings: Settings, found: list[Case]) -> Iterator[Pair]:
    knowledge, guard = Knowledge.load(), Guard(settings.readers)
    try:
        for number, case in enumerate(found, 1):
            if number % 50 == 0:
                print(f"{number} of {len(found)}", file=sys.stderr)
            yield Pair(id=case.id or f"line {number}", machine=_read(settings, case, knowledge, guard), truth=case.gold)
    finally:
        guard.close()


def _read(settings: Settings, case: Case, knowledge: Knowledge, guard: Guard) -> FaultRecord:
    content, gateway = case.text.encode(), settings.gateway
    at = case.received_at or datetime.now(UTC)
    at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(gateway.zone))).astimezone(UTC)
    media_type = sniff(content, "text/plain")
    context = Context(
        id=None, channel="evaluation", received_at=at, due_at=at + _RULE, region=case.region,
        original=OriginalRef(media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest()),
        language=case.language or "ru", zone=gateway.zone, own_addresses=gateway.own_addresses,
        own_domains=gateway.own_domains,
    )  # fmt: skip
    done = guard.normalize(Job(content=content, media_type=media_type, context=context), niced=False)
    record = link(done.record, done.clues, Known())
    return classified(record, classify(record, knowledge, done.reading.telling_subject))


def text(quality: Quality) -> str:
    """Write the figures for a terminal."""
    classes = quality.classes
    fields = [
        (one.name, str(one.told), str(one.given), str(one.right), _share(one.precision), _share(one.recall))
        for one in quality.fields
    ]
    buckets = [
        (f"{one.low:.2f}-{one.high:.2f}", str(one.given), f"{one.confidence:.3f}", _share(one.right / one.given))
        for one in quality.calibration
    ]
    wrong = [(one.id, one.field, one.value[:40], (one.expected or "-")[:40]) for one in quality.wrong]
    confused = [(one.truth, one.said, str(one.count)) for one in classes.confusions]
    parts = [
        (
            f"{quality.reports} reports; {quality.values_wrong} of {quality.values} values are wrong"
            f" ({_share(quality.values_wrong / quality.values if quality.values else None)})\n"
        ),
        table([("field", "told", "given", "right", "precision", "recall"), *fields]),
        "\nare confidences frequencies?\n" + table([("given with", "values", "mean", "right"), *buckets]),
        (
            f"\nclass: {classes.decided} of {classes.judged} decided,"
            f" {_share(classes.decided_right / classes.decided if classes.decided else None)} of them rightly;"
            f" {classes.incidents_as_fixes} of {classes.incidents} incidents called a typical fix\n"
        ),
        "may be decided at an accuracy of " + _coverage(classes.coverage) + "\n",
    ]
    if confused:
        parts.append("\n" + table([("it is", "it said", "times"), *confused]))
    if wrong:
        parts.append("\n" + table([("wrong in", "field", "given", "right"), *wrong]))
    return "".join(parts)


def _coverage(coverage: Mapping[str, float]) -> str:
    return ", ".join(f"{target}: {share:.0%}" for target, share in coverage.items())


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
