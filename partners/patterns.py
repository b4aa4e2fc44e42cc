"""Patterns of partners, matched in time that grows with the text alone: no pattern can make the search hang.

Served are letters, `.`, `.*`, classes like `[0-9A-F]`, a backslash before a sign that means itself, `^` and `$`. A
piece between two `.*` has one length, so the first place where it fits is as good as any other.
"""

import re
from collections.abc import Callable
from typing import Final

from partners.errors import invalid

_TEXT: Final = 10_000  # characters of an attribute that are looked through
_ATOM: Final = re.compile(r"\.\*|\\[^A-Za-z0-9]|\[\^?[\w \-.:/@]{1,60}\]|[^\\*+?{}()|\[\]^$]", re.DOTALL)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Give what tells whether a text holds the pattern. Raises Fault 400 for one that is not served."""
    start, end = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith(r"\$")
    atoms = _atoms(pattern[start : len(pattern) - end])
    pieces = _pieces(atoms)
    if end:
        pieces[-1] = re.compile(pieces[-1].pattern + r"\Z", re.DOTALL)

    def matches(text: str) -> bool:
        at = 0
        for place, piece in enumerate(pieces):
            anchored = start and place == 0
            found = piece.match(text[:_TEXT]) if anchored else piece.search(text[:_TEXT], at)
            if found is None:
                return False
            at = found.end()
        return True

    return matches


def _atoms(pattern: str) -> list[str]:
    atoms = [found[0] for found in _ATOM.finditer(pattern)]
    if "".join(atoms) != pattern:
        raise invalid("regex: served are letters, . and .*, [classes], ^ and $; write \\ before a sign as itself")
    return atoms


def _pieces(atoms: list[str]) -> list[re.Pattern[str]]:
    pieces = [""]
    for atom in atoms:
        if atom == ".*":
            pieces.append("")
        else:
            pieces[-1] += atom
    try:
        return [re.compile(piece, re.DOTALL) for piece in pieces]
    except re.error:
        raise invalid("regex: a class is written the wrong way") from None
