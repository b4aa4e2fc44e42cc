"""outages: nothing yet."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Change nothing yet."""
