"""The operator's own texts of automatic answers: versions are added only, the newest counts."""

from datetime import datetime

from msgspec import Struct

from records.deliveries import Kind, Medium
from storage.database import Row, Transaction
from storage.rows import clean, micros, moment

_WHERE = "kind = :kind AND language = :language AND medium = :medium AND channel = :channel"


class Place(Struct, frozen=True, kw_only=True):
    """What a text is for; `channel` "" is every channel."""

    kind: Kind
    language: str
    medium: Medium
    channel: str = ""


class Written(Struct, frozen=True, kw_only=True):
    """One version of a text; `text` None is the way back to the shipped one."""

    place: Place
    version: int
    text: str | None
    author: str
    at: datetime


class Changed(Exception):
    """Somebody has written a newer version meanwhile; `version` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} is newer")
        self.version = version


def write(tx: Transaction, place: Place, text: str | None, base: int, author: str, at: datetime) -> int:
    """Add a version on top of the one that its author saw (0: none); gives its number. Raises Changed."""
    seen = max((one.version for one in versions(tx, place, 1)), default=0)
    if seen != base:
        raise Changed(seen)
    rows = tx.run(
        "INSERT INTO answer_templates (kind, language, medium, channel, version, text, author, at)"
        " VALUES (:kind, :language, :medium, :channel, :version, :text, :author, :at)"
        " ON CONFLICT (kind, language, medium, channel, version) DO NOTHING",
        **_named(place), version=seen + 1, text=clean(text) if text is not None else None, author=author,
        at=micros(at),
    )  # fmt: skip
    if not rows:
        raise Changed(seen + 1)
    return seen + 1


def override(tx: Transaction, kind: Kind, language: str, medium: Medium, channel: str | None) -> str | None:
    """Give the text to send in place of the shipped one: the channel's own, else every channel's; None: the shipped.

    One look at an index.
    """
    rows = tx.all(
        "SELECT channel, text FROM answer_templates AS newest WHERE kind = :kind AND language = :language"
        " AND medium = :medium AND channel IN ('', :channel) AND version = (SELECT MAX(version) FROM answer_templates"
        " AS every WHERE every.kind = newest.kind AND every.language = newest.language"
        " AND every.medium = newest.medium AND every.channel = newest.channel)",
        kind=kind.value, language=language, medium=medium.value, channel=channel or "",
    )  # fmt: skip
    found = {row["channel"]: row["text"] for row in rows}
    return found.get(channel or "") or found.get("")


def newest(tx: Transaction) -> list[Written]:
    """List the newest version of every text that somebody has written."""
    rows = tx.all(
        "SELECT * FROM answer_templates AS one WHERE version = (SELECT MAX(version) FROM answer_templates AS every"
        " WHERE every.kind = one.kind AND every.language = one.language AND every.medium = one.medium"
        " AND every.channel = one.channel) ORDER BY id"
    )
    return [_written(row) for row in rows]


def versions(tx: Transaction, place: Place, limit: int) -> list[Written]:
    """List the versions of one text, the newest first."""
    rows = tx.all(
        f"SELECT * FROM answer_templates WHERE {_WHERE} ORDER BY version DESC LIMIT :limit",  # noqa: S608 - our words
        **_named(place), limit=limit,
    )  # fmt: skip
    return [_written(row) for row in rows]


def _named(place: Place) -> dict[str, str]:
    return {
        "kind": place.kind.value, "language": place.language, "medium": place.medium.value, "channel": place.channel,
    }  # fmt: skip


def _written(row: Row) -> Written:
    place = Place(
        kind=Kind(row["kind"]), language=row["language"], medium=Medium(row["medium"]), channel=row["channel"]
    )  # fmt: skip
    return Written(
        place=place, version=row["version"], text=row["text"], author=row["author"], at=moment(row["at"])
    )  # fmt: skip
