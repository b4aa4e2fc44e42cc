"""A report's files are lent to ticket backends: cut out of its mail in a guarded child, or read as they were kept."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import pytest
from msgspec.structs import replace

from config.settings import Gateway, Readers, Storage
from gateway.files import Files
from normalizer.parts import Parts
from outbox.files import Lent
from records.deliveries import Ticket
from records.record import Attachment, FaultRecord
from storage.opening import open_originals
from storage.versions import latest
from tests.desk import Desk
from tests.test_journey import ANONYMOUS, GALINA, desk, guard, knowledge

__all__ = ["desk", "guard", "knowledge"]

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    one = Parts(Readers(processes=1))
    yield one
    one.close()


@pytest.fixture
def files(desk: Desk, parts: Parts, profile: tuple[Gateway, Storage]) -> Files:
    return Files(desk.database, open_originals(*profile), parts)


def mail(
    text: str, sender: str, *attached: tuple[str, bytes], to: str = "support@faultgate.localhost", **headers: str
) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = sender, to
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, content in attached:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def lent(files: Files, record: FaultRecord) -> list[Lent]:
    return files(Ticket(external_id=record.id or "", record=record, text=""))


def test_what_a_mail_brings_is_lent_byte_by_byte(desk: Desk, files: Files) -> None:
    text = "Нет интернета. Уфа, Айская 64/1. Соколова Галина, 8 917 340-22-18"
    receipt = desk.handle(mail(text, GALINA, ("Фото.png", PHOTO), ("b.bin", b"\0" * 5000)), GALINA)
    found = lent(files, desk.record(receipt))

    assert [(one.name, one.size) for one in found] == [("Фото.png", len(PHOTO)), ("b.bin", 5000)]
    assert [one.read() for one in found] == [PHOTO, b"\0" * 5000]


def test_a_file_that_came_with_an_answer_is_found_in_the_answer(desk: Desk, files: Files) -> None:
    sender = "noname77@mail.example"
    first = desk.handle(ANONYMOUS, sender)
    [question] = desk.sent()
    to = parseaddr(str(question["Reply-To"]))[1]
    desk.handle(
        mail("Иванов Иван, 8 917 340-22-18", sender, ("p.png", PHOTO), to=to, In_Reply_To=question["Message-ID"]),
        sender,
    )
    with desk.database.read() as tx:
        version = latest(tx, first.report)
    assert version is not None
    [file] = lent(files, version.record)
    assert file.read() == PHOTO


def test_what_is_in_no_original_is_told(desk: Desk, files: Files) -> None:
    record = desk.record(desk.handle(ANONYMOUS, "noname77@mail.example"))
    lost = Attachment(name="x", media_type="image/png", size=1, sha256="0" * 64)
    with pytest.raises(LookupError, match="is in no original of FR-"):
        lent(files, replace(record, attachments=(lost,)))[0].read()
