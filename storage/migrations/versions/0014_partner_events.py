"""Whom events are sent to, which deliveries are events, and the signatures of requests that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "subscriptions",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("partner", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),  # of TMF621: 4 or 5
        sa.Column("callback", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("off_at", sa.BigInteger),  # switched off by us, because nobody takes what is sent
        sa.Column("off_reason", sa.Text),
        sa.Column("ended_at", sa.BigInteger),  # removed by the partner
        sqlite_autoincrement=True,
    )
    op.create_index("subscriptions_by_partner", "subscriptions", ["partner"])
    op.create_table(
        "event_deliveries",
        sa.Column("delivery", sa.BigInteger, sa.ForeignKey("deliveries.id"), primary_key=True, autoincrement=False),
        sa.Column("subscription", sa.BigInteger, sa.ForeignKey("subscriptions.id"), nullable=False),
        sa.Column("event", sa.Text, nullable=False),  # its id; one that is sent anew has another delivery
        sa.Column("made_at", sa.BigInteger, nullable=False),
    )
    op.create_index("event_deliveries_by_subscription", "event_deliveries", ["subscription", "made_at"])
    op.create_table(
        "signatures",  # of requests, as long as they would be taken
        sa.Column("partner", sa.Text, primary_key=True),
        sa.Column("mark", sa.Text, primary_key=True),  # SHA-256
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("signatures_by_time", "signatures", ["at"])
