"""The audit log: every look and change, unbroken, and no word of a customer."""

from datetime import UTC, datetime
from functools import partial
from threading import Thread

import pytest

from config.settings import Gateway, Storage
from records.record import Reporter
from storage import audit
from storage.database import Database
from storage.opening import open_database
from tests.window.front import HTML, Window

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def fill(database: Database, number: int = 5) -> None:
    for place in range(number):
        database.write(partial(audit.note, actor=f"p{place}", what="look", at=AT, report=place + 1, peer="127.0.0.1"))


def verified(database: Database) -> tuple[int, str]:
    with database.read() as tx:
        return audit.verify(tx)


def test_the_chain_holds(database: Database) -> None:
    assert verified(database) == (0, "")
    fill(database)
    assert verified(database)[0] == 5


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET actor = 'another' WHERE number = 3",
        "UPDATE audit SET at = at + 1 WHERE number = 1",
        "UPDATE audit SET detail = 'x' WHERE number = 5",
        "UPDATE audit SET hash = 'x' WHERE number = 5",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM audit WHERE number = 5",
        "DELETE FROM audit",
        "UPDATE audit SET number = 99 WHERE number = 5",
        "UPDATE audit_head SET entries = 4",
        "INSERT INTO audit SELECT 6, at, actor, what, report, peer, detail, hash FROM audit WHERE number = 5",
    ],
)
def test_whatever_is_changed_breaks_the_chain(database: Database, tampering: str) -> None:
    fill(database)
    database.write(lambda tx: tx.run(tampering))
    with pytest.raises(audit.Broken):
        verified(database)


def test_two_processes_write_one_chain(profile: tuple[Gateway, Storage], database: Database) -> None:
    other = open_database(*profile)
    threads = [Thread(target=fill, args=(one, 20)) for one in (database, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert verified(database)[0] == 40


def test_entries_are_found_newest_first(database: Database) -> None:
    fill(database)
    with database.read() as tx:
        assert [one.number for one in audit.entries(tx, audit.Wanted(), 2)] == [5, 4]
        assert [one.number for one in audit.entries(tx, audit.Wanted(), 9, before=4)] == [3, 2, 1]
        assert [one.number for one in audit.entries(tx, audit.Wanted(actor="p1"), 9)] == [2]
        assert [one.number for one in audit.entries(tx, audit.Wanted(report=3, what="look"), 9)] == [3]
        assert audit.entries(tx, audit.Wanted(until=AT), 9) == []
        assert len(audit.entries(tx, audit.Wanted(since=AT), 9)) == 5


def test_outside_text_does_not_break_it(database: Database) -> None:
    database.write(partial(audit.note, actor="a\0\ud800" * 100, what="look", at=AT, detail="\0" * 999))
    assert verified(database)[0] == 1


def test_every_look_and_change_stands_in_the_log_without_a_word_of_the_customer(either: Window) -> None:
    number = either.report(reporter=Reporter(name="Соколова Галина", phone="+79173402218"), description="Тайна")
    clerk = either.client("clerk")
    path = f"/api/v1/reports/{number}"
    clerk.get(path)
    clerk.get(f"{path}/story")
    clerk.get(f"{path}/original")
    clerk.get(f"{path}/pages/1")
    clerk.get("/api/v1/reports", params={"q": "Соколова"})
    clerk.patch(path, json={"reporter": {"phone": "+79173402219"}}, headers={"if-match": '"1"'})
    told = either.rows("SELECT what, report, peer, detail FROM audit WHERE what <> 'sign-in' ORDER BY number")
    assert [one["what"] for one in told] == ["look", "look", "original", "picture", "search", "correct", "look"]
    assert all(one["peer"] == "testclient" for one in told)
    assert told[5]["detail"] == "reporter.phone"
    everything = str(either.rows("SELECT * FROM audit"))
    for word in ("Соколова", "Тайна", "917340"):
        assert word not in everything
    assert verified(either.database)[0] == len(told) + 1


def test_a_change_that_is_refused_leaves_no_entry(window: Window) -> None:
    number = window.report()
    clerk = window.client("clerk")
    clerk.patch(f"/api/v1/reports/{number}", json={"description": "x"}, headers={"if-match": '"7"'})
    assert ("clerk", "correct") not in window.log()


def test_supervisors_read_it(either: Window) -> None:
    number = either.report()
    either.client("clerk").get(f"/api/v1/reports/{number}")
    page = either.client("supervisor").get("/audit", headers=HTML)
    assert page.status_code == 200
    assert f'href="/reports/{number}"' in page.text
    found = either.client("supervisor").get(
        "/audit", params={"actor": "CLERK", "what": "look", "report": number, "since": "2026-11-27"}, headers=HTML
    )
    assert found.text.count(f'href="/reports/{number}"') == 1
    nothing = {"report": "FR-2026-9999999", "since": "nonsense", "until": "9999-99-99", "actor": "\0'%"}
    assert "There is no such entry" in either.client("supervisor").get("/audit", params=nothing, headers=HTML).text
