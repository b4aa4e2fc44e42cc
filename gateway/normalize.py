"""`faultgate normalize`: the record of a file, without a store."""

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from classifier import Knowledge, classify
from config.settings import Channel, Settings, Smtp
from normalizer.context import Context
from normalizer.guard import Guard, ReaderDied
from normalizer.job import Job
from normalizer.linking import link
from normalizer.readers import sniff
from normalizer.record import quarantined
from records.clock import due_at
from records.linking import Known
from records.reading import Reading
from records.record import FaultRecord, OriginalRef, classified


def print_schema() -> int:
    """Print the JSON Schema of the record."""
    print(json.dumps(msgspec.json.schema(FaultRecord), indent=2))
    return 0


def normalize(
    settings: Settings, paths: list[Path], channel: str | None, received_at: datetime | None, *, reading: bool
) -> int:
    """Print one JSON line for each file, in order; a file that can't be read gives a line with its reason."""
    name, wired = _channel(settings, channel)
    at = _aware(received_at, settings.gateway.zone)
    knowledge = Knowledge.load()
    guard = Guard(settings.readers)
    try:
        for path in paths:
            record, read = _one(path, settings, (name, wired), at, guard)
            record = classified(record, classify(record, knowledge, read.telling_subject if read else None))
            line = msgspec.to_builtins(record, str_keys=True)
            if reading:
                line["reading"] = msgspec.to_builtins(read)
            sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
            sys.stdout.flush()
    finally:
        guard.close()
    return 0


def _one(
    path: Path, settings: Settings, channel: tuple[str, Channel], at: datetime, guard: Guard
) -> tuple[FaultRecord, Reading | None]:
    content, problem = _content(path)
    media_type = sniff(content, None)
    name, wired = channel
    context = Context(
        id=None, channel=name, received_at=at, due_at=due_at(at, timedelta(minutes=wired.rule)),
        original=OriginalRef(media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest()),
        language=wired.language, region=wired.region, city=wired.city, zone=settings.gateway.zone,
        own_addresses=settings.gateway.own_addresses, own_domains=settings.gateway.own_domains, problem=problem,
    )  # fmt: skip
    try:
        done = guard.normalize(Job(content=content, media_type=media_type, context=context))
    except ReaderDied as death:
        return quarantined(context, str(death)), None
    return link(done.record, done.clues, Known()), done.reading


def _content(path: Path) -> tuple[bytes, str | None]:
    """Give a file's bytes; where it can't be opened, none and the reason."""
    try:
        return path.read_bytes(), None
    except OSError as error:
        return b"", f"the file can't be opened: {error.strerror}"


def _channel(settings: Settings, name: str | None) -> tuple[str, Channel]:
    if name is None:
        return next(iter(settings.channels.items()), ("mail", Smtp()))
    if name not in settings.channels:
        raise LookupError(f"no channel is named {name}: the wiring file has {', '.join(settings.channels)}")
    return name, settings.channels[name]


def _aware(at: datetime | None, zone: str) -> datetime:
    """Give the time of arrival in UTC; one without an offset is the desk's."""
    if at is None:
        return datetime.now(UTC)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
