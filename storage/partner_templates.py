"""The templates that people have made of partners' mail. Versions are added only; the newest one counts."""

import re
from datetime import datetime

from msgspec import Struct

from records.tasks import Step
from storage import tasks
from storage.database import Row, Transaction
from storage.rows import clean, micros, moment

_NEWEST = (
    "SELECT slug, version, name, body, enabled, author, at FROM partner_templates AS one WHERE version ="
    " (SELECT MAX(version) FROM partner_templates WHERE slug = one.slug)"
)
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 60  # characters of a slug


class Kept(Struct, frozen=True, kw_only=True):
    """One partner's template, as it stands now."""

    slug: str  # its name in addresses and in files
    version: int
    name: str
    body: str  # TOML
    enabled: bool
    author: str  # login
    at: datetime


def slug_of(name: str) -> str:
    """Give the name of a partner as it stands in addresses and names of files; empty where it has no letter."""
    return "-".join(_WORD.findall(name.casefold()))[:_LONGEST].strip("-")


def save(tx: Transaction, name: str, body: str, author: str, at: datetime) -> str:
    """Keep a new version of a partner's template, which readers are given from now on; gives its slug."""
    slug = slug_of(name)
    _add(tx, slug, name, body, author, at, enabled=True)
    return slug


def read_again(tx: Transaction, report: int, person: str) -> None:
    """Let the mail that a template was made from be read by it; what a person has made of it stays."""
    row = tx.one(
        "SELECT reports.due_at, records.author FROM reports JOIN records ON records.report = reports.id"
        " WHERE reports.id = :report ORDER BY records.version DESC LIMIT 1",
        report=report,
    )
    if row is not None and row["author"] is None:
        tasks.add(tx, Step.NORMALIZE, report, person, row["due_at"])


def switch(tx: Transaction, slug: str, author: str, at: datetime, *, enabled: bool) -> str:
    """Let readers have a template, or not any more; gives its slug. Raises LookupError where there is none."""
    now = template(tx, slug)
    if now.enabled != enabled:
        _add(tx, now.slug, now.name, now.body, author, at, enabled=enabled)
    return now.slug


def template(tx: Transaction, slug: str) -> Kept:
    """Give one template. Raises LookupError where there is none."""
    row = tx.one(f"{_NEWEST} AND slug = :slug", slug=clean(slug))
    if row is None:
        raise LookupError(f"no template is named {slug}")
    return _kept(row)


def templates(tx: Transaction) -> list[Kept]:
    """List every partner's template, by name."""
    return [_kept(row) for row in tx.all(f"{_NEWEST} ORDER BY name, slug")]


def given(tx: Transaction) -> tuple[str, ...]:
    """Give the templates that readers are to have, in TOML."""
    return tuple(row["body"] for row in tx.all(f"{_NEWEST} AND enabled = 1 ORDER BY slug"))


def _add(tx: Transaction, slug: str, name: str, body: str, author: str, at: datetime, *, enabled: bool) -> None:
    tx.run(
        "INSERT INTO partner_templates (slug, version, name, body, enabled, author, at)"
        " SELECT CAST(:slug AS TEXT), COALESCE(MAX(version), 0) + 1, CAST(:name AS TEXT), CAST(:body AS TEXT),"
        " CAST(:enabled AS BIGINT), CAST(:author AS TEXT), CAST(:at AS BIGINT) FROM partner_templates"
        " WHERE slug = :slug",
        slug=slug, name=clean(name), body=clean(body), enabled=int(enabled), author=author, at=micros(at),
    )  # fmt: skip


def _kept(row: Row) -> Kept:
    return Kept(
        slug=row["slug"], version=row["version"], name=row["name"], body=row["body"], enabled=bool(row["enabled"]),
        author=row["author"], at=moment(row["at"]),
    )  # fmt: skip
