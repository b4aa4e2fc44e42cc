"""The texts that customers read, as templates: what may stand in braces, and what must."""

import difflib
import string
from collections.abc import Mapping

from records.deliveries import Kind

#: Every name that may stand in braces, with what it stands for (English; the desk translates it).
PLACEHOLDERS: Mapping[str, str] = {
    "greeting": "a greeting, with the name where it is known",
    "number": "the report's number",
    "received": "day and time when the report came in, in the desk's zone",
    "missing": "what is missing, one line each",
    "solution": "the typical solution",
    "status": "how the report stands, in words",
    "because": "why the answer takes longer, for a provisional answer",
    "until": "the new date that a provisional answer names, or an outage's expected end, in the desk's zone",
    "cause": "why an outage lies over the report",
    "links": "the two links that answer the question whether it was solved; nothing in a chat",
    "desk": "the desk's name",
}

#: What a text can't do without; any kind that is not named here needs the number.
_NEEDED: Mapping[Kind, frozenset[str]] = {
    Kind.QUESTION: frozenset({"number", "missing"}),
    Kind.SOLUTION: frozenset({"number", "solution"}),
    Kind.STEP: frozenset({"solution"}),
    Kind.DETAIL: frozenset({"number", "missing"}),
    Kind.PROGRESS: frozenset({"number", "status"}),
    Kind.STATUS: frozenset({"number", "status"}),
    Kind.PROVISIONAL: frozenset({"number", "because", "until"}),
    Kind.CLOSING: frozenset({"number", "status"}),
    Kind.OUTAGE: frozenset({"number", "cause", "until"}),
}

#: Characters of one text; a mail longer than that is no answer, and a chat takes no more than 4,096.
LONGEST = 4000


class WrongTemplate(ValueError):
    """A text that can't be sent; `problem` tells what is wrong with it, `name` the placeholder that it is about."""

    def __init__(self, problem: str, name: str = "", nearest: str | None = None) -> None:
        super().__init__(_told(problem, name, nearest))
        self.problem = problem  # "unknown", "mandatory", "braces", "empty", "long"
        self.name = name
        self.nearest = nearest


def needed(kind: Kind) -> frozenset[str]:
    """Name the placeholders that a text of this kind must hold."""
    return _NEEDED.get(kind, frozenset({"number"}))


def placeholders(template: str) -> frozenset[str]:
    """Name what stands in braces. Raises WrongTemplate where a brace stands alone or holds more than a name."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise WrongTemplate("braces") from error
    for _, name, form, conversion in parts:
        if form or conversion or (name is not None and not name.isidentifier()):
            raise WrongTemplate("braces", name or "")
    return frozenset(name for _, name, _, _ in parts if name is not None)


def checked(kind: Kind, template: str) -> str:
    """Give the text; raises WrongTemplate where it would leave with a hole in it, or could not leave."""
    if not template.strip():
        raise WrongTemplate("empty")
    if len(template) > LONGEST:
        raise WrongTemplate("long")
    found = placeholders(template)
    for name in sorted(found - PLACEHOLDERS.keys()):
        close = difflib.get_close_matches(name, PLACEHOLDERS, n=1)
        raise WrongTemplate("unknown", name, close[0] if close else None)
    for name in sorted(needed(kind) - found):
        raise WrongTemplate("mandatory", name)
    return template


def fitting(kind: Kind, template: str | None) -> str | None:
    """Give a kept text where it can be sent still; None where a later version of the house knows its names no more."""
    try:
        return None if template is None else checked(kind, template)
    except WrongTemplate:
        return None


def _told(problem: str, name: str, nearest: str | None) -> str:
    hint = f": did you mean {{{nearest}}}?" if nearest else f": there are {', '.join(PLACEHOLDERS)}"
    return {
        "unknown": f"no placeholder is named {{{name}}}{hint}",
        "mandatory": f"{{{name}}} is missing: a text of this kind can't do without it",
        "braces": "a brace stands alone, or holds more than a name; {{ and }} give the braces themselves",
        "empty": "the text is empty",
        "long": f"the text is longer than {LONGEST} characters",
    }[problem]
