"""The desk as a process of the gateway: its address, a port that is taken, a clean end."""

import socket
from pathlib import Path

import httpx
import pytest

from tests.gateway.running import Running, command, eventually
from tests.window.front import HTML

PDF = b"%PDF-1.4 nothing in it"


@pytest.fixture
def gateway(tmp_path: Path) -> Running:
    return Running(tmp_path)


def address(gateway: Running) -> str:
    return [line for line in gateway.said if line.startswith("desk: ")][-1].removeprefix("desk: ")


def test_the_desk_opens_with_the_gateway_and_ends_with_it(gateway: Running) -> None:
    command("person", "add", "anna", "--role", "admin", "--config", gateway.wiring, input=b"a long secret\n")
    token = _token(gateway)
    gateway.start()
    try:
        assert gateway.said.index(f"desk: {address(gateway)}") < gateway.said.index("ready")
        assert httpx.get(f"{address(gateway)}/sign-in", headers=HTML).status_code == 200
        program = httpx.Client(base_url=address(gateway), headers={"authorization": f"Bearer {token}"}, timeout=60)
        kept = program.post("/api/v1/reports", files={"files": ("a.pdf", PDF)})
        assert kept.status_code == 201
        path = f"/api/v1/reports/{kept.json()['id']}"
        assert program.get(f"{path}/original").content == PDF
        eventually(lambda: program.get(path).json()["version"], "a record of it")
        told = command("check", "--config", gateway.wiring).stdout.decode()
        assert "ok    audit log" in told
    finally:
        assert gateway.stop() == 0
    log = gateway.log.read_text("utf-8")
    assert "Traceback" not in log
    assert token not in log
    with pytest.raises(httpx.ConnectError):
        httpx.get(address(gateway))


def test_a_desk_whose_port_is_taken_holds_up_nothing_and_opens_when_it_is_free(tmp_path: Path) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    gateway = Running(tmp_path)
    text = gateway.wiring.read_text("utf-8").replace("[desk]\nport = 0", f"[desk]\nport = {port}")
    gateway.wiring.write_text(text, "utf-8")
    gateway.start("desk")
    try:
        assert not [line for line in gateway.said if line.startswith("desk: ")]
        assert f"127.0.0.1:{port} can't be opened" in gateway.log.read_text("utf-8")
        taken.close()
        eventually(lambda: f"desk: http://127.0.0.1:{port}" in gateway.said, "the desk's address")
        told = command("check", "--config", gateway.wiring).stdout.decode()
        assert f"ok    desk: http://127.0.0.1:{port} is open" in told
    finally:
        taken.close()
        assert gateway.stop() == 0


def _token(gateway: Running) -> str:
    told = command("person", "token", "anna", "--config", gateway.wiring)
    return told.stdout.decode().strip()
