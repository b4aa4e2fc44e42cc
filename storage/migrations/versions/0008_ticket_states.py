"""Tickets are watched; tasks and orders know where they lead."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table, fill in what older rows hold, and let an index divide deliveries by destination."""
    _destinations()
    _orders()
    _states()


def _destinations() -> None:
    op.add_column("tasks", sa.Column("destination", sa.Text, nullable=False, server_default=""))
    op.execute(
        "UPDATE tasks SET destination = (SELECT backend FROM deliveries WHERE deliveries.id = tasks.subject)"
        " WHERE step = 'deliver' AND done_at IS NULL AND EXISTS"
        " (SELECT 1 FROM deliveries WHERE deliveries.id = tasks.subject)"
    )
    where = sa.text("done_at IS NULL AND step IN ('deliver', 'fetch')")
    op.drop_index("deliveries_pending", "tasks")
    op.create_index(
        "deliveries_pending", "tasks", ["destination", "due_at"], sqlite_where=where, postgresql_where=where
    )


def _orders() -> None:
    op.add_column("deliveries", sa.Column("ticket_of", sa.BigInteger))  # the report whose ticket it is about
    op.execute("UPDATE deliveries SET ticket_of = opens WHERE opens IS NOT NULL")
    earlier = {  # FR-2026-0000007: the digits behind the second dash
        "sqlite": "substr(json_extract(body, '$.earlier'), 9)",
        "postgresql": "substring(body::json ->> 'earlier' from 9)",
    }[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE deliveries SET ticket_of = CAST({earlier} AS BIGINT) WHERE verb IN ('amend', 'withdraw')"  # noqa: S608
    )
    told = sa.text("ticket_of IS NOT NULL")
    op.create_index("orders_by_ticket", "deliveries", ["ticket_of"], sqlite_where=told, postgresql_where=told)


def _states() -> None:
    op.create_table(
        "ticket_states",  # how each ticket stood when it was last looked at
        sa.Column(
            "delivery", sa.BigInteger, sa.ForeignKey("deliveries.id"), primary_key=True, autoincrement=False
        ),  # that opened it
        sa.Column("report", sa.BigInteger, nullable=False),
        sa.Column("backend", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),  # the system's own number
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("ended", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", sa.BigInteger, nullable=False),  # when it is looked at again
    )
    op.create_index("ticket_states_by_report", "ticket_states", ["report"])
    watched = sa.text("ended = 0")
    op.create_index(
        "ticket_states_watched", "ticket_states", ["backend", "next_at"], sqlite_where=watched, postgresql_where=watched
    )
    op.execute(
        "INSERT INTO ticket_states (delivery, report, backend, external_id, status, ended, next_at)"
        " SELECT deliveries.id, deliveries.opens, deliveries.backend, outcomes.external_id, 'acknowledged',"
        " CASE WHEN EXISTS (SELECT 1 FROM deliveries AS later JOIN outcomes AS done ON done.delivery = later.id"
        " WHERE later.verb = 'withdraw' AND later.ticket_of = deliveries.opens AND done.state = 'delivered'"
        " AND later.backend = deliveries.backend) THEN 1 ELSE 0 END, outcomes.at"
        " FROM deliveries JOIN outcomes ON outcomes.delivery = deliveries.id"
        " WHERE deliveries.opens IS NOT NULL AND outcomes.state = 'delivered'"
    )
