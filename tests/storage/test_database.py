"""Group commit: many units share a commit, and none suffers for another."""

import sqlite3
import threading
from concurrent.futures import Future

import pytest

from config.settings import Gateway, Storage
from records.arrival import TryAgain
from storage.database import Database, Transaction
from storage.migrate import HEAD, upgrade
from storage.opening import open_database, prepare

Profile = tuple[Gateway, Storage]
INSERT = "INSERT INTO memory (channel, key, value) VALUES ('t', :key, 'v')"


def test_waiting_units_share_a_commit(database: Database) -> None:
    started, go_on, transactions = threading.Event(), threading.Event(), []

    def hold(_: Transaction) -> None:
        started.set()
        go_on.wait(10)

    def note(tx: Transaction) -> None:
        transactions.append(id(tx))

    first = database.submit(hold)
    started.wait(10)
    others = [database.submit(note) for _ in range(20)]
    go_on.set()
    for future in (first, *others):
        future.result(10)

    assert len(set(transactions)) == 1


def test_a_unit_that_fails_fails_alone(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        started.set()
        go_on.wait(10)

    def fail(tx: Transaction) -> None:
        tx.run(INSERT, key="half")
        raise ValueError("a fault of this unit")

    database.submit(hold)
    started.wait(10)
    good: list[Future[int]] = [database.submit(lambda tx, k=key: tx.run(INSERT, key=k)) for key in "ab"]  # type: ignore[misc]
    bad = database.submit(fail)
    good.append(database.submit(lambda tx: tx.run(INSERT, key="c")))
    go_on.set()

    with pytest.raises(ValueError, match="a fault"):
        bad.result(10)
    assert [future.result(10) for future in good] == [1, 1, 1]
    with database.read() as tx:
        assert [row["key"] for row in tx.all("SELECT key FROM memory ORDER BY key")] == ["a", "b", "c"]


def test_unique_race_passes(database: Database, profile: Profile) -> None:
    """What two processes may both insert ends in "try again" on PostgreSQL; SQLite has one writer at a time."""
    database.write(lambda tx: tx.run(INSERT, key="a"))

    if profile[1].url is not None:
        with pytest.raises(TryAgain):
            database.write(lambda tx: tx.run(INSERT, key="a"))


def test_nothing_is_committed_before_the_answer_and_all_after(database: Database, profile: Profile) -> None:
    other = open_database(*profile)
    database.write(lambda tx: tx.run(INSERT, key="a"))

    with other.read() as tx:
        assert len(tx.all("SELECT * FROM memory")) == 1
    other.close()


def test_prepare_twice_changes_nothing(profile: Profile, database: Database) -> None:
    database.write(lambda tx: tx.run(INSERT, key="a"))
    prepare(*profile)

    with database.read() as tx:
        assert len(tx.all("SELECT * FROM memory")) == 1
        assert tx.all("SELECT version_num FROM alembic_version")[0]["version_num"] == HEAD


def test_migrating_an_up_to_date_archive_does_nothing(profile: Profile) -> None:
    gateway, storage = profile
    upgrade(storage.url or f"sqlite:///{gateway.data}/faultgate.db", None)


def test_a_lost_database_is_try_again() -> None:
    nowhere = open_database(Gateway(), Storage(url="postgresql://root@127.0.0.1:1/none"))

    with pytest.raises(TryAgain):
        nowhere.write(lambda tx: tx.now())
    with pytest.raises(TryAgain), nowhere.read() as tx:
        tx.now()
    nowhere.close()


def test_an_error_without_a_code_does_not_end_the_committer(database: Database) -> None:
    """The driver's own errors (text that is no UTF-8) carry no code of SQLite's."""

    def fail(_: Transaction) -> None:
        raise sqlite3.OperationalError("Could not decode to UTF-8")

    with pytest.raises((TryAgain, sqlite3.OperationalError)):
        database.submit(fail).result(5)
    assert database.submit(lambda tx: tx.run(INSERT, key="a")).result(5) == 1


def test_what_stops_the_committer_answers_all_who_wait(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def die(_: Transaction) -> None:
        started.set()
        go_on.wait(10)
        raise SystemExit

    first = database.submit(die)
    started.wait(10)
    second = database.submit(lambda tx: tx.run(INSERT, key="a"))
    go_on.set()

    with pytest.raises((TryAgain, SystemExit)):
        first.result(5)
    assert second.result(5) == 1


def test_a_commit_is_synced_whatever_the_role_is_set_to(profile: Profile) -> None:
    """A site may have turned synchronous_commit off for speed; what a door has promised must outlive a power cut."""
    gateway, storage = profile
    if storage.url is None:
        return
    lax = open_database(gateway, Storage(url=f"{storage.url}?options=-csynchronous_commit%3Doff"))

    assert lax.write(lambda tx: tx.all("SHOW synchronous_commit")[0]["synchronous_commit"]) == "on"
    lax.close()


def test_a_database_that_only_reads_for_now_is_try_again(database: Database, profile: Profile) -> None:
    """After a failover the old server takes no writing until clients are led to the new one."""
    if profile[1].url is None:
        return

    def write(tx: Transaction) -> int:
        tx.run("SET TRANSACTION READ ONLY")
        return tx.run(INSERT, key="a")

    with pytest.raises(TryAgain):
        database.write(write)
