"""`faultgate normalize`: the record of a file, without a store."""

import hashlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from classifier import Knowledge, classify
from config.settings import Scan, Settings, Smtp
from normalizer.context import Context
from normalizer.guard import Guard, ReaderDied
from normalizer.job import Job
from normalizer.linking import link
from normalizer.readers import sniff
from normalizer.record import quarantined
from records.clock import due_at
from records.linking import Known
from records.media import is_paper
from records.reading import Reading
from records.record import FaultRecord, OriginalRef, classified

_Line = tuple[FaultRecord, Reading | None]


def print_schema() -> int:
    """Print the JSON Schema of the record."""
    print(json.dumps(msgspec.json.schema(FaultRecord), indent=2))
    return 0


def normalize(
    settings: Settings, paths: list[Path], channel: str | None, received_at: datetime | None, *, reading: bool
) -> int:
    """Print one JSON line for each file, in order; a file that can't be read gives a line with its reason."""
    name = _channel(settings, channel)
    at = _aware(received_at, settings.gateway.zone)
    knowledge = Knowledge.load()
    guard = Guard(settings.readers)
    hands = settings.readers.processes + settings.readers.paper
    try:
        with ThreadPoolExecutor(hands) as pool:
            for told in pool.map(partial(_one, settings=settings, channel=name, at=at, guard=guard), paths):
                for record, read in told:
                    _print(record, read, knowledge, reading=reading)
    finally:
        guard.close()
    return 0


def _print(record: FaultRecord, read: Reading | None, knowledge: Knowledge, *, reading: bool) -> None:
    decided = classified(record, classify(record, knowledge, read.telling_subject if read else None))
    line = msgspec.to_builtins(decided, str_keys=True)
    if reading:
        line["reading"] = msgspec.to_builtins(read)
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


def _one(path: Path, settings: Settings, channel: str, at: datetime, guard: Guard) -> list[_Line]:
    """Read one file."""
    content, problem = _content(path)
    media_type = sniff(content, None)
    wired = settings.doors.get(channel, Smtp())
    stack = wired if isinstance(wired, Scan) else Scan(path="")
    context = Context(
        id=None, channel=channel, received_at=at, due_at=due_at(at, timedelta(minutes=wired.rule)),
        original=OriginalRef(media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest()),
        language=wired.language, region=wired.region, city=wired.city, zone=settings.gateway.zone,
        own_addresses=settings.gateway.own_addresses, own_domains=settings.gateway.own_domains, problem=problem,
        fax_gateways=settings.gateway.fax_gateways, separator=stack.separator, barcode=stack.barcode,
        recognise=is_paper(media_type),
    )  # fmt: skip
    return _lines(Job(content=content, media_type=media_type, context=context), guard)


def _lines(job: Job, guard: Guard) -> list[_Line]:
    """Read an original the way the worker does; a stack from a scan folder gives a line for each of its letters."""
    try:
        done = guard.normalize(job, niced=job.context.recognise)
        if done.wants_recognition:
            return _lines(_with(job, recognise=True), guard)
    except ReaderDied as death:
        return [(quarantined(job.context, str(death)), None)]
    first = (link(done.record, done.clues, Known()), done.reading)
    return [first, *(line for pages in done.letters[1:] for line in _lines(_with(job, pages=pages), guard))]


def _with(job: Job, **changes: bool | tuple[int, ...]) -> Job:
    return replace(job, context=replace(job.context, **changes))


def _content(path: Path) -> tuple[bytes, str | None]:
    """Give a file's bytes; where it can't be opened, none and the reason."""
    try:
        return path.read_bytes(), None
    except OSError as error:
        return b"", f"the file can't be opened: {error.strerror}"


def _channel(settings: Settings, name: str | None) -> str:
    if name is None:
        return next(iter(settings.channels), "mail")
    if name not in settings.doors:
        raise LookupError(f"no channel is named {name}: there are {', '.join(settings.doors)}")
    return name


def _aware(at: datetime | None, zone: str) -> datetime:
    """Give the time of arrival in UTC; one without an offset is the desk's."""
    if at is None:
        return datetime.now(UTC)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
