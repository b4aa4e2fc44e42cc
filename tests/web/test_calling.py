"""One request of ours: to the very address that was looked at, once, bounded."""

import socket
import threading
from pathlib import Path

import pytest

from tests.outbox.fakes.server import Told
from tests.web.listening import NAME, Heard, certificate, listening
from web.calling import NoAnswer, call
from web.egress import Destination, destination

HERE = ("127.0.0.1",)


def plain(port: int, path: str = "") -> Destination:
    return destination(f"http://localhost:{port}{path}", ["localhost"])


def test_a_request_goes_to_the_address_that_was_looked_at_whatever_the_name_is_by_now(tmp_path: Path) -> None:
    pem, heard = certificate(tmp_path, NAME), Heard()
    with listening(heard, pem) as port:
        where = destination(f"https://{NAME}:{port}/tmf")  # nothing on earth has this name
        answer = call("POST", where, HERE, headers={"X-A": "b"}, content=b"{}", timeout=10, ca_file=str(pem))
    assert answer.status == 204
    [asked] = heard.asked
    assert (asked.method, asked.path, asked.body, asked.headers["x-a"]) == ("POST", "/tmf", b"{}", "b")
    assert asked.headers["host"] == f"{NAME}:{port}"


def test_a_certificate_of_another_name_is_not_taken(tmp_path: Path) -> None:
    pem, heard = certificate(tmp_path, "other.example"), Heard()
    with listening(heard, pem) as port, pytest.raises(NoAnswer, match="certificate"):
        call("POST", destination(f"https://{NAME}:{port}/"), HERE, timeout=10, ca_file=str(pem))
    assert heard.asked == []


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    heard, elsewhere = Heard(), Heard()
    with listening(elsewhere) as other, listening(heard) as port:
        heard.told = [Told(status=302, headers={"Location": f"http://127.0.0.1:{other}/internal"})]
        assert call("POST", plain(port), HERE, timeout=10).status == 302
    assert elsewhere.asked == []


def test_a_long_answer_is_not_read_to_its_end() -> None:
    heard = Heard()
    with listening(heard) as port:
        heard.told = [Told(body=b"x" * 100_000)]
        with pytest.raises(NoAnswer, match="more than 64000 bytes"):
            call("POST", plain(port), HERE, timeout=10)


def test_a_server_that_drips_runs_out_of_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not ended.wait(0.02):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        with pytest.raises(NoAnswer, match="ReadTimeout"):
            call("POST", plain(listener.getsockname()[1]), HERE, timeout=0.5)
        ended.set()
        dripping.join()


def test_the_next_address_is_tried_where_one_is_dead() -> None:
    heard = Heard()
    with listening(heard) as port:
        assert call("POST", plain(port), ("127.0.0.2", *HERE), timeout=10).status == 204


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match="ConnectError"):
        call("POST", plain(1), HERE, timeout=10)
