"""Partners' tickets as they sent them, and what they changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "partner_tickets",
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True, autoincrement=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("resource", sa.Text, nullable=False),
        sa.UniqueConstraint("partner", "external_id"),
        sa.UniqueConstraint("partner", "idempotency_key"),
    )
    op.create_index("partner_tickets_by_partner", "partner_tickets", ["partner", "report"])
    op.create_table(
        "partner_changes",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("ticket", sa.BigInteger, sa.ForeignKey("partner_tickets.report"), nullable=False),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("resource", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id")),
        sa.UniqueConstraint("partner", "idempotency_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("partner_changes_by_ticket", "partner_changes", ["ticket"])
