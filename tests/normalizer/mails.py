"""What the tests of the readers share: a context, a short way to read, and the mails of the corpora."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from normalizer.context import Context
from normalizer.readers import read, sniff
from records.reading import Reading
from records.record import OriginalRef
from tests.conftest import CORPORA, unavailable

ARRIVED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CONTEXT = Context(
    id=None,
    channel="email",
    received_at=ARRIVED,
    due_at=ARRIVED + timedelta(hours=2),
    original=OriginalRef(media_type="message/rfc822", size=0, sha256=""),
    own_addresses=("support@isp.example",),
    own_domains=("isp.example",),
)
FOLDERS = (
    "zammad-mail", "stalwart-eml", "mime4j-testmsgs", "mimekit-testdata", "rubymail-fixtures", "rt-emails",
    "enmime-testdata", "discourse-emails", "nodemailer-fixtures", "tika-mail", "python-email-data", "sisimai-bounces",
)  # fmt: skip
_NO_MAILS = {".json", ".yml", ".xml", ".out", ".list", ".tokens", ".html", ".tnef", ".bin", ".golden"}


def read_mail(content: bytes | str) -> Reading:
    """Read a mail as every test means it."""
    return read(content.encode() if isinstance(content, str) else content, "message/rfc822", CONTEXT)


def corpus(folder: str) -> Path:
    """Give a folder of the corpora, or say that it is not here."""
    path = CORPORA / folder
    if not path.is_dir():
        unavailable(f"the corpus {folder} is not at {path}")
    return path


def mails(folder: str) -> Iterator[tuple[Path, bytes]]:
    """Give every mail of a corpus."""
    for path in sorted(corpus(folder).rglob("*")):
        if path.is_file() and path.suffix not in _NO_MAILS and path.name != "SOURCE.txt" and "LICENSE" not in path.name:
            content = path.read_bytes()
            if sniff(content, None) == "message/rfc822":
                yield path, content
