"""The walk over the parts of a mail: what is text, what is listed, what is looked into."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from normalizer.readers import bodies, charsets, headers, hypertext, magic, mime, tnef, transfer
from normalizer.readers.bodies import Piece
from normalizer.readers.clean import clean, clean_line, clean_name
from normalizer.readers.findings import Attached, Findings
from normalizer.readers.limits import DEPTH, FALLBACK_BYTES, HIDDEN, PARTS, SUBJECT
from normalizer.readers.mime import Entity, Parameterised
from records.words import Review

_MESSAGES: Final = frozenset({"message/rfc822", "message/global", "message/news"})
_BINARY: Final = ("image/", "audio/", "video/", "application/")
_STRUCTURE: Final = re.compile(r"--\S|[A-Za-z][A-Za-z0-9-]{1,60}:\s|[ \t]{1,9}\w{1,30}=", re.ASCII)
_PLAIN: Final = Parameterised("text/plain", {})


class Place(Struct, frozen=True, kw_only=True):
    """Where in the mail a part stands."""

    path: str = ""  # MIME section (RFC 3501); "" is the mail itself
    depth: int = 0
    message: int = 0  # 0: the mail itself, 1, 2 …: a message attached to it
    kind: str = "text/plain"  # of a part that names none
    reported: bool = False  # in a multipart/report: what it returns is no news

    @property
    def section(self) -> str:
        """Give the section of a part that is the only one."""
        return self.path or "1"

    def part(self, number: int, multipart: str) -> "Place":
        """Give the place of a part of the multipart that stands here."""
        return replace(
            self,
            path=f"{self.path}.{number}" if self.path else str(number),
            depth=self.depth + 1,
            kind="message/rfc822" if multipart == "multipart/digest" else "text/plain",
            reported=self.reported or multipart == "multipart/report",
        )


def walk(entity: Entity, place: Place, found: Findings) -> list[Piece]:
    """Read one part and all that is in it; give its text."""
    if found.full:
        found.review(Review.TRUNCATED, f"more than {PARTS} parts: the rest is in the original only")
        return []
    field = mime.parameterised(entity.raw("content-type"))
    kind = field.value if "/" in field.value else place.kind
    found.types.append(kind[:100])
    if entity.cut:
        found.review(Review.TRUNCATED, "header section too long: read in part")
    if place.depth > DEPTH:
        found.review(Review.TOO_DEEP, f"parts in parts deeper than {DEPTH}: read as one text from there")
        return [_flattened(entity, place)]
    if kind.startswith("multipart/") and (children := _children(entity, field)):
        return _multipart(children, kind, field, place, found)
    encoding = entity.raw("content-transfer-encoding")
    content, problem = transfer.decode(entity.body, b"binary" if kind in _MESSAGES and not encoding else encoding)
    if kind.startswith("multipart/"):
        found.note("a multipart without parts: read as text")
        return _leaf(entity, _PLAIN, content, problem, place, found) if content.strip() else []
    if kind == "message/partial":
        number = field.parameters.get("number", "?")[:9]
        found.review(Review.TRUNCATED, f"piece {clean_line(number, 9)} of a split message: the rest is in other mails")
    if kind in _MESSAGES or (kind == "message/partial" and number == "1"):
        return _message(entity, content, place, found)
    if kind == "message/external-body":
        problem = "kept elsewhere by the sender"
    return _leaf(entity, replace(field, value=kind), content, problem, place, found)


def _children(entity: Entity, field: Parameterised) -> Iterable[Entity]:
    """Find the parts of a multipart; nothing where there are none, not even by a guess."""
    raw = entity.raw("content-transfer-encoding").lower()
    if b"base64" in raw or b"quoted" in raw:  # forbidden, and met
        content, problem = transfer.decode(entity.body, raw)
        if problem is None and b"\n--" in b"\n" + content:
            entity = replace(entity, content=content, start=0, end=len(content))
    named, guessed = field.parameters.get("boundary"), mime.guessed_boundary(entity)
    for boundary, tail in ((named, mime.EXACT), (named, mime.LENIENT), (guessed, mime.EXACT)):
        if boundary and (first := next(children := mime.parts(entity, boundary, tail), None)):
            return chain((first,), children)
    return ()


def _multipart(
    children: Iterable[Entity], kind: str, field: Parameterised, place: Place, found: Findings
) -> list[Piece]:
    """Read the parts of a multipart."""
    if kind == "multipart/encrypted":
        found.review(Review.ENCRYPTED, "encrypted: the sender must be asked")
    elif kind == "multipart/signed":
        found.note("signed: signature not checked")
    elif kind == "multipart/report":
        found.report_type = found.report_type or field.parameters.get("report-type", "").strip().lower()[:100] or None
    branches: list[list[Piece]] = []
    for number, child in enumerate(children, 1):
        was_full = found.full
        branches.append(walk(child, place.part(number, kind), found))
        if was_full:
            break
    if kind != "multipart/alternative":
        return [piece for branch in branches for piece in branch]
    chosen, differ = bodies.choose(branches)
    if differ:
        found.note("the plain text and the HTML of this mail differ")
    return chosen


def _message(entity: Entity, content: bytes, place: Place, found: Findings) -> list[Piece]:
    """List an attached message and read it; one that a report returns is only listed."""
    as_sent = len(content) == entity.end - entity.start
    inner = mime.entity(entity.content, entity.start, entity.end) if as_sent else mime.entity(content)
    subject = headers.text(inner.raw("subject"), SUBJECT)
    found.list(place.section, _name(entity) or clean_name(subject and f"{subject}.eml"), content, "message/rfc822")
    if place.reported:
        return []
    is_said = subject in {"", *(message.subject for message in found.attached)}
    found.attached.append(Attached(next(iter(headers.mailboxes(inner.raw("from"))), None), subject))
    number = len(found.attached)
    multipart = mime.parameterised(inner.raw("content-type")).value.startswith("multipart/")
    path = place.section if multipart else f"{place.section}.1"
    pieces = walk(inner, Place(path=path, depth=place.depth + 1, message=number), found)
    return pieces if is_said else [Piece(text=subject, own=subject, message=number), *pieces]


def _leaf(
    entity: Entity, field: Parameterised, content: bytes, problem: str | None, place: Place, found: Findings
) -> list[Piece]:
    """Read one part that has no parts: show it, list it, or both."""
    kind, section = field.value, place.section
    disposition = mime.parameterised(entity.raw("content-disposition")).value
    name = _name(entity)
    if content.startswith(tnef.SIGNATURE):
        return _outlook(name, content, problem, place, found)
    found.secrecy(kind, content)
    if kind == "text/calendar":
        found.list(section, name, content, kind, problem)
        text = clean(charsets.decode(content, field.parameters.get("charset")).text)
        return [Piece(text=text, own=text, spare=True, message=place.message)]
    lies = b"\0" in content[:1000] and magic.media_type(content, "text/plain").startswith(_BINARY)
    alone = not place.path and not place.message
    if kind not in bodies.TEXT_TYPES or lies or (disposition == "attachment" and not alone):
        found.list(section, name, content, kind, problem)
        return []
    if name or (kind == "text/html" and found.has_html(place.message)):  # one that a mail client lists beside the text
        found.list(section, name, content, kind, problem)
    elif problem:
        found.note(f"text: {problem}")
    return _text(field, content, place, found)


def _text(field: Parameterised, content: bytes, place: Place, found: Findings) -> list[Piece]:
    """Read a part that is shown."""
    body = bodies.read(content, field, place.message)
    if body.guess:
        named = clean_line(field.parameters.get("charset", ""), 40) or "none"
        found.note(f"charset named: {named}, read as: {body.guess}")
    if re.search(r"[^\W_]", body.hidden):
        found.review(Review.HIDDEN_TEXT, f"hidden text: {clean_line(body.hidden, HIDDEN)}")
    for number, file in enumerate(body.files, 1):
        name = clean_name(headers.decoded(file.name))
        found.list(f"{place.section}/{number}", name, file.content, problem=file.problem)
    return [body.piece]


def _outlook(name: str | None, content: bytes, problem: str | None, place: Place, found: Findings) -> list[Piece]:
    """List a winmail.dat and the files in it; its text is shown where there is no other."""
    outlook = tnef.read(content)
    found.note("Outlook format (winmail.dat)")
    found.list(place.section, name or "winmail.dat", content, "application/ms-tnef", problem or outlook.problem)
    for number, file in enumerate(outlook.files, 1):
        found.list(f"{place.section}/{number}", clean_name(file.name), file.content or b"")
    text = clean(outlook.text or (hypertext.read(outlook.html).text if outlook.html else ""))
    return [Piece(text=text, own=text, spare=True, message=place.message)]


def _name(entity: Entity) -> str | None:
    """Give the clean name of a part."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        raw = entity.raw(header)
        if b"name" in raw.lower() and (name := clean_name(headers.parameter(mime.parameterised(raw), parameter))):
            return name
    return None


def _flattened(entity: Entity, place: Place) -> Piece:
    """Read a structure as one text, without the lines that are plainly structure."""
    text = clean(charsets.decode(entity.content[entity.start : entity.end][:FALLBACK_BYTES]).text)
    kept = "\n".join(line for line in _lines(text) if not _STRUCTURE.match(line))
    return Piece(text=kept, own=kept, message=place.message)


def _lines(text: str) -> Iterator[str]:
    """Give lines, of empty ones in a row only one."""
    before = ""
    for line in text.split("\n"):
        if line.strip() or before.strip():
            yield line
        before = line
