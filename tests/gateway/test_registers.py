"""`faultgate register`: lists from files and addresses, wrong lines told, and records completed by what was loaded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from gateway import lookups, registers
from records.reading import Reading
from records.record import Affected, PostalAddress, Reporter
from records.registers import House, Node, Subscriber
from storage import registers as archive
from storage.database import Database
from tests.storage.reports import record

AT = datetime(2026, 11, 27, tzinfo=UTC)
SUBSCRIBERS = (
    "account;name;phone;city;street;house;flat;service;node\n"
    "4410-22871;Соколова Галина Петровна;8 (917) 340-22-18;Пенза;Ладожская;89;134;broadband;h1\n"
    "77-1;Иванов Иван;89270001122;Пенза;Пушкина;1;2;telephony;\n"
)


def known(database: Database, account: str) -> list[Subscriber]:
    with database.read() as tx:
        return archive.by_account(tx, account)


@pytest.fixture
def settings(profile: Any) -> Settings:
    gateway, storage = profile
    return Settings(gateway=gateway, storage=storage)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_file_is_loaded_and_listed(
    settings: Settings, database: Database, tmp_path: Path, encoding: str, capsys: Any
) -> None:
    file = tmp_path / "subscribers.csv"
    file.write_bytes(SUBSCRIBERS.encode(encoding))
    assert registers.load(settings, "subscribers", str(file)) == 0
    [galina] = known(database, "441022871")
    assert (galina.name, galina.phone, galina.node) == ("Соколова Галина Петровна", "+79173402218", "h1")
    registers.list_registers(settings)
    assert "2 rows" in capsys.readouterr().out


def test_a_new_load_takes_the_place_of_the_one_before(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "CHUNK", 2)
    rows = [Subscriber(account=str(number), phone="+79270000000") for number in range(7)]
    registers.keep(database, "subscribers", rows, "a", AT)
    registers.keep(database, "subscribers", rows[3:], "b", AT)
    assert known(database, "1") == []
    assert len(known(database, "5")) == 1
    with database.read() as tx:
        assert archive.loaded(tx)["subscribers"].rows == 4
        assert len(archive.by_phone(tx, "+79270000000")) == 4


def test_a_load_that_breaks_off_changes_nothing(database: Database) -> None:
    registers.keep(database, "nodes", [Node(id="centre")], "a", AT)
    number = database.write(lambda tx: archive.begin(tx, "nodes"))
    database.write(lambda tx: archive.add(tx, number, [Node(id="other")]))
    with database.read() as tx:
        assert list(archive.nodes(tx)) == ["centre"]
    registers.keep(database, "nodes", [Node(id="new", parent="centre")], "b", AT)
    with database.read() as tx:
        assert list(archive.nodes(tx)) == ["new"]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("account,nam\n1,x\n", "no column is named 'nam'"),
        ("name\nx\n", "column account is missing"),
        ("account,phone\n1,hello\n2,world\n", "2 lines of 2 are wrong"),
        ("account\n", "0 lines of 0"),
        ("", "column account is missing"),
    ],
)
def test_a_wrong_file_is_refused_with_the_remedy(settings: Settings, tmp_path: Path, text: str, remedy: str) -> None:
    file = tmp_path / "s.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LookupError, match=remedy):
        registers.load(settings, "subscribers", str(file))


def test_few_wrong_lines_are_told_and_left_out(
    settings: Settings, database: Database, tmp_path: Path, capsys: Any
) -> None:
    lines = "".join(f"{number},\n" for number in range(40))
    (tmp_path / "s.csv").write_text(f"account,phone\n{lines}99,none\n", encoding="utf-8")
    registers.load(settings, "subscribers", str(tmp_path / "s.csv"))
    told = capsys.readouterr()
    assert "line 42: phone is no telephone number" in told.err
    assert "1 wrong lines were left out" in told.out
    assert known(database, "99") == []


def test_a_missing_file_and_an_open_address_are_told(settings: Settings) -> None:
    with pytest.raises(LookupError, match="stays as it was"):
        registers.load(settings, "nodes", "/nowhere/nodes.csv")
    with pytest.raises(LookupError, match="http is allowed on loopback only"):
        registers.load(settings, "nodes", "http://registers.example/nodes.csv")


@contextmanager
def serving(content: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/houses.csv"
    server.shutdown()
    server.server_close()


def test_a_register_comes_by_http(settings: Settings, database: Database) -> None:
    with serving("city,street,house,node\nПенза,Ладожская,89,h1\n".encode()) as url:
        registers.load(settings, "houses", url)
    with database.read() as tx:
        assert archive.houses_at(tx, "ладожская", "89") == [
            House(city="Пенза", street="Ладожская", house="89", node="h1")
        ]
        assert [one.written for one in archive.streets(tx)] == ["Ладожская"]


def test_a_report_is_completed_by_what_was_loaded(database: Database) -> None:
    rows, _ = registers.read("subscribers", SUBSCRIBERS.encode())
    bare = record(reporter=Reporter(email="x@mail.example"), affected=Affected())
    reading = Reading(media_type="text/plain", new_text="нет интернета, Ладожская 89-134")
    assert lookups.Lookups(database).complete(bare, reading) == bare
    registers.keep(database, "subscribers", rows, "a", AT)
    registers.keep(database, "houses", [House(city="Пенза", street="Ладожская", house="89", node="h1")], "b", AT)
    found = lookups.Lookups(database).complete(bare, reading)
    assert found.affected.address == PostalAddress(city="Пенза", street="Ладожская", house="89", flat="134")
    assert (found.affected.account, found.affected.node) == ("4410-22871", "h1")
    assert found.reporter.name == "Соколова Галина Петровна"
    assert found.evidence["affected.address.street"].text.startswith("Ладожская 89")


def test_a_tree_gives_the_way_up_and_survives_a_loop() -> None:
    tree = {one.id: one for one in (Node(id="a", parent="b"), Node(id="b", parent="c", subscribers=5), Node(id="c"))}
    assert archive.path(tree, "a") == ("a", "b", "c")
    assert archive.path(tree, "x") == ()
    assert archive.below(tree.values()) == {"a": 0, "b": 5, "c": 5}
    loop = {one.id: one for one in (Node(id="a", parent="b"), Node(id="b", parent="a"))}
    assert archive.path(loop, "a") == ("a", "b")
