"""What waits for one report is found without reading all that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the index."""
    pending = sa.text("done_at IS NULL")
    op.create_index("tasks_by_subject", "tasks", ["subject"], sqlite_where=pending, postgresql_where=pending)
