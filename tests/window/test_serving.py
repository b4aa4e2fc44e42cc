"""The web server: what it says of itself, what it gives a client time and room for, and that it ends cleanly."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.window.front import HTML, Window
from web import serving as web

PATIENCE = 30.0


@contextmanager
def serving(window: Window) -> Iterator[str]:
    """Serve the desk on a free port of loopback; gives its address."""
    port, opened = web.bound("127.0.0.1", 0), threading.Event()
    server = web.server(window.app, behind_proxy=False, opened=opened.set)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[port])), daemon=True)
    thread.start()
    assert opened.wait(PATIENCE)
    try:
        yield web.address_of(port)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()


def said(address: str, *parts: bytes, more: float = 0.0) -> bytes:
    """Send bytes as they are, and give all that comes back until the server closes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
        for part in parts:
            client.sendall(part)
        answer = b""
        try:
            while chunk := client.recv(65536):
                answer += chunk
                if more == 0.0 and b"\r\n\r\n" in answer:
                    break
        except ConnectionResetError:
            return answer or b"reset"
        return answer


def test_it_tells_nothing_of_itself_and_much_to_the_browser(window: Window) -> None:
    with serving(window) as address:
        answer = httpx.get(f"{address}/sign-in", headers=HTML)
        assert answer.status_code == 200
        assert "server" not in answer.headers
        for path, status in (("/sign-in", 200), ("/nowhere", 404), ("/api/v1/nowhere", 404), ("/account", 303)):
            answer = httpx.get(f"{address}{path}", headers=HTML)
            assert answer.status_code == status
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"


def test_bad_requests_are_refused_and_the_desk_stays(window: Window) -> None:
    bad = [
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 300_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 300_000,
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 60_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\nHost : x\n\n",
    ]
    with serving(window) as address:
        for request in bad:
            answer = said(address, request)
            assert answer == b"reset" or answer.startswith(b"HTTP/1.1 400"), (request[:60], answer[:60])
        assert httpx.get(f"{address}/sign-in", headers=HTML).status_code == 200


def test_a_body_that_is_too_large_is_refused_at_its_head_or_while_it_comes(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.serving.LINGER", 0.2)
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with serving(window) as address:
        announced = said(address, head + b"Content-Length: 50000000\r\n\r\n", more=1)
        assert announced.startswith(b"HTTP/1.1 413")
        chunk = b"400000\r\n" + b"a" * 0x400000 + b"\r\n"
        streamed = said(address, head + b"Transfer-Encoding: chunked\r\n\r\n", chunk, more=1)
        assert streamed.startswith(b"HTTP/1.1 413")
        assert httpx.get(f"{address}/sign-in", headers=HTML).status_code == 200


def test_a_client_that_dawdles_is_left(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.serving.HEAD_TIME", 0.2)
    monkeypatch.setattr("web.serving.LINGER", 0.2)
    monkeypatch.setattr("desk.shield.PAUSE", 0.2)
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with serving(window) as address:
        assert said(address, more=1) == b""
        assert said(address, b"GET / HTTP/1.1\r\nHost", more=1) == b""
        slow = said(address, head + b"Content-Length: 50\r\n\r\nlogin=", more=1)
        assert slow.startswith(b"HTTP/1.1 408")


def test_a_connection_serves_many_requests(window: Window) -> None:
    with serving(window) as address, httpx.Client() as client:
        for _ in range(5):
            assert client.get(f"{address}/sign-in", headers=HTML).status_code == 200
        two = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n" * 2
        assert said(address, two, b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", more=1).count(
            b"HTTP/1.1 "
        ) == 3  # fmt: skip


def test_the_client_s_address_is_only_a_proxy_s_to_tell(window: Window) -> None:
    with serving(window) as address:
        httpx.post(
            f"{address}/sign-in",
            data={"login": "clerk", "password": "wrong"},
            headers={"x-forwarded-for": "203.0.113.9"},
        )
    assert [row["peer"] for row in window.rows("SELECT peer FROM audit")] == ["127.0.0.1"]
