"""Tickets as mail: readable by people and machines, one Message-ID each, kept together by every mail program."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from config.backends import Mail
from outbox.backends import Backend, backend
from records.arrival import TryAgain
from records.deliveries import Refused, Verb
from records.record import FaultRecord
from records.words import Service, Urgency
from tests.outbox.rigs import MemoryLedger, secret, tools
from tests.outbox.situations import fault_record, ticket
from tests.outbox.smarthost import Sink, running

WHAT = replace(ticket(7), text="Нет интернета", record=fault_record(service=Service.BROADBAND, urgency=Urgency.URGENT))


def wired(port: int, **changes: Any) -> Backend:
    house = {"to": ("desk@carrier.example",), "host": "127.0.0.1", "port": port, "allow_plaintext": True}
    ledger = MemoryLedger()
    ledger.numbers["FR-2026-0000007"] = "FR-2026-0000007"
    return backend("carrier", Mail(**{**house, **changes}), tools(ledger=ledger))


def mails(sink: Sink) -> list[EmailMessage]:
    return [message_from_bytes(one.original_content or b"", policy=default) for one in sink.taken]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_what_a_desk_reads() -> None:
    sink = Sink()
    with running(sink) as port:
        wired(port, fields={"Queue": "{service}"}, values={"Queue": {"broadband": "NET"}}).create(WHAT)
    (mail,) = mails(sink)

    assert (sink.taken[0].mail_from, sink.taken[0].rcpt_tos) == ("tickets@desk.example", ["desk@carrier.example"])
    assert mail["Subject"] == "[FR-2026-0000007] broadband Нет интернета"
    assert text(mail).startswith(
        "Order: new\nTicket: FR-2026-0000007\nUrgency: urgent\nService: broadband\nQueue: NET\n\nНет интернета\n"
    )
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "FR-2026-0000007.json"
    assert msgspec.json.decode(attached.get_content(), type=FaultRecord) == WHAT.record


def test_a_thread_is_one_however_often_it_is_sent() -> None:
    sink = Sink()
    with running(sink) as port:
        for _ in range(2):
            wired(port).create(ticket(7))
            wired(port).amend(ticket(8, after=7))
            wired(port, record=False).withdraw(ticket(9, after=7))
    sent = mails(sink)

    assert len(sent) == 6
    assert len({mail["Message-ID"] for mail in sent}) == 3
    for mail in sent[1:3]:
        assert mail["In-Reply-To"] == mail["References"] == sent[0]["Message-ID"]
        assert mail["Subject"].startswith("Re: [FR-2026-0000007] ")
    assert text(sent[1]).startswith("Order: follow-up\nTicket: FR-2026-0000007\n")
    assert "\n\nFR-2026-0000009 withdrawn\n\nThe customer cancels." in text(sent[2])
    assert list(sent[2].iter_attachments()) == []


@pytest.mark.parametrize(
    "text", ["a\r\nBcc: all@example.org\r\n\r\nx", "\u2028Bcc: x@y", "=?utf-8?q?=0ABcc=3A?=", "\ud7ff" * 5000]
)
def test_no_text_bends_the_mail(text: str) -> None:
    sink = Sink()
    with running(sink) as port:
        wired(port, fields={"Subject": "{text}", "Extra": "{text}"}).create(replace(ticket(7), text=text))
    (mail,) = mails(sink)

    assert sink.taken[0].rcpt_tos == ["desk@carrier.example"]
    assert set(mail) & {"Bcc", "bcc"} == set()
    assert max(map(len, (sink.taken[0].original_content or b"").splitlines())) <= 998


def test_a_subject_that_looks_encoded_is_told_as_it_was_written() -> None:
    sink = Sink()
    with running(sink) as port:
        wired(port, fields={"Subject": "{text}"}).create(replace(ticket(7), text="=?utf-8?q?=D0=AF?="))
    (mail,) = mails(sink)
    assert mail["Subject"] == "=?utf-8?q?=D0=AF?="


def test_a_no_of_the_smarthost_goes_to_a_person() -> None:
    sink = Sink()
    sink.answers["DATA"] = "554 no desk@carrier.example here"
    with running(sink) as port, pytest.raises(Refused, match="smarthost says 554 no … here"):
        wired(port).create(ticket(7))


def test_trouble_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(TryAgain, match="`to` and `sender` must be plain addresses"):
        wired(1, to=()).check()
    with pytest.raises(TryAgain, match="plain addresses"):
        wired(1, sender="a@b\nc").create(ticket(7))
    with running(Sink()) as port:
        assert wired(port).check() == f"smarthost 127.0.0.1:{port} answers"
        with pytest.raises(TryAgain, match=r"check backends\.carrier\.user and backends\.carrier\.password"):
            wired(port, user="gate", password=secret(tmp_path, "wrong")).check()
        with pytest.raises(TryAgain, match=r"backends\.carrier\.starttls may be off only"):
            wired(port, allow_plaintext=False, starttls=False).check()


def test_a_preview_is_the_mail() -> None:
    told = wired(1).preview(WHAT, Verb.CREATE)  # type: ignore[attr-defined]
    assert "Subject: [FR-2026-0000007] broadband Нет интернета\n" in told
    assert "\n\nOrder: new\n" in told
