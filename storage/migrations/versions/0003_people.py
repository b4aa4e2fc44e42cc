"""People, their sessions, what they have begun to write, and the audit log of what they did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("login", sa.Text, nullable=False, unique=True),  # lower case
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("password", sa.Text, nullable=False),  # argon2id, never the password
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tokens",  # for programs; one a person
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("token", sa.Text, nullable=False, unique=True),  # SHA-256
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token", sa.Text, primary_key=True),  # SHA-256
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("sessions_by_person", "sessions", ["person"])
    op.create_table(
        "guesses",  # attempts to sign in that were not right, lately
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("login", sa.Text, nullable=False),  # SHA-256: somebody may type his password here
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("guesses_by_login", "guesses", ["login", "at"])
    op.create_index("guesses_by_peer", "guesses", ["peer", "at"])


def _forms() -> None:
    op.create_table(
        "drafts",
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sent_forms",  # uploads and walk-ins by the key that the page made
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("sent_forms_by_time", "sent_forms", ["at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("report", sa.BigInteger),
        sa.Column("peer", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index("audit_by_actor", "audit", ["actor", "number"])
    op.create_index("audit_by_report", "audit", ["report", "number"])
    head = op.create_table(
        "audit_head",  # one row: how many entries there are, and the hash of the newest
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.bulk_insert(head, [{"entries": 0, "hash": ""}])


def upgrade() -> None:
    """Make the tables."""
    _people()
    _sessions()
    _forms()
    _audit()
