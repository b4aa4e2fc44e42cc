"""`faultgate check`: each part with its state, and the remedy where it can't be reached."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from config.wiring import load
from gateway.check import check
from tests.outbox.fakes.server import running
from tests.outbox.fakes.webhook import KEY, Receiver
from tests.outbox.smarthost import Sink
from tests.outbox.smarthost import running as smarthost

Checked = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Check a desk; gives the status and the lines."""

    def ask(*sections: str, storage: str = "", data: Path = tmp_path / "data") -> tuple[int, list[str]]:
        wiring = tmp_path / "desk.toml"
        text = f"[gateway]\ndata = '{data}'\n[storage]\nmin_free = 0\n{storage}\n[desk]\nport = 0\n"
        wiring.write_text(text + "\n".join(sections), encoding="utf-8")
        status = check(load(wiring))
        said = capsys.readouterr()
        assert said.err == ""
        return status, said.out.splitlines()

    return ask


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def door(port: int) -> str:
    return f"[channels.mail]\nkind = 'smtp'\nport = {port}\n"


def failed(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("FAIL")]


def test_a_desk_that_can_be_reached_is_all_ok(checked: Checked) -> None:
    with smarthost(Sink()) as port:
        replies = f"[replies]\nhost = '127.0.0.1'\nport = {port}\nallow_plaintext = true\n"
        status, lines = checked(door(closed_port()), replies)
    assert status == 0
    assert all(line.startswith("ok ") for line in lines)
    told = "\n".join(lines)
    for part in ("store", "broker", "channel mail", "backend desk", "desk", "audit log", "replies"):
        assert f" {part}: " in told


def test_a_port_that_is_taken_fails_with_the_remedy_and_the_others_are_told(checked: Checked) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        open_ = f"[channels.other]\nkind = 'smtp'\nport = {closed_port()}\n"
        status, lines = checked(door(port), open_)
    assert status == 1
    [line] = failed(lines)
    assert "channel mail" in line
    assert "give another host or port" in line
    assert any(line.startswith("ok    channel other") for line in lines)


def test_a_mailbox_that_is_not_there_fails(checked: Checked) -> None:
    box = (
        f"[channels.box]\nkind = 'imap'\nhost = '127.0.0.1'\nport = {closed_port()}\nuser = 'u'\n"
        "password = { file = '/nowhere' }\ntimeout = 5.0\n"
    )
    status, lines = checked(box)
    assert status == 1
    assert "channel box" in failed(lines)[0]


def test_a_smarthost_that_is_not_there_fails(checked: Checked) -> None:
    replies = f"[replies]\nhost = '127.0.0.1'\nport = {closed_port()}\nallow_plaintext = true\n"
    status, lines = checked(door(closed_port()), replies)
    assert status == 1
    assert "replies" in failed(lines)[0]


def test_without_a_smarthost_it_says_how_to_answer(checked: Checked) -> None:
    status, lines = checked(door(closed_port()))
    assert status == 0
    assert "give replies.host" in lines[-1]


def test_a_data_folder_that_can_t_be_used_fails(checked: Checked, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, lines = checked(door(closed_port()), data=tmp_path / "file" / "data")
    assert status == 1
    assert failed(lines)[0].startswith("FAIL  store: ")


def test_too_little_free_space_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wiring = tmp_path / "full.toml"
    wiring.write_text(f"[gateway]\ndata = '{tmp_path}/data'\n[storage]\nmin_free = {10**18}\n{door(closed_port())}")
    assert check(load(wiring)) == 1
    assert "make room" in capsys.readouterr().out


def test_a_missing_secret_is_named(checked: Checked) -> None:
    storage = "url = 'postgresql://127.0.0.1:1/x'\npassword = { env = 'FAULTGATE_TEST_ABSENT' }\n"
    status, lines = checked(door(closed_port()), storage=storage)
    assert status == 1
    assert failed(lines) == ["FAIL  store: secret variable FAULTGATE_TEST_ABSENT is not set: export it"]


def test_a_database_and_a_broker_that_are_away_fail_without_telling_their_passwords(
    checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAULTGATE_TEST_PASSWORD", "hunter2/secret")
    password = "password = { env = 'FAULTGATE_TEST_PASSWORD' }\n"
    storage = f"url = 'postgresql://root@127.0.0.1:{closed_port()}/none'\n{password}"
    broker = f"[broker]\nurl = 'amqp://gate@127.0.0.1:{closed_port()}/desk'\n{password}"
    status, lines = checked(door(closed_port()), broker, storage=storage)
    assert status == 1
    assert [line.split(":")[0] for line in failed(lines)] == ["FAIL  store", "FAIL  broker"]
    assert "hunter2" not in "".join(lines)
    assert "broker.url" in failed(lines)[1]


def test_routes_of_warnings_are_tried_and_nothing_is_sent(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULTGATE_TEST_KEY", KEY)
    receiver, sink = Receiver(), Sink()
    away = f"http://127.0.0.1:{closed_port()}/"
    with smarthost(sink) as port, running(receiver) as url:
        routes = (
            "[warnings.routes.duty]\nrole = 'senior'\nmail = 'duty@desk.example'\n"
            f"[warnings.routes.hotline]\nrole = 'supervisor'\nwebhook = '{url}'\n"
            "secret = { env = 'FAULTGATE_TEST_KEY' }\n"
            f"[warnings.routes.away]\nrole = 'supervisor'\nwebhook = '{away}'\n"
            "secret = { env = 'FAULTGATE_TEST_KEY' }\n"
        )
        replies = f"[replies]\nhost = '127.0.0.1'\nport = {port}\nallow_plaintext = true\n"
        status, lines = checked(door(closed_port()), replies, routes)
        sink.answers["RCPT"] = "550 no such person"
        _, refused = checked(door(closed_port()), replies, routes)
    assert status == 1
    assert [line.split(":")[0] for line in failed(lines)] == ["FAIL  warnings away"]
    assert {"ok    warnings duty", "ok    warnings hotline"} <= {line.split(":")[0] for line in lines}
    assert any("check warnings.routes.duty.mail" in line for line in failed(refused))
    assert (receiver.heard, sink.taken) == (0, [])
