"""What the operator knows beforehand: subscribers, houses, the tree of the network; and how their keys are spelt.

The same spelling is used when a register is kept and when something is looked up in it.
"""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from records.record import PostalAddress
from records.words import Customer, Service

REGISTER = "register"  # the place of what was looked up, in a record's evidence
#: Words for a plain street, which tell nothing; and other kinds of streets, which do, with how each is written.
_PLAIN = frozenset({"улица", "ул", "street", "st", "via", "strada"})
_KINDS = {
    "проспект": "проспект", "просп": "проспект", "пр": "проспект", "прт": "проспект", "пркт": "проспект",
    "переулок": "переулок", "пер": "переулок", "шоссе": "шоссе", "ш": "шоссе", "бульвар": "бульвар", "бул": "бульвар",
    "бр": "бульвар", "площадь": "площадь", "пл": "площадь", "набережная": "набережная", "наб": "набережная",
    "проезд": "проезд", "прд": "проезд", "тупик": "тупик", "микрорайон": "микрорайон", "мкр": "микрорайон",
    "мкрн": "микрорайон", "мн": "микрорайон", "тракт": "тракт", "аллея": "аллея", "road": "road", "rd": "road",
    "avenue": "avenue", "ave": "avenue", "lane": "lane", "corso": "corso", "piazza": "piazza", "viale": "viale",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[-./'][^\W_]+)*")
_JOINTS = re.compile(r"[-./']")
_BLOCK = re.compile(r"(?:корпус|корп|к|строение|стр|с|литера?|лит)\.?\s*(?=[\da-zа-я])")


class Node(Struct, frozen=True, kw_only=True):
    """One node of the network: centre, okrug, district, campus, house (domain rule 10)."""

    id: str
    parent: str | None = None  # None: a centre
    kind: str | None = None
    name: str | None = None
    equipment: str | None = None
    subscribers: int = 0  # at the node itself; those of the nodes below it are not counted


def named(tree: Mapping[str, Node], node: str) -> str:
    """Name a node for people: its own name and kind, or the place that its address tells."""
    known = tree.get(node)
    if known is None:
        return ", ".join(part for part in node.lstrip("@").split("/") if part) or node
    return " ".join(filter(None, (known.kind, known.name or known.id)))


class House(Struct, frozen=True, kw_only=True):
    """One house that is served, and the node that serves it."""

    city: str | None = None
    street: str
    house: str
    node: str | None = None


class Subscriber(Struct, frozen=True, kw_only=True):
    """One account."""

    account: str
    name: str | None = None
    organization: str | None = None
    phone: str | None = None  # E.164
    line: str | None = None  # E.164: the telephone line that the account is for
    email: str | None = None
    city: str | None = None
    street: str | None = None
    house: str | None = None
    flat: str | None = None
    service: Service | None = None
    customer: Customer | None = None
    node: str | None = None
    equipment: str | None = None

    @property
    def address(self) -> PostalAddress:
        """Where it is served."""
        return PostalAddress(city=self.city, street=self.street, house=self.house, flat=self.flat)


def plain(text: str | None) -> str:
    """Spell a text so that case, ё, width and spaces don't matter."""
    return " ".join(unicodedata.normalize("NFKC", text or "").lower().replace("ё", "е").split())


def account_key(account: str | None) -> str:
    """Spell an account without its joints: 4410-22871 is 441022871."""
    return re.sub(r"[^\w]", "", plain(account))


def street_key(street: str | None) -> str:
    """Spell a street by its name, behind it its kind where that is no plain street: "победы проспект"."""
    names, kinds = [], []
    for word in _WORD.findall(plain(street)):
        kind = _KINDS.get(_JOINTS.sub("", word))
        if kind:
            kinds.append(kind)
        elif word not in _PLAIN:
            names.append(word)
    return " ".join([*names, *kinds[:1]])


def house_key(house: str | None) -> str:
    """Spell a house without spaces: "12 корп. 2" and "12к2" are 12/2, "5 А" is 5а."""
    return re.sub(r"[\s«»\",.]", "", _BLOCK.sub("/", plain(house))).replace("//", "/")
