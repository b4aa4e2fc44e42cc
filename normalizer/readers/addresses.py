"""Address fields (RFC 5322 section 3.4), as they are written and not only as they should be."""

import re
from collections.abc import Callable
from typing import Final

from normalizer.readers.clean import clean_line
from normalizer.readers.limits import MAILBOXES
from records.reading import Mailbox

#: An encoded word is one piece: mailers write commas and brackets in it.
_PIECE: Final = re.compile(r'\\.|=\?[^?\s]{1,80}\?[BbQq]\?[^?\s]{0,2000}\?=|[^"(),:;<>\\=]+|.', re.DOTALL)
_ADDRESS: Final = re.compile(r"[^\s@<>\"(),;:]{1,256}@[^\s@<>\"(),;:]{1,255}")


def is_address(address: str | None) -> bool:
    """Tell whether this is one addr-spec and nothing else."""
    return address is not None and len(address) <= 320 and _ADDRESS.fullmatch(address) is not None


def mailboxes(field: str, decode: Callable[[str], str]) -> list[Mailbox]:
    """Read a field: quotes, comments in comments, angle brackets, groups. At most one more than the limit is given.

    `decode` makes text of a piece of the field; it is called for names and addresses, after they were told apart.
    """
    found: list[Mailbox] = []
    draft, depth, quoted = _Draft(), 0, False
    marks = field.count('"')  # left to come: the last of an odd number opens nothing
    for piece in _PIECE.findall(field):
        if piece == '"':
            marks -= 1
            quoted = not quoted and marks > 0
        elif quoted or piece[0] == "\\":
            draft.add(piece.removeprefix("\\"), depth)
        elif piece in "()":
            depth = depth + 1 if piece == "(" else max(0, depth - 1)
        elif depth:
            draft.add(piece, depth)
        elif piece in "<>":
            draft.angle(opens=piece == "<")
        elif piece in ",;" or (piece == ":" and not draft.open):  # a colon ends the name of a group
            found += draft.mailboxes(decode) if piece != ":" else ()
            draft = _Draft()
            if len(found) > MAILBOXES:
                return found
        else:
            draft.add(piece, depth)
    return [*found, *draft.mailboxes(decode)]


class _Draft:
    """One mailbox while its characters are read."""

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.comment: list[str] = []
        self.route: list[str] = []  # what stands in angle brackets
        self.open = False

    def add(self, piece: str, depth: int) -> None:
        """Take a piece to where it belongs."""
        (self.comment if depth else self.route if self.open else self.phrase).append(piece)

    def angle(self, *, opens: bool) -> None:
        """Pass an angle bracket; of several addresses the last one counts."""
        self.open = opens
        if opens:
            self.route = []

    def mailboxes(self, decode: Callable[[str], str]) -> tuple[Mailbox, ...]:
        """Make the mailbox; nothing where nothing was written."""
        phrase, comment, route = ("".join(pieces).strip() for pieces in (self.phrase, self.comment, self.route))
        if not route and "@" in phrase:
            route = next(word for word in phrase.split() if "@" in word)
            phrase = " ".join(word for word in phrase.split() if word != route)
        elif not route and comment and " " not in phrase:
            phrase, route = "", phrase  # MAILER-DAEMON (Mail Delivery System)
        name, address = _name(decode(phrase or comment)), clean_line(decode(route), 320) or None
        return (Mailbox(name, address),) if name or address else ()


def _name(text: str) -> str | None:
    return clean_line(text.replace('"', ""), 200).strip("'") or None
