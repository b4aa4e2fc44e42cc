"""The operator's registers in the archive: loaded beside the one before, taken in one commit, looked up by key.

A load comes in several commits, so that no door waits for it; until the last one the register before counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from records.registers import House, Node, Subscriber, account_key, house_key, plain, street_key
from storage.database import Row, Transaction
from storage.rows import body, clean, micros, moment, noun

NAMES = ("nodes", "houses", "subscribers")
#: The rows of the load that counts.
_NOW = {name: f"load = (SELECT registers.load FROM registers WHERE registers.name = '{name}')" for name in NAMES}  # noqa: S608
_MANY = 20  # of one kind that a look-up gives; more of them tell nothing


class Loaded(Struct, frozen=True, kw_only=True):
    """One register as it was loaded last."""

    name: str
    load: int
    rows: int
    source: str
    at: datetime


class Street(Struct, frozen=True, order=True):
    """One street that is served: keys, and how it is written."""

    city: str
    street: str
    written: str
    city_written: str | None


def begin(tx: Transaction, name: str) -> int:
    """Begin a load of a register (nodes, houses, subscribers); gives its number. What was left of others goes."""
    if name not in NAMES:
        raise ValueError(f"no register is named {name}: there are {', '.join(NAMES)}")
    row = tx.one("SELECT load FROM registers WHERE name = :name", name=name)
    current = row["load"] if row else 0
    tx.run(f"DELETE FROM {name} WHERE load <> :load", load=current)  # noqa: S608 - a name of ours
    return int(current) + 1


def add(tx: Transaction, load: int, rows: Sequence[Node | House | Subscriber]) -> None:
    """Add rows to a load."""
    for row in rows:
        _put(tx, load, row)


def take(tx: Transaction, name: str, load: int, rows: int, source: str, at: datetime) -> None:
    """Let a load count from now on; `rows`: how many it has."""
    tx.run(
        "INSERT INTO registers (name, load, rows, source, at) VALUES (:name, :load, :rows, :source, :at)"
        " ON CONFLICT (name) DO UPDATE SET load = excluded.load, rows = excluded.rows, source = excluded.source,"
        " at = excluded.at",
        name=name, load=load, rows=rows, source=clean(source), at=micros(at),
    )  # fmt: skip


def loaded(tx: Transaction) -> dict[str, Loaded]:
    """Tell which registers there are, by name."""
    return {
        row["name"]: Loaded(
            name=row["name"], load=row["load"], rows=row["rows"], source=row["source"], at=moment(row["at"])
        )
        for row in tx.all("SELECT * FROM registers")
    }


def by_account(tx: Transaction, account: str) -> list[Subscriber]:
    """Find subscribers by their account, however its joints are written."""
    return _subscribers(tx, "account = :account", account=account_key(account))


def by_phone(tx: Transaction, phone: str) -> list[Subscriber]:
    """Find subscribers by a telephone number in E.164: to call back, or the line itself."""
    return _subscribers(tx, "phone = :phone OR line = :phone", phone=phone)


def by_place(tx: Transaction, street: str, house: str, flat: str | None) -> list[Subscriber]:
    """Find the subscribers of a house, or of one flat of it; `street` and `house` as people write them."""
    where = "street = :street AND house = :house" + ("" if flat is None else " AND flat = :flat")
    return _subscribers(tx, where, street=street_key(street), house=house_key(house), flat=plain(flat))


def houses_at(tx: Transaction, street: str, house: str) -> list[House]:
    """Find a house, in any city."""
    rows = tx.all(
        f"SELECT body FROM houses WHERE street = :street AND house = :house AND {_NOW['houses']} LIMIT :many",  # noqa: S608
        street=street_key(street), house=house_key(house), many=_MANY,
    )  # fmt: skip
    return [noun(House, row["body"]) for row in rows]


def streets(tx: Transaction) -> list[Street]:
    """List every street that has a house, once."""
    where = _NOW["houses"]
    rows = tx.all(f"SELECT city, street, MIN(body) AS body FROM houses WHERE {where} GROUP BY city, street")  # noqa: S608
    return sorted(_street(row) for row in rows)


def nodes(tx: Transaction) -> dict[str, Node]:
    """Give the tree of the network."""
    rows = tx.all(f"SELECT id, body FROM nodes WHERE {_NOW['nodes']}")  # noqa: S608
    return {row["id"]: noun(Node, row["body"]) for row in rows}


def _subscribers(tx: Transaction, where: str, **values: Any) -> list[Subscriber]:
    sql = f"SELECT body FROM subscribers WHERE ({where}) AND {_NOW['subscribers']} ORDER BY id LIMIT :many"  # noqa: S608
    rows = tx.all(sql, many=_MANY, **values)
    return [noun(Subscriber, row["body"]) for row in rows]


def _street(row: Row) -> Street:
    house = noun(House, row["body"])
    return Street(row["city"], row["street"], house.street, house.city)


def _put(tx: Transaction, load: int, row: Node | House | Subscriber) -> None:
    match row:
        case Node():
            tx.run(
                "INSERT INTO nodes (id, load, body) VALUES (:id, :load, :body) ON CONFLICT (id, load) DO NOTHING",
                id=clean(row.id), load=load, body=body(row),
            )  # fmt: skip
        case House():
            tx.run(
                "INSERT INTO houses (load, city, street, house, body) VALUES (:load, :city, :street, :house, :body)",
                load=load,
                city=plain(row.city), street=street_key(row.street), house=house_key(row.house), body=body(row),
            )  # fmt: skip
        case Subscriber():
            tx.run(
                "INSERT INTO subscribers (load, account, phone, line, street, house, flat, body)"
                " VALUES (:load, :account, :phone, :line, :street, :house, :flat, :body)",
                load=load,
                account=account_key(row.account), phone=row.phone, line=row.line, street=street_key(row.street),
                house=house_key(row.house), flat=plain(row.flat), body=body(row),
            )  # fmt: skip


def path(tree: Mapping[str, Node], node: str | None) -> tuple[str, ...]:
    """Give a node and all above it, the smallest first; a loop in the tree ends it."""
    found: list[str] = []
    while node is not None and node in tree and node not in found:
        found.append(node)
        node = tree[node].parent
    return tuple(found)


def below(tree: Iterable[Node]) -> dict[str, int]:
    """Count the subscribers below every node, those at it included."""
    known = {one.id: one for one in tree}
    counted: dict[str, int] = {}
    for one in known.values():
        for above in path(known, one.id):
            counted[above] = counted.get(above, 0) + one.subscribers
    return counted
