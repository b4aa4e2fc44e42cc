"""PATCH in its kinds: plain JSON and merge-patch (RFC 7396), json-patch (RFC 6902) and TMF630's json-patch-query.

Here a document becomes another document; what of it a partner may change is `partners.amending`'s to say.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from msgspec import Struct

from partners.documents import checked, encoded
from partners.errors import Fault, invalid

OPERATIONS: Final = 100
_COPIED: Final = 100_000  # bytes of one value that is copied
_SELECTED: Final = re.compile(r"(?P<name>[^?]+)\?(?P<by>[@\w]+)=(?P<value>.*)", re.DOTALL)
_APPENDED: Final = ("note", "attachment")  # one that is added to the list itself goes to its end, as TM Forum's example

Document = dict[str, Any]


class _Operation(Struct, frozen=True):
    op: str
    path: str


def merged(document: Document, patch: object) -> Document:
    """Lay a merge-patch over a document; null takes an attribute away."""
    if not isinstance(patch, dict):
        raise invalid("send the attributes that change as one JSON object", "invalidBody")
    made = dict(document)
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        elif isinstance(value, dict) and isinstance(made.get(name), dict):
            made[name] = merged(made[name], value)
        else:
            made[name] = value
    return made


def patched(document: Document, operations: object) -> Document:
    """Carry out the operations of a json-patch, one after another. Raises Fault 400, or 409 where a test fails."""
    if not isinstance(operations, list) or len(operations) > OPERATIONS:
        raise invalid(f"send a list of at most {OPERATIONS} operations", "invalidBody")
    made = deepcopy(document)
    for place, one in enumerate(operations):
        checked(one, _Operation)
        carry_out = _OPERATIONS.get(one["op"])
        if carry_out is None:
            raise invalid(f"operation {place}: op is add, remove, replace, move, copy or test")
        try:
            carry_out(made, one)
        except (LookupError, ValueError, TypeError, AttributeError):
            raise invalid(f"operation {place} can't be carried out: its path leads nowhere") from None
    return made


def _add(document: Document, one: Document) -> None:
    _insert(document, one["path"], one["value"])


def _insert(document: Document, path: str, value: object) -> None:
    parent, key = _place(document, path)
    if isinstance(parent, list):
        parent.insert(len(parent) if key == "-" else _index(key, len(parent)), value)
    elif parent is document and key in _APPENDED and not isinstance(value, list):
        parent[key] = [*parent.get(key, ()), value]
    else:
        parent[key] = value


def _remove(document: Document, one: Document) -> None:
    _take(document, one["path"])


def _take(document: Document, path: str) -> Any:
    parent, key = _place(document, path)
    return parent.pop(_index(key, len(parent) - 1)) if isinstance(parent, list) else parent.pop(key)


def _replace(document: Document, one: Document) -> None:
    parent, key = _place(document, one["path"])
    at: Any = _index(key, len(parent) - 1) if isinstance(parent, list) else key
    _ = parent[at]  # what is not there can't be replaced
    parent[at] = one["value"]


def _move(document: Document, one: Document) -> None:
    _insert(document, one["path"], _take(document, one["from"]))


def _copy(document: Document, one: Document) -> None:
    value = _value(document, one["from"])
    if len(encoded(value)) > _COPIED:
        raise invalid(f"at most {_COPIED} bytes are copied")
    _insert(document, one["path"], deepcopy(value))


def _test(document: Document, one: Document) -> None:
    if _value(document, one["path"]) != one["value"]:
        raise Fault(409, "testFailed", "A test of the json-patch failed: look at the ticket again.")


_OPERATIONS: Final[dict[str, Callable[[Document, Document], None]]] = {
    "add": _add, "remove": _remove, "replace": _replace, "move": _move, "copy": _copy, "test": _test,
}  # fmt: skip


def _value(document: Document, path: str) -> Any:
    parent, key = _place(document, path)
    return parent[_index(key, len(parent) - 1)] if isinstance(parent, list) else parent[key]


def _place(document: Document, path: str) -> tuple[Any, str]:
    """Give what holds the end of a path (RFC 6901), and the last step into it."""
    if not path.startswith("/"):
        raise LookupError
    at: Any = document
    steps = [inner for step in path[1:].split("/") for inner in _steps(step)]
    for step in steps[:-1]:
        at = _down(at, step)
    if isinstance(at, list) and steps[-1].startswith("?"):
        return at, str(_chosen(at, steps[-1]))
    if isinstance(at, dict | list):
        return at, steps[-1]
    raise LookupError(path)


def _steps(step: str) -> list[str]:
    """Divide a step of json-patch-query: `note?id=7` is into `note`, then to the one whose id is 7."""
    name = step.replace("~1", "/").replace("~0", "~")
    chosen = _SELECTED.fullmatch(name)
    return [chosen["name"], f"?{chosen['by']}={chosen['value']}"] if chosen else [name]


def _down(at: Any, step: str) -> Any:
    if isinstance(at, list):
        return at[_chosen(at, step) if step.startswith("?") else _index(step, len(at) - 1)]
    if isinstance(at, dict):
        return at[step]
    raise LookupError


def _chosen(items: list[Any], step: str) -> int:
    name, _, value = step[1:].partition("=")
    for at, one in enumerate(items):
        if isinstance(one, dict) and str(one.get(name)) == value:
            return at
    raise LookupError(step)


def _index(key: str, highest: int) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", key) or int(key) > highest:
        raise LookupError
    return int(key)
