"""Replies through a real smarthost on loopback."""

import email
import socket
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.secrets import Secret
from config.settings import Replies
from outbox.replies import Mailer
from records.arrival import TryAgain
from records.deliveries import Delivery, Refused, Reply, Verb
from tests.outbox.situations import CUSTOMER, GATEWAY, KEY, NOW, reply
from tests.outbox.smarthost import Sink, certificate, one_user, running, scripted, tls_context

PLAIN = Replies(host="127.0.0.1", allow_plaintext=True, timeout=5)
SECRET = "tr0ub4dor"


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def port(sink: Sink) -> Iterator[int]:
    with running(sink) as port:
        yield port


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def mailer(port: int, settings: Replies = PLAIN) -> Mailer:
    return Mailer(replace(settings, port=port), GATEWAY, KEY)


def delivery(what: Reply | None = None) -> Delivery:
    return Delivery(id=1, report=7, verb=Verb.REPLY, backend="replies", key="receipt/7", reply=what or reply())


def test_a_reply_arrives_with_the_null_reverse_path(sink: Sink, port: int) -> None:
    delivered = mailer(port).send(delivery(reply(subject="Нет\r\nBcc: x@example.net")), NOW)
    envelope = sink.taken[0]
    raw = envelope.original_content or b""
    mail = email.message_from_bytes(raw, policy=policy.default)

    assert envelope.mail_from == "<>"
    assert envelope.rcpt_tos == [CUSTOMER]
    assert mail["Message-ID"] == delivered.external_id
    assert mail["Bcc"] is None
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert "FR-2026-0000007" in mail.get_content()


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_5xx_is_for_a_person_and_a_4xx_passes(sink: Sink, port: int, stage: str) -> None:
    sink.answers = {stage: f"550 5.7.1 <{CUSTOMER}> not wanted"}
    with pytest.raises(Refused, match=r"550 5\.7\.1 … not wanted") as refused:
        mailer(port).send(delivery(), NOW)
    sink.answers = {stage: f"450 4.2.0 <{CUSTOMER}> greylisted"}
    with pytest.raises(TryAgain, match=r"450 4\.2\.0 … greylisted") as passing:
        mailer(port).send(delivery(), NOW)

    assert CUSTOMER not in str(refused.value) + str(passing.value)
    assert sink.taken == []


def test_a_connection_lost_after_data_is_tried_again_with_the_same_message_id(sink: Sink, port: int) -> None:
    sink.drop_after_data = True
    with pytest.raises(TryAgain):
        mailer(port).send(delivery(), NOW)
    sink.drop_after_data = False
    mailer(port).send(delivery(), NOW)
    ids = [email.message_from_bytes(one.original_content or b"")["Message-ID"] for one in sink.taken]

    assert len(ids) == 2
    assert ids[0] == ids[1]


@pytest.mark.parametrize("answer", ["421 going down", "500 what?"])
def test_what_is_said_to_quit_does_not_undo_what_was_taken(sink: Sink, port: int, answer: str) -> None:
    sink.answers = {"QUIT": answer}

    assert mailer(port).send(delivery(), NOW).external_id
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    "answers",
    [
        (),
        (b"554 no service\r\n",),
        (b"421 busy\r\n",),
        (b"nonsense\r\n",),
        (b"220 hi\r\n", b"250-x\r\n"),
        (b"220 hi\r\n", b"250 x\r\n", b"\xff\xfe\r\n"),
        (b"220 hi\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"),
        (b"220 " + b"x" * 20_000 + b"\r\n",),
    ],
)
def test_a_smarthost_that_does_not_speak_is_tried_again(answers: tuple[bytes, ...]) -> None:
    with scripted(*answers) as port, pytest.raises(TryAgain):
        mailer(port, replace(PLAIN, timeout=0.5)).send(delivery(), NOW)


def test_a_smarthost_that_is_not_there_or_hangs_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TryAgain):
            mailer(port, replace(PLAIN, timeout=0.2)).send(delivery(), NOW)
    with pytest.raises(TryAgain, match="refused"):
        mailer(port).send(delivery(), NOW)


def test_tls_and_a_password_are_used(sink: Sink, good: tuple[Path, Path], tmp_path: Path) -> None:
    settings = _with_password(Replies(host="127.0.0.1", ca_file=str(good[0]), timeout=5), "right", tmp_path)
    with running(sink, tls_context=tls_context(*good), authenticator=one_user, auth_required=True) as port:
        mailer(port, settings).send(delivery(), NOW)

        assert mailer(port, settings).check() == f"smarthost 127.0.0.1:{port} answers"
    assert sink.tls == [True]


def test_a_wrong_password_is_told_without_it(sink: Sink, good: tuple[Path, Path], tmp_path: Path) -> None:
    for password in (SECRET, "пароль" + SECRET):
        settings = _with_password(Replies(host="127.0.0.1", ca_file=str(good[0]), timeout=5), password, tmp_path)
        with (
            running(sink, tls_context=tls_context(*good), authenticator=one_user, auth_required=True) as port,
            pytest.raises(TryAgain, match=r"check replies\.user") as told,
        ):
            mailer(port, settings).send(delivery(), NOW)

        assert SECRET not in repr(told.value)
        assert told.value.__cause__ is told.value.__context__ is None
    assert sink.taken == []


def test_a_missing_password_is_told(port: int) -> None:
    settings = replace(PLAIN, user="gate", password=Secret(env="FAULTGATE_NOT_SET"))

    with pytest.raises(TryAgain, match="FAULTGATE_NOT_SET is not set"):
        mailer(port, settings).send(delivery(), NOW)


def test_nothing_is_sent_in_the_clear_unless_it_is_allowed(sink: Sink, port: int) -> None:
    with pytest.raises(TryAgain, match="no STARTTLS"):
        mailer(port, replace(PLAIN, allow_plaintext=False)).send(delivery(), NOW)
    with pytest.raises(TryAgain, match=r"replies\.starttls"):
        mailer(port, replace(PLAIN, allow_plaintext=False, starttls=False)).send(delivery(), NOW)
    assert sink.taken == []


def test_allowed_plaintext_means_loopback_only(sink: Sink) -> None:
    by_another_name = replace(PLAIN, host="127.1")  # leads to loopback, but does not say so
    with running(sink) as port, pytest.raises(TryAgain, match="no STARTTLS"):
        mailer(port, by_another_name).send(delivery(), NOW)
    assert sink.taken == []


def test_a_strange_certificate_is_not_trusted(sink: Sink, good: tuple[Path, Path], tmp_path: Path) -> None:
    elsewhere = certificate(tmp_path, "mail.example")
    with running(sink, tls_context=tls_context(*elsewhere)) as port:
        for trusted in (good[0], elsewhere[0], None):
            settings = Replies(host="127.0.0.1", ca_file=str(trusted) if trusted else None, timeout=5)
            with pytest.raises(TryAgain, match="certificate"):
                mailer(port, settings).send(delivery(), NOW)
    assert sink.taken == []


def test_the_check_tells_the_remedy() -> None:
    with pytest.raises(TryAgain, match=r"replies\.host"):
        Mailer(Replies(), GATEWAY, KEY).check()


def test_a_delivery_without_a_reply_or_with_a_bent_address_is_refused(sink: Sink, port: int) -> None:
    with pytest.raises(Refused):
        mailer(port).send(replace(delivery(), reply=None), NOW)
    with pytest.raises(Refused):
        mailer(port).send(delivery(reply(to="a@example.org> SIZE=1\r\nRCPT TO:<b@example.net")), NOW)
    assert sink.taken == []


def _with_password(settings: Replies, password: str, folder: Path) -> Replies:
    file = folder / "password"
    file.write_text(password, encoding="utf-8")
    return replace(settings, user="gate", password=Secret(file=str(file)))
