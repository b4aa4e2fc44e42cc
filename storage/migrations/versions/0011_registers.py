"""Registers that the operator loads: subscribers, houses, the tree of the network."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; `…_key` columns are spelt by `records.registers`."""
    op.create_table(
        "nodes",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("load", sa.Integer, primary_key=True, autoincrement=False),  # rows of the load before go later
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "houses",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("city", sa.Text, nullable=False),  # its key; "": one city only
        sa.Column("street", sa.Text, nullable=False),  # its key
        sa.Column("house", sa.Text, nullable=False),  # its key
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("houses_by_place", "houses", ["street", "house"])
    op.create_table(
        "subscribers",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("account", sa.Text, nullable=False),  # its key
        sa.Column("phone", sa.Text),
        sa.Column("line", sa.Text),
        sa.Column("street", sa.Text, nullable=False),
        sa.Column("house", sa.Text, nullable=False),
        sa.Column("flat", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("subscribers_by_account", "subscribers", ["account"])
    op.create_index("subscribers_by_phone", "subscribers", ["phone"])
    op.create_index("subscribers_by_line", "subscribers", ["line"])
    op.create_index("subscribers_by_place", "subscribers", ["street", "house", "flat"])
    op.create_table(
        "registers",  # what was loaded when, and which load counts
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
