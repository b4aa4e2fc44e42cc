"""The routing table: which conditions a row has, and where it sends what fulfils them."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Literal

from msgspec import Meta

from config.base import Strict
from records.words import Customer, Mode, Order, Service, Symptom, Urgency

Name = Annotated[str, Meta(min_length=1, max_length=80)]


class When(Strict, frozen=True, kw_only=True):
    """All that are given must hold; of the values of one, any. Texts are compared without regard to case, ё as е."""

    order: tuple[Order, ...] = ()
    disposition: tuple[Literal["typical_fix", "incident", "undecided"], ...] = ()
    service: tuple[Service, ...] = ()
    symptom: tuple[Symptom, ...] = ()
    urgency: tuple[Urgency, ...] = ()
    customer: tuple[Customer, ...] = ()
    region: tuple[Name, ...] = ()  # of the table [regions]
    city: tuple[Name, ...] = ()
    street: tuple[Name, ...] = ()
    node: tuple[Name, ...] = ()  # how the node's name begins
    company: tuple[Name, ...] = ()  # of the group: whose door it came by (`company` of a channel)
    partner: tuple[Name, ...] = ()
    channel: tuple[Name, ...] = ()


class To(Strict, frozen=True, kw_only=True):
    """Where it goes; what is not given stays as the sorting table said."""

    backends: tuple[Name, ...] = ()  # names of [backends] that get a ticket; none: all
    line: Literal[2, 3] | None = None
    group: Name | None = None
    company: Name | None = None  # of the group, or an outside one
    mode: Mode = Mode.DISPATCHED
    senior: bool = False  # what a person must do about it is the seniors'


class Row(Strict, frozen=True, kw_only=True):
    """One row; the first whose conditions hold decides."""

    name: Name
    comment: str = ""
    when: When = When()
    to: To = To()


class Customers(Strict, frozen=True, kw_only=True):
    """Key customers, named here as long as no register of customers is wired."""

    key_accounts: tuple[Name, ...] = ()
    key_phones: tuple[Name, ...] = ()  # E.164
    key_emails: tuple[Name, ...] = ()  # addresses or @domains


#: Where nothing is wired: what key customers and organisations report is the seniors'.
ROUTES = (
    Row(
        name="business",
        comment="Key customers, organisations and leased lines are the seniors'.",
        when=When(customer=(Customer.KEY_CUSTOMER, Customer.LEGAL_ENTITY, Customer.LEASED_LINE)),
        to=To(senior=True),
    ),
)


def checked(rows: tuple[Row, ...], known: Mapping[str, Iterable[str]]) -> None:
    """Raise ValueError where a row can't be meant so: an unknown name, a name twice, rows that are never reached.

    `known`: the names there are, by condition ("channel", "region", "company") and "backends".
    """
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.name in seen:
            raise ValueError(f"routes: two rows are named {row.name}: give each a name of its own")
        seen.add(row.name)
        if row.when == When() and number < len(rows) - 1:
            raise ValueError(f"routes: row {row.name} has no condition, so no row below it counts: move it to the end")
        for where, names in known.items():
            given = row.to.backends if where == "backends" else getattr(row.when, where)
            _known(row.name, where, given, sorted(names))


def _known(row: str, where: str, given: tuple[str, ...], names: list[str]) -> None:
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.0)
            hint = f": did you mean {near[0]}?" if near else ": none is wired"
            raise ValueError(f"routes: row {row}: {where}: there is no {name}{hint}")
