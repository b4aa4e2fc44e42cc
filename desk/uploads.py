"""What clerks bring in: files as one letter, and what a visitor says. The same thing sent twice is one report."""

import errno
import hashlib
import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool

from desk import fields
from desk.errors import SentAlready, Wrong
from desk.services import Services
from desk.visit import Visit
from desk.words import N_
from records.arrival import Arrival, Envelope, Receipt, TryAgain
from records.media import LETTER, WALK_IN
from records.walk_in import WalkIn
from storage import audit, records, sessions
from storage.database import Transaction

IN_MEMORY = 1_000_000  # bytes; a larger letter is written beside the archive
LONGEST_SENDER = 1000  # characters
_CHUNK = 1 << 20
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same files must give the same bytes
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

FILES = N_("Add at least one file.")
STAMP = N_("The received stamp is a time up to now: 2026-11-21T10:03.")
SENDER = N_("Write at most 1000 characters.")
DESCRIPTION = N_("Write what does not work.")
KEY = N_("The form has no key of its own: reload the page.")

#: Enough for the road to know paper when it sees it; the readers look again.
_MARKS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"II*\0", "image/tiff", ".tif"),
    (b"MM\0*", "image/tiff", ".tif"),
    (b"II+\0", "image/tiff", ".tif"),
    (b"MM\0+", "image/tiff", ".tif"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"GIF8", "image/gif", ".gif"),
    (b"BM", "image/bmp", ".bmp"),
)
_HEIF = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif"}


class Upload(Struct, frozen=True, kw_only=True):
    """One letter as the form brings it."""

    files: tuple[BinaryIO, ...]  # in the order of their pages
    key: str | None = None  # made by the page when the upload was begun
    received: str | None = None  # the stamp: ISO 8601, in the desk's zone where it has no offset; None: now
    postal_sender: str | None = None


async def bring(wired: Services, visit: Visit, upload: Upload) -> Receipt:
    """Keep a letter. Raises Wrong, SentAlready, and TryAgain where it is not kept."""
    wrong = dict(_objections(wired, upload))
    if wrong:
        raise Wrong(wrong)
    media_type, content, size, sha256 = await run_in_threadpool(_letter, upload.files, wired.reception.spool())
    sender = (upload.postal_sender or "").strip() or None
    arrival = Arrival(
        channel="upload", media_type=media_type, content=content, size=size, sha256=sha256,
        received_at=stamp(wired, upload.received), envelope=Envelope(postal_sender=sender, clerk=visit.person.login),
    )  # fmt: skip
    try:
        return await _accept(wired, visit, arrival, upload.key)
    finally:
        if isinstance(content, Path):
            await run_in_threadpool(content.unlink, missing_ok=True)


async def key_in(
    wired: Services, visit: Visit, form: str, given: Mapping[str, object], language: str | None
) -> Receipt:
    """Keep what a visitor said; `form` was made by the page when the form was opened. Raises like `bring`."""
    if not _KEY.fullmatch(form):
        raise Wrong({"form": KEY})
    walk_in = _walk_in(wired, form, {**given, "language": language} if language else given)
    content = msgspec.json.encode(walk_in)
    arrival = Arrival(
        channel="walk_in", media_type=WALK_IN, content=content, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), received_at=wired.now().astimezone(UTC),
        envelope=Envelope(clerk=visit.person.login),
    )  # fmt: skip
    return await _accept(wired, visit, arrival, form)


def stamp(wired: Services, text: str | None) -> datetime:
    """Read a received stamp; none is now. Raises ValueError for what is no time, or one that is still to come."""
    now = wired.now().astimezone(UTC)
    if not text:
        return now
    at = datetime.fromisoformat(text)
    at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(wired.settings.gateway.zone))).astimezone(UTC)
    if not _EARLIEST <= at <= now:
        raise ValueError
    return at


def media_type(head: bytes) -> tuple[str, str]:
    """Tell a file's type and its usual ending by its first bytes; what is no paper is for the readers to tell."""
    for mark, kind, ending in _MARKS:
        if head.startswith(mark):
            return kind, ending
    if b"%PDF-" in head[:1024]:
        return "application/pdf", ".pdf"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return _HEIF[head[8:12]], ".heic"
    return "application/octet-stream", ".bin"


def _objections(wired: Services, upload: Upload) -> list[tuple[str, str]]:
    found = []
    if not upload.files:
        found.append(("files", FILES))
    if upload.key is not None and not _KEY.fullmatch(upload.key):
        found.append(("upload", KEY))
    if len(upload.postal_sender or "") > LONGEST_SENDER:
        found.append(("postal_sender", SENDER))
    try:
        stamp(wired, upload.received)
    except (ValueError, OverflowError):
        found.append(("received_at", STAMP))
    return found


def _walk_in(wired: Services, form: str, given: Mapping[str, object]) -> WalkIn:
    taken = {name for name in fields.FIELDS if name.partition(".")[0] in WalkIn.__struct_fields__}
    strange = {name: fields.UNKNOWN for name in given if name not in taken}
    if strange:
        raise Wrong(strange)
    zone = ZoneInfo(wired.settings.gateway.zone)
    context = fields.Context(region=wired.settings.desk.walk_in.region, today=wired.now().astimezone(zone).date())
    read = fields.read({name: value for name, value in given.items() if value not in (None, "")}, context)
    if not read.get("description"):
        raise Wrong({"description": DESCRIPTION})
    nested: dict[str, object] = {"form": form}
    for name, value in read.items():
        *way, last = name.split(".")
        place = nested
        for step in way:
            place = place.setdefault(step, {})  # type: ignore[assignment]
        place[last] = value
    return msgspec.convert(nested, WalkIn)


async def _accept(wired: Services, visit: Visit, arrival: Arrival, key: str | None) -> Receipt:
    """Keep it; a key that was used with other content is refused, one used with the same gives the same receipt."""
    own = f"{visit.person.login}/{key}" if key else None
    if own is not None:
        await run_in_threadpool(_not_sent_already, wired, own, arrival.sha256)
    receipt = await wired.reception.accept(arrival)
    await run_in_threadpool(
        wired.database.write,
        partial(
            _noted, wired=wired, visit=visit, key=own, sha256=arrival.sha256, receipt=receipt, what=arrival.channel
        ),
    )
    return receipt


def _not_sent_already(wired: Services, key: str, sha256: str) -> None:
    with wired.database.read() as tx:
        sent = sessions.sent_form(tx, key)
        report = records.kept(tx, sent[1]) if sent else None
    if sent is not None and sent[0] != sha256:
        raise SentAlready(report.id if report else "")


def _noted(
    tx: Transaction, *, wired: Services, visit: Visit, key: str | None, sha256: str, receipt: Receipt, what: str
) -> None:
    if key is not None:
        sessions.keep_form(tx, key=key, sha256=sha256, report=receipt.report, at=wired.now())
    audit.note(
        tx, actor=visit.person.login, what=what, at=wired.now(), report=receipt.report, peer=visit.peer,
        detail="arrived again" if receipt.duplicate else None,
    )  # fmt: skip


def _letter(files: Sequence[BinaryIO], spool: Path) -> tuple[str, bytes | Path, int, str]:
    """Make one original of the files; gives type, content, size and SHA-256. Raises TryAgain where there is no room."""
    if sum(file.seek(0, os.SEEK_END) for file in files) <= IN_MEMORY:
        made = io.BytesIO()
        kind = _write(files, made)
        content = made.getvalue()
        return kind, content, len(content), hashlib.sha256(content).hexdigest()
    path: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix="upload-", dir=spool)
        path = Path(name)
        with os.fdopen(handle, "w+b") as file:
            kind = _write(files, file)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            return kind, path, size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        if path is not None:
            path.unlink(missing_ok=True)
        raise TryAgain(f"spool: {error.strerror}", full=error.errno == errno.ENOSPC) from error


def _write(files: Sequence[BinaryIO], target: IO[bytes]) -> str:
    """Write a single file as it is, several as a stored ZIP in the order of their pages; gives the media type."""
    if len(files) == 1:
        _copy(files[0], target)
        return _type_of(files[0])[0]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as letter:
        for place, file in enumerate(files, 1):
            entry = zipfile.ZipInfo(f"{place:03d}{_type_of(file)[1]}", _STAMP)
            with letter.open(entry, "w") as page:
                _copy(file, page)
    return LETTER


def _type_of(file: BinaryIO) -> tuple[str, str]:
    file.seek(0)
    return media_type(file.read(1024))


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    source.seek(0)
    shutil.copyfileobj(source, target, _CHUNK)
