"""How reports stand with those who repair."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table, and let the indexes of the lanes know the new steps."""
    op.create_table(
        "status_changes",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("status_changes_by_report", "status_changes", ["report"])
    for name, steps in (
        ("reading_pending", "step IN ('normalize', 'classify', 'tell')"),
        ("deliveries_pending", "step IN ('deliver', 'fetch')"),
    ):
        where = sa.text(f"done_at IS NULL AND {steps}")
        op.drop_index(name, "tasks")
        op.create_index(name, "tasks", ["due_at"], sqlite_where=where, postgresql_where=where)
