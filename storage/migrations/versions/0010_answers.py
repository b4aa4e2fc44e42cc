"""The operator's own texts of answers, what customers say of solutions, and which report each reply speaks of."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; what was answered before counts for the report that brought it."""
    op.create_table(
        "answer_templates",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False, server_default=""),  # "": every channel
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text),  # NULL: back to the shipped text
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("kind", "language", "medium", "channel", "version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "verdicts",
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),  # "solution": what we advised; "work": all that was done
        sa.Column("solved", sa.Integer, nullable=False),
        sa.Column("way", sa.Text, nullable=False),  # the channel that the answer came by
        sa.Column("service", sa.Text),
        sa.Column("solution", sa.Text),  # the typical solution that was sent, if any
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("report", "subject"),
    )
    op.create_index("verdicts_by_time", "verdicts", ["at"])
    op.add_column("deliveries", sa.Column("about", sa.BigInteger))  # the report that a reply speaks of
    op.execute("UPDATE deliveries SET about = report WHERE recipient IS NOT NULL")
    where = sa.text("about IS NOT NULL")
    op.create_index("replies_by_report", "deliveries", ["about", "made_at"], sqlite_where=where, postgresql_where=where)
