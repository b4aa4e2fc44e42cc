"""A report's files, lent to the ticket backends: read from the archive when they are sent, one at a time."""

import logging
from functools import partial

from normalizer.parts import Parts, ReaderDied
from outbox.files import Lent
from records.deliveries import Ticket
from records.media import is_paper
from records.numbers import report_of
from records.record import FaultRecord, OriginalRef
from storage.content import original
from storage.database import Database, Transaction
from storage.extents import extent
from storage.orders import sources
from storage.originals import Originals

log = logging.getLogger("faultgate.files")

_ENDINGS = {
    "application/pdf": "pdf", "image/tiff": "tif", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/bmp": "bmp", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif",
}  # fmt: skip


class Files:
    """See `outbox.files.Lender`. What stands in an original of its own is read there; the rest is cut out of a mail."""

    def __init__(self, database: Database, originals: Originals | None, parts: Parts) -> None:
        self._database = database
        self._originals = originals
        self._parts = parts

    def __call__(self, ticket: Ticket) -> list[Lent]:
        """List a report's files: what came with it; of paper the original, unless others' letters are in it, too."""
        record = ticket.record
        brought = [
            Lent(
                name=one.name, media_type=one.media_type, size=one.size,
                read=partial(self._content, record, one.sha256),
            )
            for one in record.attachments
        ]  # fmt: skip
        return [*self._paper(record), *brought]

    def _paper(self, record: FaultRecord) -> list[Lent]:
        page: OriginalRef = record.original
        ending, report = _ENDINGS.get(page.media_type), report_of(record.id or "")
        if ending is None or report is None or not is_paper(page.media_type):
            return []
        with self._database.read() as tx:
            shared = extent(tx, report) is not None
        read = partial(self._content, record, page.sha256)
        return (
            [] if shared else [Lent(name=f"original.{ending}", media_type=page.media_type, size=page.size, read=read)]
        )

    def _content(self, record: FaultRecord, sha256: str) -> bytes:
        """Read one file; of a report that an answer completed, some lie in the answer's original."""
        report = report_of(record.id or "")
        with self._database.read() as tx:
            whole = self._original(tx, sha256)
            if whole is not None:
                return whole
            mails = sources(tx, report) if report is not None else []
        for mail in dict.fromkeys((record.original.sha256, *mails)):
            found = self._cut(mail, sha256)
            if found is not None:
                return found
        raise LookupError(f"file {sha256} is in no original of {record.id}")

    def _original(self, tx: Transaction, sha256: str) -> bytes | None:
        try:
            return original(tx, self._originals, sha256)
        except LookupError:
            return None

    def _cut(self, mail: str, sha256: str) -> bytes | None:
        with self._database.read() as tx:
            content = self._original(tx, mail)
        try:
            return self._parts.part(content, sha256) if content is not None else None
        except ReaderDied as death:
            raise LookupError(f"file {sha256} can't be cut out of its mail: {death}") from None
