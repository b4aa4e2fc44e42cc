"""What was read of an original, before any field was taken."""

from collections.abc import Mapping

from msgspec import Struct, field

from records.words import MachineMail, Review


class Mailbox(Struct, frozen=True):
    """One mailbox of an address header (RFC 5322 section 3.4); the name decoded, the address as written."""

    name: str | None = None
    address: str | None = None


#: Left, top, right, bottom in ten-thousandths of the page's width and height, of the page turned upright.
Box = tuple[int, int, int, int]


class Word(Struct, frozen=True, array_like=True):
    """One word of a page, where it stands and how surely it was read."""

    text: str
    box: Box
    confidence: float  # 0 to 1; 1 for a text layer


class Page(Struct, frozen=True, kw_only=True):
    """One page of paper."""

    number: int  # in the original, from 1
    language: str | None = None
    rotation: int = 0  # degrees clockwise by which the page as it came must be turned to stand upright: 0, 90, 180, 270
    confidence: float | None = None  # mean over the words, weighted by their letters; None: nothing was read
    text: str = ""
    words: tuple[Word, ...] = ()  # in reading order; joined they are the letters of `text`
    problem: str | None = None  # why the page could not be read, for a person


class Part(Struct, frozen=True, kw_only=True):
    """One leaf of the original that is not its text: an attachment, an inline picture, a file out of winmail.dat."""

    path: str  # "1.2": the MIME section (RFC 3501); a file inside another has the parent's path and a slash: "2/1"
    name: str | None  # cleaned: NFKC, no folders, no control or invisible characters
    media_type: str  # told by content where content tells, otherwise as declared
    size: int  # of the decoded bytes
    md5: str
    sha256: str
    problem: str | None = None  # why it could not be read, for a person: "damaged base64", "encrypted archive"
    text: str = ""  # what it says, where it was read beside the mail's own text
    pages: tuple[int, ...] = ()  # the numbers of the reading's pages that `text` was read from


class Reading(Struct, frozen=True, kw_only=True):
    """Text and parts of one original. Every string is clean Unicode: no NUL, no lone surrogate."""

    media_type: str
    subject: str | None = None
    from_: Mailbox | None = field(name="from", default=None)
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    date: str | None = None  # ISO 8601 where it could be read; never used as arrival time
    text: str = ""  # all visible text
    new_text: str = ""  # without quoted text, signature, footer
    quoted_text: str = ""  # what was cut as quoted, kept for linking and for the clerk
    signature: str = ""  # the sender's own signature block: may give name and phone
    forwarded_from: Mailbox | None = None  # the author of a forwarded report
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    machine_mail: MachineMail | None = None
    headers: Mapping[str, str] = {}  # by lower-case name, those by which mail asks for no automatic reply (RFC 3834)
    calling_number: str | None = None  # of the fax machine, as the gateway wrote it that mails its faxes
    parts: tuple[Part, ...] = ()
    pages: tuple[Page, ...] = ()
    reviews: tuple[Review, ...] = ()  # reasons why a person must look
    notes: tuple[str, ...] = ()  # facts for the clerk: "signed, signature not checked", "hidden text found"

    @property
    def telling_subject(self) -> str | None:
        """The subject where the sender wrote it for this report: that of an answer is the earlier mail's."""
        return None if self.in_reply_to or self.references else self.subject
