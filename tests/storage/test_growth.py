"""What every report asks of the archive stays quick when the archive is years old: no table is read through."""

from collections.abc import Sequence
from typing import Any

import pytest

from records.tasks import Lane
from storage.database import Database, Transaction
from storage.links import automatic_replies
from storage.tasks import due


class Explained:
    """A transaction that gives SQLite's plan of each query instead of its rows."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.plans: list[str] = []

    def one(self, sql: str, **values: object) -> Any | None:
        self._explain(sql, values)
        return None

    def all(self, sql: str, **values: object) -> Sequence[Any]:
        self._explain(sql, values)
        return ()

    def run(self, sql: str, **values: object) -> int:
        raise NotImplementedError

    def now(self) -> int:
        return self._tx.now()

    def _explain(self, sql: str, values: dict[str, object]) -> None:
        self.plans += [row["detail"] for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **values)]


@pytest.mark.parametrize("profile", ["sqlite"], indirect=True)
def test_no_step_reads_a_whole_table(database: Database) -> None:
    with database.read() as tx:
        explained = Explained(tx)
        automatic_replies(explained, None, 0)
        automatic_replies(explained, "a@example.org", 0)
        for lane in Lane:
            due(explained, 10, lane)

    # An index of what is counted or waits, and of nothing else: a busy hour's tickets are no replies.
    for index in ("replies_by_time", "deliveries_by_recipient", "reading_pending", "paper_pending", "deliveries_pending"):
        assert any(index in plan for plan in explained.plans), index
    through = [plan for plan in explained.plans if plan.startswith("SCAN ") and "USING INDEX" not in plan]
    assert [plan for plan in through if "(subquery" not in plan and plan not in {"SCAN urgent", "SCAN fair"}] == []
    assert explained.plans
