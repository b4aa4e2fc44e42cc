"""What paper and the desk need: standings, divided originals, approvals, who made a version, the search.

Rows about reports kept before are made by `storage.backfill`, 500 a commit, when the archive is prepared.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _standings() -> None:
    op.create_table(
        "standings",  # one a report, kept up to date by every step: the desk's index card, not history
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True, autoincrement=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("order_kind", sa.Text),
        sa.Column("service", sa.Text),
        sa.Column("disposition", sa.Text),
        sa.Column("urgency", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("reviews", sa.Text, nullable=False),  # JSON
        sa.Column("remark", sa.Text),
        sa.Column("taken_by", sa.Text),
        sa.Column("taken_at", sa.BigInteger),
        sa.Column("tickets", sa.Integer, nullable=False, server_default="0"),
    )
    unsettled, taken = sa.text("state <> 'settled'"), sa.text("taken_by IS NOT NULL")
    op.create_index("standings_taken", "standings", ["taken_at"], sqlite_where=taken, postgresql_where=taken)
    # All that the queue is filtered by: a rare value is found in the index, without a look at every row.
    filters = ["state", "level", "channel", "order_kind", "service", "disposition", "urgency", "taken_by"]
    columns = ["due_at", "report", *filters]
    op.create_index("standings_open", "standings", columns, sqlite_where=unsettled, postgresql_where=unsettled)
    op.create_index("standings_by_due", "standings", columns)


def _paper() -> None:
    op.create_table(
        "extents",  # which pages of its original a report is
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True, autoincrement=False),
        sa.Column("parent", sa.BigInteger, sa.ForeignKey("reports.id")),  # NULL: the first letter of a stack
        sa.Column("pages", sa.Text, nullable=False),  # JSON; empty: all
    )
    op.drop_index("reading_pending", "tasks")
    op.drop_index("deliveries_pending", "tasks")
    for name, steps in (
        ("reading_pending", "step IN ('normalize', 'classify')"),
        ("paper_pending", "step IN ('recognize')"),
        ("deliveries_pending", "step IN ('deliver')"),
    ):
        where = sa.text(f"done_at IS NULL AND {steps}")
        op.create_index(name, "tasks", ["due_at"], sqlite_where=where, postgresql_where=where)


def _people() -> None:
    op.add_column("records", sa.Column("author", sa.Text))  # login; NULL: the machine
    op.add_column("records", sa.Column("remark", sa.Text))  # the author's words for those who come after him
    op.add_column("records", sa.Column("question", sa.Text))  # the author's words to the reporter
    op.create_table(
        "approvals",  # orders of clerks that waited, or wait, for a senior
        sa.Column("report", sa.BigInteger, sa.ForeignKey("reports.id"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("approved", sa.Integer),
        sa.Column("remark", sa.Text),
    )


def _tickets() -> None:
    """Make it quick to tell which report a ticket was opened for, also where an answer's row planned it."""
    op.add_column("deliveries", sa.Column("opens", sa.BigInteger))  # the report whose ticket it is; NULL: none's
    digits = {
        "sqlite": "substr(key, length('create//FR-2026-' || backend) + 1)",
        "postgresql": "substring(key from 'FR-\\d{4}-(\\d+)$')",
    }
    number = digits[op.get_bind().dialect.name]
    op.execute(f"UPDATE deliveries SET opens = CAST({number} AS BIGINT) WHERE verb = 'create'")  # noqa: S608
    opening = sa.text("opens IS NOT NULL")
    op.create_index("deliveries_opening", "deliveries", ["opens"], sqlite_where=opening, postgresql_where=opening)
    told = sa.text("external_id IS NOT NULL")
    op.create_index("outcomes_by_number", "outcomes", ["external_id"], sqlite_where=told, postgresql_where=told)


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # The words are made by `storage.words`; what matches is told by the row, so their places are not kept.
        op.execute("CREATE VIRTUAL TABLE search USING fts5(words, detail = none, prefix = '1 2 3', tokenize = 'ascii')")
        return
    op.execute("CREATE TABLE search (report bigint PRIMARY KEY REFERENCES reports (id), words tsvector NOT NULL)")
    op.execute("CREATE INDEX search_by_word ON search USING gin (words)")


def upgrade() -> None:
    """Make the tables, and change the indexes."""
    _standings()
    _paper()
    _people()
    _tickets()
    _search()
