"""What people say of an outage, what monitoring says, and which of its reports were told."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("outages", sa.Column("cause", sa.Text))
    op.add_column("outages", sa.Column("expected_end", sa.BigInteger))
    op.add_column("outages", sa.Column("monitored_at", sa.BigInteger))
    op.add_column("outages", sa.Column("monitoring", sa.Text))
    op.add_column("outages", sa.Column("up", sa.Integer, nullable=False, server_default="0"))
    # 1: its reporter was told of the outage, 2: that it is over
    op.add_column("sightings", sa.Column("told", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sightings", sa.Column("look_at", sa.BigInteger, nullable=False, server_default="0"))
    op.add_column("sightings", sa.Column("apart", sa.BigInteger))  # the outage that a person took it out of
    untold = sa.text("outage IS NOT NULL AND told < 2")
    op.create_index("sightings_untold", "sightings", ["look_at"], sqlite_where=untold, postgresql_where=untold)
