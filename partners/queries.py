"""Which tickets a partner asks for, and what of them: filters, order and pages as TMF630 part 1 has them."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any, Final
from urllib.parse import quote, unquote_plus, urlencode

from msgspec import Struct

from partners.errors import Fault, invalid
from partners.patterns import matcher
from partners.showing import ATTRIBUTES

LIMIT: Final = 100  # tickets of one page
_PARAMETERS: Final = 50
_LONGEST: Final = 1000  # characters of one value
_FURTHEST: Final = 10**9
RESERVED: Final = frozenset({"fields", "offset", "limit", "sort", "before", "after", "filter"})
_CONDITION: Final = re.compile(
    r"(?P<path>[@\w]{1,60}(?:\.[@\w]{1,60}){0,5}?)(?:\.(?P<suffix>eq|ne|gt|gte|lt|lte|regex))?"
    r"(?P<sign>>=|<=|\*=|==|=|>|<)(?P<value>.*)", re.DOTALL,
)  # fmt: skip
_URL_SIGNS: Final = "%!$&'()*+,;=:@/?-._~"  # that stand in a query as they are (RFC 3986 section 3.4)
_SIGNS: Final = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "*=": "regex"}
_ORDERED: Final[dict[str, Callable[[Any, Any], bool]]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}

Shown = dict[str, Any]
Condition = Callable[[Shown], bool]


class Query(Struct, frozen=True, kw_only=True):
    """What is asked for."""

    fields: tuple[str, ...] | None = None  # None: all
    offset: int = 0
    limit: int = LIMIT
    sort: tuple[str, ...] = ()  # -name: downwards
    before: str | None = None  # the number of a ticket
    after: str | None = None
    conditions: tuple[Condition, ...] = ()  # all must hold

    @property
    def plain(self) -> bool:
        """Whether the archive's own order and counting will do."""
        return not (self.conditions or self.sort or self.before or self.after)


def query(raw: str, extra: Sequence[str]) -> Query:
    """Read a query string; `extra`: attributes beside the standard's. Raises Fault 400."""
    pieces = [piece for piece in raw.split("&") if piece]
    if len(pieces) > _PARAMETERS:
        raise invalid(f"more than {_PARAMETERS} query parameters")
    named = {name: value for name, _, value in map(_split, pieces) if name in RESERVED}
    known = ATTRIBUTES.union(extra)
    conditions = tuple(_alternatives(piece, known) for piece in pieces if _split(piece)[0] not in RESERVED)
    if "filter" in named:
        raise invalid("filter is not served: ask by attribute, as status=pending or creationDate.gt=2026-11-01")
    return Query(
        fields=fields(named.get("fields"), known),
        offset=_whole(named, "offset", 0),
        limit=min(_whole(named, "limit", LIMIT), LIMIT),
        sort=_names(named.get("sort"), known),
        before=named.get("before"),
        after=named.get("after"),
        conditions=conditions,
    )


def fields(written: str | None, known: frozenset[str]) -> tuple[str, ...] | None:
    """Read `fields`. Raises Fault 400 for an attribute that there is not."""
    return _names(written, known) or None


def selected(ticket: Shown, names: tuple[str, ...] | None) -> Shown:
    """Give exactly the named attributes."""
    return ticket if names is None else {name: ticket[name] for name in names if name in ticket}


def found(tickets: Iterator[Shown], asked: Query) -> list[Shown]:
    """Give all tickets that are asked for, in order."""
    chosen = [one for one in tickets if all(holds(one) for holds in asked.conditions)]
    for name in reversed(asked.sort):
        attribute = name.lstrip("-+")
        chosen.sort(key=lambda one, attribute=attribute: _sortable(one, attribute), reverse=name[0] == "-")  # type: ignore[misc]
    numbers = [one["id"] for one in chosen]
    begin = numbers.index(asked.after) + 1 if asked.after in numbers else 0
    end = numbers.index(asked.before) if asked.before in numbers else None
    return chosen[begin:end]


def links(address: str, raw: str, asked: Query, total: int) -> str:
    """Give the `Link` header of a page (RFC 8288); empty where there is one page only."""
    kept = [piece for piece in raw.split("&") if piece and _split(piece)[0] not in ("offset", "limit")]
    step = max(asked.limit, 1)
    places = {
        "first": 0, "prev": max(asked.offset - step, 0) if asked.offset else None,
        "next": asked.offset + step if asked.offset + step < total else None, "last": (total - 1) // step * step,
    }  # fmt: skip
    if total <= step and not asked.offset:
        return ""
    return ", ".join(
        f'<{address}?{quote("&".join([*kept, urlencode({"offset": at, "limit": step})]), _URL_SIGNS)}>; rel="{rel}"'
        for rel, at in places.items()
        if at is not None
    )


def _split(piece: str) -> tuple[str, str, str]:
    name, sign, value = piece.partition("=")
    return unquote_plus(name), sign, unquote_plus(value)


def _whole(named: dict[str, str], name: str, default: int) -> int:
    if name not in named:
        return default
    written = named[name]
    if not re.fullmatch(r"[0-9]{1,12}", written) or int(written) > _FURTHEST:
        raise invalid(f"{name} is a whole number from 0 to {_FURTHEST}")
    return int(written)


def _names(written: str | None, known: frozenset[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (written or "").split(",") if name.strip())
    for name in names:
        if name.lstrip("-+") not in known:
            raise _unknown(name)
    return names


def _unknown(name: str) -> Fault:
    return invalid(f"a trouble ticket has no attribute {name[:60]!r}")


def _alternatives(piece: str, known: frozenset[str]) -> Condition:
    """Read what must hold: conditions between which `;` stands are alternatives."""
    either = [_condition(unquote_plus(one), known) for one in piece.split(";") if one]
    return lambda ticket: any(holds(ticket) for holds in either)


def _condition(written: str, known: frozenset[str]) -> Condition:
    read = _CONDITION.fullmatch(written[: _LONGEST + 1])
    if read is None or len(written) > _LONGEST:
        raise invalid("a filter is attribute=value, attribute.gt=value, attribute>value; at most 1000 characters")
    path = read["path"].split(".")
    if path[0] not in known:
        raise _unknown(path[0])
    operator, value = read["suffix"] or _SIGNS.get(read["sign"], "eq"), read["value"]
    compare = _comparison(operator, value)
    if operator == "ne":
        return lambda ticket: not any(compare(leaf) for leaf in _leaves(ticket, path))
    return lambda ticket: any(compare(leaf) for leaf in _leaves(ticket, path))


def _comparison(operator: str, value: str) -> Callable[[Any], bool]:
    if operator == "regex":
        matches = matcher(value)
        return lambda leaf: isinstance(leaf, str) and matches(leaf)
    wanted = [_value(one) for one in value.split(",")]
    if operator in _ORDERED:
        ordered = _ORDERED[operator]
        return lambda leaf: any(_in_order(ordered, _value(leaf), one) for one in wanted)
    return lambda leaf: _value(leaf) in wanted or _text(leaf) == value


def _in_order(ordered: Callable[[Any, Any], bool], leaf: object, value: object) -> bool:
    """Compare what can be compared: numbers with numbers, times with times, words with words."""
    try:
        return ordered(leaf, value)
    except TypeError:
        return ordered(str(leaf), str(value))


def _value(written: object) -> Any:
    """Read a number or a time; anything else stays text."""
    text = _text(written)
    for read in (float, _time):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _time(text: str) -> datetime:
    """Read a time, of which one without an offset is UTC. The + of an offset is a blank in a query string."""
    at = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(leaf: object) -> str:
    if leaf is None or isinstance(leaf, bool):
        return {None: "", True: "true", False: "false"}[leaf]
    return str(leaf)


def _leaves(value: object, path: Sequence[str]) -> Iterator[object]:
    """Go down a dotted path; of a list into each."""
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one, path)
    elif not path:
        if not isinstance(value, dict):
            yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _leaves(value[path[0]], path[1:])


def _sortable(ticket: Shown, name: str) -> tuple[int, str]:
    value = ticket.get(name)
    return (1, str(value)) if isinstance(value, str | int | float) else (0, "")
