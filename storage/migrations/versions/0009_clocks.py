"""Promises with a time limit, and who was warned of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; what is unfinished keeps its time for the record, and is not told twice of what is gone."""
    _promises()
    _warnings()
    op.execute(
        "INSERT INTO promises"
        " (report, kind, round, begins_at, due_at, first_due_at, urgency, stage, next_at, broken_at)"
        " SELECT report, 'record', 1, received_at, due_at, due_at, 'normal', stage, 0,"
        " CASE WHEN stage = 100 THEN due_at END FROM"
        " (SELECT standings.*, COALESCE((SELECT MAX(CASE what WHEN 'overdue' THEN 100"
        " WHEN 'three quarters of its time gone' THEN 75 WHEN 'half of its time gone' THEN 50 ELSE 0 END)"
        " FROM events WHERE events.report = standings.report), 0) AS stage"
        " FROM standings WHERE state <> 'settled' AND settled_at IS NULL) AS unfinished"
    )


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),  # of its time: another begins with each new date
        sa.Column("begins_at", sa.BigInteger, nullable=False),  # of this round
        sa.Column("due_at", sa.BigInteger),  # of this round; NULL: the clock has not looked at it yet
        sa.Column("first_due_at", sa.BigInteger),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),  # of this round, in per cent, that was told last
        sa.Column("next_at", sa.BigInteger),  # when it rings again; 0: it is to be set; NULL: never
        sa.Column("provisional", sa.Text),  # the provisional answer: wanted, sent, or why it could not be
        sa.Column("broken_at", sa.BigInteger),  # the due time that went by
        sa.Column("kept_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),  # kept, or held for no more
        sa.Column("note", sa.Text),  # why it is held for no more
        sa.UniqueConstraint("report", "kind"),
        sqlite_autoincrement=True,
    )
    running = sa.text("ended_at IS NULL")
    op.create_index("promises_running", "promises", ["next_at"], sqlite_where=running, postgresql_where=running)
    wanted = sa.text("provisional = 'wanted'")
    op.create_index("provisional_wanted", "promises", ["id"], sqlite_where=wanted, postgresql_where=wanted)


def _warnings() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("sent_at", sa.BigInteger),  # when it went into a notice, or was found to need none
        sa.Column("done_at", sa.BigInteger),  # when somebody took it off his list
        sa.Column("done_by", sa.Text),
        sa.UniqueConstraint("report", "kind", "round", "stage"),
        sqlite_autoincrement=True,
    )
    for name, columns, condition in (
        ("warnings_unsent", ["id"], "sent_at IS NULL"),
        ("warnings_sent", ["role", "sent_at"], "sent_at IS NOT NULL"),
        ("warnings_open", ["role", "due_at"], "done_at IS NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "warnings", columns, sqlite_where=where, postgresql_where=where)
