"""Trained models of the sorting table: kept, promoted, rolled back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "models",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),  # the beginning of the file's SHA-256
        sa.Column("state", sa.Text, nullable=False),  # promoted, replaced, kept aside
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("corrections", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("models_by_language", "models", ["language", "state"])
