"""A partner's template: how its mail is known, and where its fields stand. TOML, one short file a partner."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from records.partner import PartnerStatus

_FOLDER: Final = Path(__file__).parent
_LONGEST: Final = 300  # characters of a pattern
_TOKEN: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()*+|]|\{\d*(?:,\d*)?\}", re.DOTALL)
_ENDLESS: Final = 2  # repetitions in one pattern that go on for long: each more multiplies the time by a line's length
_FEW: Final = 20  # so often a group may repeat what repeats itself

#: What a template can tell. `day` is one by which dates without a year are read, `zone` what tells the zone of times.
Field = Literal[
    "number", "circuits", "window", "start", "end", "duration", "status", "account", "name", "phone", "email",
    "address", "organization", "description", "since", "urgency", "day", "zone",
]  # fmt: skip


class Broken(Exception):
    """A template that can't be used; the text says which and why."""


class Known(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to know a partner's mail: all that is named must hold."""

    sender: tuple[str, ...] = ()  # addresses or domains, one of which sent it
    subject: str | None = None  # a pattern
    headers: dict[str, str] = {}  # name of a header -> pattern
    text: str | None = None  # a pattern that some line meets
    part: str | None = None  # media type of a file in it


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one field stands: behind or below these labels; where they tell nothing, where a pattern is met."""

    labels: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()  # the value is the groups, or all of it where there are none
    join: str = ""  # stands between the groups
    last: bool = False  # of several times in a value the last counts: the others are struck out


class Times(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the partner writes times."""

    zone: str = "UTC"  # of times that name none
    first: Literal["day", "month"] = "day"  # in 12/10/2020
    zones: dict[str, str] = {}  # words that stand behind a time -> IANA name, beside the shared ones
    places: dict[str, str] = {}  # values of the field `zone` -> IANA name


class Template(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known of one partner's mail."""

    name: str
    file: str = ""  # its name without the ending; set by the loader
    note: str = ""  # for who reads the file
    known: tuple[Known, ...]
    fields: dict[Field, Source] = {}
    status_words: dict[PartnerStatus, tuple[str, ...]] = {}
    times: Times = Times()
    answers: bool = False  # the partner wants our automatic answers; they go to verified senders only
    required: tuple[Field, ...] = ("number",)  # without these the mail goes the common way, with a review


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all templates share: labels of fields, words for states, words for time zones."""

    labels: dict[Field, tuple[str, ...]]
    columns: tuple[str, ...]  # heads of columns that are no field of ours
    status_words: dict[PartnerStatus, tuple[str, ...]]
    zones: dict[str, str]


@cache
def words() -> Words:
    """Give what all templates share."""
    return msgspec.convert(tomllib.loads((_FOLDER / "labels.toml").read_text("utf-8")), Words)


@cache
def templates() -> tuple[Template, ...]:
    """Give the templates that come with the house, in the order of their file names. Raises Broken."""
    return tuple(load(path.read_text("utf-8"), path.name) for path in sorted((_FOLDER / "templates").glob("*.toml")))


def load(text: str, place: str) -> Template:
    """Read one template. Raises Broken, which names the place and what to do."""
    try:
        template = msgspec.convert(tomllib.loads(text) | {"file": place.removesuffix(".toml")}, Template)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as trouble:
        raise Broken(f"{place}: {trouble}") from trouble
    for pattern in _patterns(template):
        _check(pattern, place)
    return template


@lru_cache(maxsize=500)
def usable(text: str) -> Template | None:
    """Read a template that the desk has kept; None for one that this release refuses."""
    try:
        return load(text, "desk")
    except Broken:
        return None


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a template's pattern; capital letters don't count."""
    return re.compile(pattern, re.IGNORECASE)


def _patterns(template: Template) -> Iterable[str]:
    for known in template.known:
        yield from filter(None, (known.subject, known.text, *known.headers.values()))
    for source in template.fields.values():
        yield from source.patterns


def _check(pattern: str, place: str) -> Any:
    if len(pattern) > _LONGEST:
        raise Broken(f"{place}: a pattern is longer than {_LONGEST} characters: {pattern[:60]}…")
    if _runs_away(pattern):
        raise Broken(f"{place}: a repetition of a repetition or of a choice may never end, write it once: {pattern}")
    if sum(_is_endless(token[0]) for token in _TOKEN.finditer(pattern)) > _ENDLESS:
        raise Broken(f"{place}: more than {_ENDLESS} long repetitions may never end, bound them ({{1,20}}): {pattern}")
    try:
        compiled(pattern)
    except re.error as trouble:
        raise Broken(f"{place}: not a pattern ({trouble}): {pattern}") from trouble


def _runs_away(pattern: str) -> bool:
    """Tell a repetition of a group that repeats or chooses inside: on the wrong line it would never end."""
    repeats = [False]  # for each open group, whether something in it repeats, or may be one thing or another
    closed, end = False, 0  # whether such a group was closed just before, and where
    for token in _TOKEN.finditer(pattern):
        endless = _is_endless(token[0])
        if endless and closed and token.start() == end:
            return True
        closed, end = False, token.end()
        if token[0] == "(":
            repeats.append(False)
        elif token[0] == ")" and len(repeats) > 1:
            closed = repeats.pop()
            repeats[-1] |= closed
        repeats[-1] |= endless or token[0] == "|"
    return False


def _is_endless(token: str) -> bool:
    """Tell a sign by which something repeats often."""
    if not token.startswith("{"):
        return token in {"*", "+"}
    _, comma, most = token[1:-1].partition(",")
    return bool(comma) and (not most or int(most) > _FEW)
