"""What the sender newly wrote, told apart from what he quoted and from how he signs.

Quoted text and signature are handed back beside the new text; only what nobody wrote, such as a device's line or a
notice of confidentiality, is dropped. A forwarded report is new text, for its author is the reporter; a mail of our
own that comes back never is.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from normalizer.trimming import words
from normalizer.trimming.endings import is_device, part, stripped
from normalizer.trimming.headings import WRAPPED, Heading, heading
from records.reading import Mailbox

_PREFIX: Final = r"[\s\[(]{0,3}(?:%s)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,2})?\s?[:：]"
_REPLY = re.compile(_PREFIX % words.REPLY_PREFIXES, re.IGNORECASE)
_FORWARD = re.compile(_PREFIX % words.FORWARD_PREFIXES, re.IGNORECASE)
_HANDS_ON = re.compile(words.HANDS_ON, re.IGNORECASE)
_NOTE: Final = 300  # characters above a mail that is handed on
_FORWARD_END = re.compile(words.FORWARD_END, re.IGNORECASE)
_QUOTED: Final = re.compile(r"\s{0,3}(?:[^\W\d_]{0,3}>|&gt;)\s?")
_RULE: Final = " \t-—–_=*~"
_WRAPPED: Final = 60  # a quoted line of this length may have been wrapped without a mark


class Trimmed(Struct, frozen=True, kw_only=True):
    """One text in its parts."""

    new_text: str  # "" only where the mail says nothing new
    quoted_text: str
    signature: str
    forwarded: bool = False
    forwarded_from: Mailbox | None = None


class _Mail(Struct, frozen=True, kw_only=True):
    """What is known of the mail around the text."""

    subject: str | None
    answers_ours: bool
    own_addresses: tuple[str, ...]
    own_domains: tuple[str, ...]

    def is_ours(self, sender: Mailbox | None) -> bool:
        """Tell whether a quoted sender is one of our own mailboxes."""
        address = (sender.address or "").lower() if sender else ""
        return address in self.own_addresses or address.rpartition("@")[2] in self.own_domains

    def answers(self) -> bool:
        """Tell whether the mail is an answer, by its headers or its subject."""
        return self.answers_ours or bool(_REPLY.match(self.subject or ""))

    def hands_on(self, opening: Heading) -> bool:
        """Tell whether a quoted mail is forwarded to us rather than quoted back."""
        if self.is_ours(opening.sender):
            return False
        if opening.forward:
            return True
        if self.answers() or self.subject is None:
            return False
        stranger = bool(self.own_addresses or self.own_domains) and "@" in ((opening.sender or Mailbox()).address or "")
        return bool(_FORWARD.match(self.subject)) or (opening.block and stranger)


def trim(
    text: str,
    *,
    subject: str | None = None,
    answers_ours: bool = False,
    own_addresses: tuple[str, ...] = (),
    own_domains: tuple[str, ...] = (),
) -> Trimmed:
    """Part a mail's visible text; `answers_ours`: its In-Reply-To or References name a mail of ours."""
    mail = _Mail(subject=subject, answers_ours=answers_ours, own_addresses=own_addresses, own_domains=own_domains)
    walk = _Walk(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), mail)
    walk.through()
    return Trimmed(
        new_text="\n".join(walk.own),
        quoted_text="\n".join(walk.quoted),
        signature="\n".join(walk.signature),
        forwarded=walk.forwarded,
        forwarded_from=walk.author,
    )


class _Walk:
    """One walk over the lines, top to bottom, that sorts them."""

    def __init__(self, lines: list[str], mail: _Mail) -> None:
        self._lines = lines
        self._mail = mail
        self._segment: list[str] = []  # own lines since the last quotation
        self._said = False  # whether anything stands in `own`
        self.own: list[str] = []
        self.quoted: list[str] = []
        self.signature: list[str] = []
        self.forwarded = False
        self.author: Mailbox | None = None

    def through(self) -> None:
        """Sort all lines."""
        at = 0
        while at < len(self._lines):
            at = self._step(at)
        self._close()
        own = stripped(self.own)
        self.own = stripped(own[1:]) if len(own) > 1 and is_device(own[0]) else own

    def _step(self, at: int) -> int:
        """Sort the line, or the quotation, that begins here; give the line to go on with."""
        if self._opens_run(at):
            after = _run(self._lines, at)
            if self._ends_writing(at, after):
                self._close()
            return self._quote(at, after)
        opening = heading(self._lines, at)
        if opening and self._is_quotation(opening):
            return self._open(opening)
        if not (self.forwarded and _FORWARD_END.search(self._lines[at][:200])):
            self._segment.append(self._lines[at])
        return at + 1

    def _is_quotation(self, opening: Heading) -> bool:
        """Tell a quotation from what a person may have written: a weak opening, or the head of a letter or a fax."""
        if opening.weak:
            return _marked(self._lines, opening.after)
        begun = self._said or any(line.strip(_RULE) for line in self._segment[:100])
        return begun or not opening.block or "@" in ((opening.sender or Mailbox()).address or "")

    def _opens_run(self, at: int) -> bool:
        """Tell a quoted run from a customer's own line with ">": a blank line or another quotation comes before."""
        line = self._lines[at]
        return bool(_QUOTED.match(line)) and (bool(self.quoted) or at == 0 or not self._lines[at - 1].strip())

    def _ends_writing(self, at: int, after: int) -> bool:
        """Tell a run that a mail program appended from one that is answered line by line: attributed, or the last."""
        attributed = heading([_unmarked(line) for line in self._lines[at : at + WRAPPED]], 0)
        return attributed is not None or _next(self._lines, after) == len(self._lines)

    def _quote(self, at: int, after: int) -> int:
        """Take lines away as quoted ones."""
        self._keep(self._segment)
        self.quoted += self._lines[at:after]
        return after

    def _open(self, opening: Heading) -> int:
        """Sort an opened quotation: without marks it reaches to the end of the mail."""
        self._close()
        marked = _marked(self._lines, opening.after)
        after = _run(self._lines, _next(self._lines, opening.after)) if marked else len(self._lines)
        alone = not marked and not self._said and not self._mail.is_ours(opening.sender)
        told = not self._mail.is_ours(opening.sender) and bool(_HANDS_ON.search(" ".join(self.own)[-_NOTE:]))
        hands_on = self._mail.hands_on(opening) or (not self._mail.answers() and opening.block and (alone or told))
        if not (hands_on or (alone and not self._mail.answers_ours)):
            return self._quote(opening.first, after)
        if hands_on:
            self.author = opening.sender or self.author  # of a chain, the innermost: he began it
            self.forwarded = True
        self._quote(opening.first, opening.after)
        if not marked:
            return opening.after
        self._segment += [_unmarked(line) for line in self._lines[opening.after : after]]
        return after

    def _close(self) -> None:
        """End a stretch of own lines: its signature and footers go; a forwarded author's signature is evidence."""
        own, signature = self._segment, list[str]()
        if not self.forwarded:
            own, signature = part(self._segment, more=self._said)
        self._keep(own)
        self.signature += signature

    def _keep(self, own: list[str]) -> None:
        """Put own lines to those before, a blank line between."""
        if own:
            self.own += [*own, ""]
        self._said = self._said or any(line.strip(_RULE) for line in own)
        self._segment = []


def _run(lines: Sequence[str], at: int) -> int:
    """Give the line after a quoted run; a line that lost its mark by wrapping belongs to it."""
    while at < len(lines):
        if not (_QUOTED.match(lines[at]) or _lost_mark(lines, at)):
            beyond = _next(lines, at)
            if beyond == at or not _marked(lines, beyond):
                break
            at = beyond
        at += 1
    return at


def _lost_mark(lines: Sequence[str], at: int) -> bool:
    """Tell the wrapped rest of a long quoted line: it goes on in small letters between two quoted lines."""
    if at + 1 >= len(lines) or not lines[at][:1].islower() or not _QUOTED.match(lines[at + 1]):
        return False
    before = lines[at - 1]
    return len(before) >= _WRAPPED and bool(_QUOTED.match(before)) and not before.rstrip().endswith(("?", "!", ":"))


def _unmarked(line: str) -> str:
    """Take one mark of quotation off a line."""
    return _QUOTED.sub("", line, count=1)


def _next(lines: Sequence[str], at: int) -> int:
    """Give the next line that is not blank."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _marked(lines: Sequence[str], at: int) -> bool:
    """Tell whether the next line that is not blank bears a mark of quotation."""
    at = _next(lines, at)
    return at < len(lines) and bool(_QUOTED.match(lines[at]))
