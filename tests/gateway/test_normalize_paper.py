"""`faultgate normalize` reads paper: one line a file, in order, pages and letters beside it."""

import io
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests import pages
from tests.gateway.running import command, json_lines
from tests.normalizer.documents import makers
from tests.page_texts import letter

RU, EN = letter("ru", 12), letter("en", 12)
NAMES = ["fax.tif", "letter.pdf", "scan.pdf", "photo.jpg", "blank.png", "broken.pdf", "mail.eml", "short.eml"]


def _mail(text: str, sender: str, file: bytes, name: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "support@isp.example", "Fax from 88412456789"
    message.set_content(text)
    message.add_attachment(file, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _picture(kind: str) -> bytes:
    stored = io.BytesIO()
    page = pages.render(EN.text, "en", 12)
    (pages.photo(page, 12, turn=90) if kind == "JPEG" else pages.render("", "en", 1)).save(stored, kind)
    return stored.getvalue()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What one command said of all files."""
    folder = tmp_path_factory.mktemp("paper")
    faxed = makers.tiff(
        pages.fax(pages.render(RU.text, "ru", 12), 12), pages.fax(pages.render("Приложение", "ru", 1), 1)
    )
    contents = {
        "fax.tif": faxed,
        "letter.pdf": makers.letter_pdf("Нет интернета третий день\nПетров Иван Сергеевич\n8 917 340-22-18"),
        "scan.pdf": makers.picture_pdf(pages.render(RU.text, "ru", 12)),
        "photo.jpg": _picture("JPEG"),
        "blank.png": _picture("PNG"),
        "broken.pdf": b"%PDF-1.4 broken",
        "mail.eml": _mail("You have got a fax", "robot@fax.example", faxed, "f.tif"),
        "short.eml": _mail("Заявление во вложении", "p@mail.example", makers.letter_pdf(RU.text, size=9), "f.pdf"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    wiring = folder / "desk.toml"
    wiring.write_text("[gateway]\nfax_gateways = ['robot@fax.example']\n")
    done = command("normalize", "--config", wiring, "--reading", *(folder / name for name in NAMES), timeout=600)
    assert done.returncode == 0, done.stderr
    lines = json_lines(done.stdout)
    assert [line["original"]["size"] for line in lines] == [len(contents[name]) for name in NAMES]
    return dict(zip(NAMES, lines, strict=True))


@pytest.mark.parametrize("name", ["fax.tif", "scan.pdf", "mail.eml", "short.eml"])
def test_a_letter_is_a_record_however_it_comes(told: dict[str, dict[str, Any]], name: str) -> None:
    record = told[name]
    assert record["reporter"]["name"] == RU.name
    assert record["reporter"]["phone"] == RU.phone
    assert record["affected"]["account"] == RU.account
    assert record["evidence"]["affected.account"]["page"] == 1
    assert "Прошу устранить неисправность" in record["description"]


def test_the_reading_has_its_pages(told: dict[str, dict[str, Any]]) -> None:
    page, second = told["fax.tif"]["reading"]["pages"]
    assert set(page) >= {"number", "language", "rotation", "confidence", "text"}
    assert (page["number"], page["language"], page["rotation"], second["number"]) == (1, "ru", 0, 2)
    assert page["confidence"] > 0.8
    assert [each["number"] for each in told["mail.eml"]["reading"]["pages"]] == [1, 2]


def test_a_photo_that_lies_on_its_side_is_read(told: dict[str, dict[str, Any]]) -> None:
    [page] = told["photo.jpg"]["reading"]["pages"]
    assert (page["language"], page["rotation"]) == ("en", 270)
    assert EN.account in page["text"]


@pytest.mark.parametrize("name", ["blank.png", "broken.pdf"])
def test_what_says_nothing_goes_to_a_person(told: dict[str, dict[str, Any]], name: str) -> None:
    assert told[name]["needs_review"]
    assert told[name]["description"] is None


def test_a_stack_gives_a_line_for_each_letter(tmp_path: Path) -> None:
    blank, one, two = (pages.render(text, "en", 1) for text in ("", "No internet, account 123456789", "No television"))
    (tmp_path / "stack.tif").write_bytes(makers.tiff(one, blank, two))
    wiring = tmp_path / "desk.toml"
    wiring.write_text("[channels.scans]\nkind = 'scan'\npath = '/tmp'\nseparator = 'blank'\nlanguage = 'en'\n")
    done = command(
        "normalize", "--config", wiring, "--channel", "scans", "--reading", tmp_path / "stack.tif", timeout=600
    )
    first, second = json_lines(done.stdout)
    assert [page["number"] for page in first["reading"]["pages"]] == [1]
    assert [page["number"] for page in second["reading"]["pages"]] == [3]
    assert "television" in second["description"]
