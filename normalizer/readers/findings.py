"""What is gathered while a mail is read: listed parts, reasons for a person to look, facts for the clerk."""

import hashlib
from typing import Final

from msgspec import Struct

from normalizer.readers import magic
from normalizer.readers.limits import PARTS
from records.reading import Mailbox, Part
from records.words import Review

_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")  # RFC 5652 section 5.1
_CMS: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENCRYPTED: Final = b"-----BEGIN PGP MESSAGE-----"
_SIGNED: Final = b"-----BEGIN PGP SIGNED MESSAGE-----"


class Attached(Struct, frozen=True):
    """An attached message: whose it is, and what it is about."""

    author: Mailbox | None
    subject: str


class Findings:
    """All that the walk over a mail gathers; reviews and notes are each said once."""

    def __init__(self, *, keep: bool = False) -> None:
        """`keep`: the files themselves are wanted, too."""
        self._keep = keep
        self.files: dict[str, bytes] = {}  # by the path of their part
        self.parts: list[Part] = []
        self.types: list[str] = []  # of every part, as declared
        self.reviews: dict[Review, None] = {}
        self.notes: dict[str, None] = {}
        self.report_type: str | None = None
        self.attached: list[Attached] = []
        self._html: set[int] = set()  # the messages that showed HTML already

    @property
    def full(self) -> bool:
        """Whether as many parts were looked at as ever are."""
        return len(self.types) >= PARTS or len(self.parts) >= PARTS

    def note(self, note: str) -> None:
        """Say a fact."""
        self.notes[note] = None

    def review(self, reason: Review, note: str) -> None:
        """Say why a person must look."""
        self.reviews[reason] = None
        self.notes[note] = None

    def list(self, path: str, name: str | None, content: bytes, named: str = "", problem: str | None = None) -> None:
        """List one part; `named`: the type that its sender gave it."""
        if len(self.parts) >= PARTS:
            self.review(Review.TRUNCATED, f"more than {PARTS} parts: the rest is in the original only")
            return
        problem = problem or magic.problem(content)
        if problem:
            self.reviews[Review.UNREADABLE_ATTACHMENT] = None
        part = Part(
            path=path,
            name=name,
            media_type=magic.media_type(content, named),
            size=len(content),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(content).hexdigest(),
            problem=problem,
        )
        self.parts.append(part)
        if self._keep:
            self.files[path] = content

    def has_html(self, message: int) -> bool:
        """Tell whether a message showed HTML before, and remember that now it does."""
        had = message in self._html
        self._html.add(message)
        return had

    def secrecy(self, kind: str, content: bytes) -> None:
        """See whether a part is encrypted or signed."""
        if kind in _CMS and _SIGNED_DATA in content[:200]:
            self.review(Review.UNREADABLE_ATTACHMENT, "wrapped in an S/MIME signature: not checked, not unwrapped")
        elif kind in _CMS or kind == "application/pgp-encrypted" or _ENCRYPTED in content[:100_000]:
            self.review(Review.ENCRYPTED, "encrypted: the sender must be asked")
        elif content.startswith(_SIGNED):
            self.note("signed: signature not checked")
