"""One text part to the text it shows, and the choice between alternatives."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from normalizer.readers import charsets, hypertext, uuencode
from normalizer.readers.clean import clean
from normalizer.readers.mime import Parameterised

TEXT_TYPES: Final = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_ENRICHED: Final = re.compile(r"<(/?)([A-Za-z0-9-]{1,60})>")  # RFC 1896
_META: Final = re.compile(rb"<meta\s[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_WORDS: Final = re.compile(r"\w{2,60}")
_PLACEHOLDER: Final = re.compile(r"html|multi-?part|браузер|浏览器|瀏覽器|browser", re.IGNORECASE)
_COMPARED: Final = 50_000  # characters of each alternative


class Piece(Struct, frozen=True, kw_only=True):
    """A stretch of the mail's text."""

    text: str  # as it is shown
    own: str  # the same without files that stand in it; "" where another piece says it already
    html: bool = False
    spare: bool = False  # shown only where nothing else is: an invitation, the text in winmail.dat
    message: int = 0  # 0: of the mail itself, 1, 2 …: of an attached message


class Body(Struct, frozen=True, kw_only=True):
    """What one text part gave."""

    piece: Piece
    hidden: str = ""
    guess: str | None = None  # the charset it was read in where that was not the named one
    files: tuple[uuencode.Inlined, ...] = ()


def read(content: bytes, field: Parameterised, message: int) -> Body:
    """Read the decoded bytes of a text part; `field` is its Content-Type."""
    kind = field.value
    named = field.parameters.get("charset")
    if kind == "text/html":
        meta = _META.search(content[:2000])
        decoded = charsets.decode(content, named or (meta[1].decode() if meta else None))
        shown = hypertext.read(decoded.text)
        text = clean(shown.text)
        return Body(
            piece=Piece(text=text, own=text, html=True, message=message),
            hidden=clean(shown.hidden),
            guess=decoded.guess,
        )
    decoded = charsets.decode(content, named)
    files = tuple(uuencode.find(content)) if kind == "text/plain" else ()
    text = _plain(decoded.text, kind, field)
    rest = uuencode.without(content, files) if files else None
    own = text if rest is None else _plain(charsets.decode(rest, decoded.guess or named).text, kind, field)
    return Body(piece=Piece(text=text, own=own, message=message), guess=decoded.guess, files=files)


def _plain(text: str, kind: str, field: Parameterised) -> str:
    text = clean(text)
    if kind != "text/plain":
        return _ENRICHED.sub(lambda tag: "\n" if tag[2].lower() in {"nl", "paragraph"} else "", text)
    if field.parameters.get("format", "").lower() == "flowed":
        return flowed(text, delete_space=field.parameters.get("delsp", "").lower() == "yes")
    return text


def flowed(text: str, *, delete_space: bool = False) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676); quotes join only with quotes of the same depth."""
    lines: list[str] = []
    depth_before, soft = 0, False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if soft and depth == depth_before and bare != "-- ":
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + bare
        else:
            lines.append(">" * depth + (" " if depth else "") + bare)
        soft, depth_before = bare.endswith(" ") and bare != "-- ", depth
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)


def choose(branches: Sequence[Sequence[Piece]]) -> tuple[list[Piece], bool]:
    """Choose between alternatives; also tell whether they say different things.

    The plain text is taken where it says what the HTML says; the HTML where that says more; where they contradict each
    other both are shown, and the plain text is what counts as the sender's own.
    """
    spare = [piece for branch in branches for piece in branch if piece.spare]
    shown = [[piece for piece in branch if not piece.spare] for branch in branches]
    shown = [branch for branch in shown if any(not _blank(piece.text) for piece in branch)]
    html = next((branch for branch in reversed(shown) if any(piece.html for piece in branch)), None)
    plain = next((branch for branch in reversed(shown) if not any(piece.html for piece in branch)), None)
    if html is None or plain is None:
        return [*(html or plain or ()), *spare], False
    in_plain, in_html = _words(plain), _words(html)
    unseen, unsaid = _share(in_html - in_plain, in_html), _share(in_plain - in_html, in_plain)
    if unseen <= 0.1:
        return [*plain, *spare], unsaid > 0.4
    if unsaid <= 0.4 or _is_placeholder(plain) or in_plain.total() * 5 < in_html.total():
        return [*html, *spare], unsaid > 0.4 and not _is_placeholder(plain)
    second = [Piece(text=piece.text, own="", html=True, message=piece.message) for piece in html]
    return [*plain, *second, *spare], True


def _blank(text: str) -> bool:
    return not text.strip(" \t\n\xa0\ufffd")


def _words(branch: Sequence[Piece]) -> Counter[str]:
    text = "\n".join(piece.text for piece in branch)[:_COMPARED]
    return Counter(word.lower() for word in _WORDS.findall(text))


def _share(part: Counter[str], whole: Counter[str]) -> float:
    return part.total() / max(1, whole.total())


def _is_placeholder(branch: Sequence[Piece]) -> bool:
    text = "\n".join(piece.text for piece in branch)
    return len(text) < 400 and _PLACEHOLDER.search(text) is not None
