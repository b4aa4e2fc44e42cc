"""The first schema.

Times are microseconds since 1970 UTC; bodies are JSON. Rows about a report are added, not rewritten; only a task's
row changes, for it is work, not history.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _reports() -> None:
    op.create_table(
        "originals",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary),  # NULL: a file beside the database, named by its hash
    )
    op.create_table(
        "reports",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sqlite_autoincrement=True,  # a number is never given twice
    )
    op.create_table(
        "arrivals",  # what came lately, to tell a resend; the sweep forgets what is older than the window
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("arrivals_by_time", "arrivals", ["at"])


def _work() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("subject", sa.BigInteger, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),  # whom fairness counts it for
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_until", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("lease_token", sa.Text, nullable=False, server_default=""),
        sa.Column("last_error", sa.Text),
        sa.Column("done_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    pending = sa.text("done_at IS NULL")
    op.create_index("tasks_pending", "tasks", ["due_at"], sqlite_where=pending, postgresql_where=pending)
    for name, steps in (("reading_pending", "step <> 'deliver'"), ("deliveries_pending", "step = 'deliver'")):
        where = sa.text(f"done_at IS NULL AND {steps}")
        op.create_index(name, "tasks", ["due_at"], sqlite_where=where, postgresql_where=where)


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("order_kind", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reading", sa.Text),  # absent where no reader could open the original
    )
    op.create_table(
        "decisions",
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),  # of the record that was classified
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "message_ids",  # RFC 5322 identifiers: of mails that came (delivery NULL) and of mails that we sent
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True),
        sa.Column("ours", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("backend", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("recipient", sa.Text),
        sa.Column("kind", sa.Text),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_by_report", "deliveries", ["report"])
    op.create_index("deliveries_by_recipient", "deliveries", ["recipient", "made_at"])
    replies = sa.text("recipient IS NOT NULL")
    op.create_index("replies_by_time", "deliveries", ["made_at"], sqlite_where=replies, postgresql_where=replies)
    op.create_table(
        "outcomes",
        sa.Column("delivery", sa.BigInteger, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),  # delivered, parked
        sa.Column("external_id", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _history() -> None:
    op.create_table(
        "events",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("detail", sa.Text),
    )
    op.create_index("events_by_report", "events", ["report", "at"])
    op.create_table(
        "memory",  # what channels remember: cursors, counts, tokens
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("external_id", sa.Text, nullable=False, unique=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ticket_entries",
        sa.Column("ticket", sa.BigInteger, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("external_id", sa.Text, primary_key=True),  # of the report that amends or withdraws
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def upgrade() -> None:
    """Make the schema."""
    _reports()
    _work()
    _records()
    _deliveries()
    _history()
    _tickets()
