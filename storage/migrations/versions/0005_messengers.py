"""What messengers need: their updates, conversations, and the files that updates only name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "messages",  # every update that was heard, once
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("update_id", sa.Text, nullable=False),
        sa.Column("chat", sa.Text),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id")),  # NULL: it belongs to none
        sa.Column("sha256", sa.Text, sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("channel", "update_id"),
        sqlite_autoincrement=True,
    )
    reported = sa.text("report IS NOT NULL")
    op.create_index("messages_by_report", "messages", ["report"], sqlite_where=reported, postgresql_where=reported)
    op.create_table(
        "conversations",  # one a report that was begun in a chat: state, not history
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True, autoincrement=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("about", sa.BigInteger, sa.ForeignKey("reports.id")),  # the report that this one goes on with
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("read_upto", sa.BigInteger, nullable=False, server_default="0"),  # the last message that was read
        sa.Column("read_files", sa.Integer, nullable=False, server_default="0"),  # how many had come by then, or failed
    )
    open_ = sa.text("ended_at IS NULL")  # a chat has one at a time
    op.create_index(
        "conversations_open", "conversations", ["channel", "chat"], unique=True,
        sqlite_where=open_, postgresql_where=open_,
    )  # fmt: skip
    op.create_table(
        "chat_files",  # neither hash nor problem: it is still fetched
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, sa.ForeignKey("originals.sha256")),
        sa.Column("problem", sa.Text),
        sa.UniqueConstraint("report", "reference"),
        sqlite_autoincrement=True,
    )
