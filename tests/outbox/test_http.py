"""The client of all backends: one deadline, no redirects, short answers, TLS, secrets that stay ours."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec import Struct

from config.backends import Webhook
from config.secrets import Secret
from outbox.backends.http import Http, NotLetIn
from records.arrival import TryAgain
from records.deliveries import Refused
from tests.outbox.fakes.server import Asked, Fake, Told, running
from tests.outbox.smarthost import certificate, tls_context


class Reached(Struct, frozen=True, kw_only=True):
    url: str
    ca_file: str | None = None
    timeout: float = 5.0


class Parrot(Fake):
    """Answers as told, and keeps what it was asked."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return self.told


@contextmanager
def raw(*chunks: bytes, pause: float = 0.0) -> Iterator[str]:
    """Serve one connection: say the chunks, one after a pause each."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(10_000)
                try:
                    for chunk in chunks:
                        connection.sendall(chunk)
                        time.sleep(pause)
                except OSError:  # the client left
                    return

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def http(url: str, **changes: object) -> Http:
    return Http("desk", Reached(url=url, **changes))  # type: ignore[arg-type]


def test_a_request_is_told_whole_and_nothing_more() -> None:
    parrot = Parrot(Told(body={"id": "7"}))
    with running(parrot) as url:
        answer = http(f"{url}/base/").ask("POST", "a b/ü", query={"q": "x&y=1", "n": 2}, json={"имя": "Г"})

    asked = parrot.asked[0]
    assert answer.read(dict[str, str]) == {"id": "7"}
    assert (asked.method, asked.path, asked.query) == ("POST", "/base/a b/ü", {"q": "x&y=1", "n": "2"})
    assert asked.json == {"имя": "Г"}
    assert asked.headers.keys() == {"host", "accept", "user-agent", "content-type", "content-length"}


@pytest.mark.parametrize(("path", "heard"), [("", "/"), ("/", "/"), ("/hook", "/hook"), ("/hook/", "/hook/")])
def test_without_a_path_the_address_is_used_as_it_is(path: str, heard: str) -> None:
    parrot = Parrot(Told())
    with running(parrot) as url:
        http(url + path).ask("POST", "", content=b"x")
    assert parrot.asked[0].path == heard


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 451])
def test_a_no_for_good_is_refused_with_the_words(status: int) -> None:
    with running(Parrot(Told(status=status, body={"message": "Queue is read only"}))) as url:
        with pytest.raises(Refused, match=f"^desk says {status}: Queue is read only$"):
            http(url).ask("GET", "x")
        assert http(url).ask("GET", "x", expected=(status,)).status == status


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again(status: int) -> None:
    parrot = Parrot(Told(status=status, body={"message": "no"}, headers={"Location": "/y", "Retry-After": "30"}))
    with running(parrot) as url, pytest.raises(TryAgain, match=f"desk .*{status}") as trouble:
        http(url).ask("GET", "x")

    assert len(parrot.asked) == 1  # nobody is sent elsewhere
    assert isinstance(trouble.value, NotLetIn) is (status == 401)
    assert trouble.value.after == (30 if status in {408, 425, 429} or status >= 500 else 0)


@pytest.mark.parametrize("pause", ["soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "99999999999", ""])
def test_a_pause_that_is_no_number_of_seconds_is_left(pause: str) -> None:
    parrot = Parrot(Told(status=503, headers={"Retry-After": pause}))
    with running(parrot) as url, pytest.raises(TryAgain) as trouble:
        http(url).ask("GET", "x")
    assert trouble.value.after == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1", b"null", b'{"id": 7}', b"\xff", b"[" * 100_000, b"<html>Sign in</html>"]
)
def test_an_answer_of_another_shape_is_tried_again(body: bytes) -> None:
    with running(Parrot(Told(body=body))) as url:
        answer = http(url).ask("GET", "x")
    with pytest.raises(TryAgain, match="desk answers what is not expected"):
        answer.read(dict[str, str])


def test_a_drip_ends_at_the_deadline() -> None:
    for chunks in (
        [b"HTTP/1.1 200 OK\r\nX: ", *[b"y"] * 500],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", *[b"y"] * 8],
    ):
        with (
            raw(*chunks, pause=0.05) as url,
            pytest.raises(TryAgain, match=r"no answer from 127\.0\.0\.1 \(ReadTimeout\)"),
        ):
            http(url, timeout=0.3).ask("GET", "x")


@pytest.mark.parametrize(
    "said",
    [
        b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)  # fmt: skip
def test_what_is_no_http_is_tried_again(said: bytes) -> None:
    with raw(said) as url, pytest.raises(TryAgain, match="no answer from 127"):
        http(url).ask("GET", "x")


def test_an_endless_answer_is_left() -> None:
    with (
        raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"y" * 100_000] * 60) as url,
        pytest.raises(TryAgain, match="more than 4000000"),
    ):
        http(url).ask("GET", "x")


def test_nobody_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(TryAgain, match="ConnectError"):
        http(f"http://127.0.0.1:{port}").ask("GET", "x")
    with pytest.raises(TryAgain, match="ConnectError"):
        http("https://nobody.invalid").ask("GET", "x")


def test_tls_is_verified(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "127.0.0.1")
    other, _ = certificate(tmp_path, "desk.example")

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Yes) as server:
        server.socket = tls_context(cert, key).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{server.server_address[1]}"
        assert http(url, ca_file=str(cert)).ask("GET", "x").status == 204
        for ca_file in (None, str(other)):
            with pytest.raises(TryAgain, match="certificate verify failed"):
                http(url, ca_file=ca_file).ask("GET", "x")
        with pytest.raises(TryAgain, match=r"backends\.desk\.ca_file can't be used"):
            http(url, ca_file=str(tmp_path / "nowhere.pem")).ask("GET", "x")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://rt.example.net", "loopback only"),
        ("http://127.0.0.1.example.net", "loopback only"),
        ("https://gate:secret@rt.example.net", "without user and password"),
        ("https://rt.example.net/?x=1", "leave out"),
        ("https://rt.example.net/#x", "leave out"),
        ("rt.example.net", "write https"),
        ("ftp://rt.example.net", "write https"),
        ("https://", "write https"),
        ("https://rt.example.net:99999", "write https"),
        ("https://rt.example.net:x", "write https"),
        ("https://[::1", "write https"),
        ("https://сервис.example", "in ASCII"),
    ],
)
def test_an_address_that_can_t_be_used_is_refused_in_the_wiring(url: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Webhook(url=url, secret=Secret(env="X"))


def test_a_secret_is_read_anew_and_stays_ours(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first-token\n")
    one = http("https://rt.example.net")

    assert one.reveal("token", Secret(file=str(file))) == "first-token"
    file.write_text("second-token\n")
    assert one.reveal("token", Secret(file=str(file))) == "second-token"
    for wrong in ("two\nlines", "ключ"):
        file.write_text(wrong)
        with pytest.raises(TryAgain, match=r"backends\.desk\.token: the secret is not one line of ASCII"):
            one.reveal("token", Secret(file=str(file)))
    with pytest.raises(TryAgain, match=r"backends\.desk\.token: .* create it"):
        one.reveal("token", Secret(file=str(tmp_path / "nowhere")))


def test_a_secret_that_comes_back_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("gate-secret")
    with running(
        Parrot(Told(status=422, body={"message": "gate-secret and Basic Z2F0ZTpnYXRlLXNlY3JldA== are odd"}))
    ) as url:
        one = http(url)
        headers = one.basic("gate", "token", Secret(file=str(file)))
        with pytest.raises(Refused, match=r"^desk says 422: … and Basic … are odd$"):
            one.ask("GET", "x", headers=headers)
