"""Mass outages: where each report was on the network, how many are usual there, and what was suspected."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outages",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),  # JSON
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("expected", sa.Float, nullable=False),
        sa.Column("master", sa.BigInteger, sa.ForeignKey("reports.id")),
        sa.Column("decided_by", sa.Text),
        sa.Column("ended_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    active = sa.text("state IN ('suspected', 'confirmed')")
    op.create_index("outages_active", "outages", ["node"], unique=True, sqlite_where=active, postgresql_where=active)
    op.create_table(
        "sightings",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False, unique=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),  # JSON
        sa.Column("outage", sa.BigInteger, sa.ForeignKey("outages.id")),
        sa.Column("hour", sa.Integer),  # of the week, for which it is counted as usual; NULL: it is not
        sqlite_autoincrement=True,
    )
    op.create_index("sightings_by_time", "sightings", ["at"])
    of_outage = sa.text("outage IS NOT NULL")
    op.create_index("sightings_by_outage", "sightings", ["outage"], sqlite_where=of_outage, postgresql_where=of_outage)
    op.create_table(
        "sighting_counts",  # by node and hour of the week: what is usual there
        sa.Column("node", sa.Text, primary_key=True),
        sa.Column("hour", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
