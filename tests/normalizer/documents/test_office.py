"""Office files as originals: text and tables, nothing followed, nothing unfolded without end."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import odfdo
import openpyxl
import pytest
from docx import Document

from normalizer.readers import office
from normalizer.readers.magic import media_type
from records.words import Review
from tests.conftest import CORPORA
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import read
from tests.normalizer.mails import corpus

ROWS = [("ФИО", "Петров Иван Сергеевич"), ("Телефон", "8 (917) 340-22-18"), ("Адрес", "г. Пенза, ул. Московская, д. 5")]
TROUBLE = "Третий день не работает интернет, на модеме горит красная лампочка LOS."


def docx() -> bytes:
    document = Document()
    document.add_paragraph(TROUBLE)
    table = document.add_table(0, 2)
    for row in ROWS:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = row
    return saved(document.save)


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (*ROWS, ("Что случилось", TROUBLE)):
        sheet.append(row)
    return saved(book.save)


def odt() -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Paragraph(TROUBLE))
    table = odfdo.Table("Т")
    for row in ROWS:
        table.append_row(odfdo.Row())
        table.set_row_values(table.height - 1, list(row))
    document.body.append(table)
    return saved(document.save)


def ods() -> bytes:
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    table = odfdo.Table("Т")
    for number, row in enumerate((*ROWS, ("Что случилось", TROUBLE))):
        table.set_row_values(number, list(row))
    document.body.append(table)
    return saved(document.save)


def rtf() -> bytes:
    lines = [TROUBLE, *(f"{label}: {value}" for label, value in ROWS)]
    said = "\\par\n".join(
        "".join(f"\\u{ord(letter)}?" if ord(letter) > 127 else letter for letter in line) for line in lines
    )
    return b"{\\rtf1\\ansi " + said.encode() + b"}"


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stored = io.BytesIO()
    save(stored)
    return stored.getvalue()


@pytest.mark.parametrize("make", [docx, xlsx, odt, ods, rtf])
def test_an_office_file_is_a_report(make: Callable[[], bytes]) -> None:
    done = read(make(), recognise=False)
    record = done.record
    assert TROUBLE in done.reading.text
    assert [f"{label}: {value}" in done.reading.text for label, value in ROWS] == [True] * 3
    assert (record.reporter.name, record.reporter.phone) == ("Петров Иван Сергеевич", "+79173402218")
    assert (record.affected.address.street, record.affected.address.house) == ("Московская", "5")
    assert TROUBLE in (record.description or "")
    assert not record.needs_review


def test_numbers_and_days_of_a_sheet_are_written_as_seen() -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Телефон", 79173402218.0])
    sheet.append(["С", datetime(2026, 11, 18)])  # noqa: DTZ001 - a cell's day has no zone
    sheet["AZ9000"] = "far away"
    text = office.text(saved(book.save), media_type(saved(book.save)))
    assert text == "Телефон: 79173402218\nС: 18.11.2026"


def test_text_in_boxes_controls_and_changes_is_read_and_deleted_text_is_not() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>added </w:t></w:r></w:ins><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        "</w:p>"
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    changed = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'.encode()
    text = office.text(makers.repacked(docx(), word__document_xml=changed), media_type(docx()))
    assert text.split("\n") == ["added ", "in a control", "", "in a box"]


@pytest.mark.parametrize("name", ["alpaca_tz", "../docx/example"])
def test_documents_of_the_corpora_say_what_their_texts_say(name: str) -> None:
    content = (corpus("dedoc-ru") / f"tz/{name}.docx").read_bytes()
    text = office.text(content, media_type(content))
    assert ("Количество корма" in text) or ("Какие то определения" in text)


def unread(content: bytes, kind: str | None = None) -> office.Unreadable:
    with pytest.raises(office.Unreadable) as refused:
        office.text(content, kind or media_type(content))
    return refused.value


WORD = media_type(docx())


def test_what_unfolds_without_end_is_not_unfolded() -> None:
    assert "not unpacked" in str(unread(makers.repacked(docx(), word__document_xml=b"<a>" + b" " * 31_000_000), WORD))
    assert "not unpacked" in str(unread(makers.repacked(docx(), word__media__a_bin=bytes(20_000_000)), WORD))
    many = {f"word__media__{number}_bin": b"" for number in range(2_100)}
    assert "not unpacked" in str(unread(makers.repacked(docx(), **many), WORD))


def test_entities_are_not_unfolded() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    assert "entities" in str(unread(makers.repacked(docx(), word__document_xml=laughs), WORD))
    assert "entities" in str(unread(makers.repacked(odt(), content_xml=laughs), media_type(odt())))


def test_a_lie_about_sizes_ends_at_the_size() -> None:
    content = makers.repacked(docx(), word__document_xml=b" " * 1_000_000)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        packed = archive.getinfo("word/document.xml").compress_size.to_bytes(4, "little")
    small = content.replace(packed + (1_000_000).to_bytes(4, "little"), packed + (100).to_bytes(4, "little"))
    assert small != content
    assert "damaged" in str(unread(small, WORD))


@pytest.mark.parametrize("name", ["testWORD_macros.docm", "testEXCEL_macro_enabled_template.xltm"])
def test_macros_are_left_alone_and_the_text_is_read(name: str) -> None:
    content = (corpus("archive-hostile") / "tika-office" / name).read_bytes()
    assert office.text(content, media_type(content))


@pytest.mark.parametrize("name", [
    "testWORD_protected_passtika.docx", "testEXCEL_protected_passtika.xlsx", "protected_upper_case.docx",
])  # fmt: skip
def test_a_password_must_be_asked_for(name: str) -> None:
    content = next((CORPORA / "archive-hostile/tika-office").rglob(name)).read_bytes()
    done = read(content, recognise=False)
    assert Review.ENCRYPTED in done.record.needs_review


def test_files_of_older_programs_go_to_a_person() -> None:
    done = read((corpus("paperless-samples") / "tika/sample.doc").read_bytes(), recognise=False)
    assert Review.UNREADABLE_ORIGINAL in done.record.needs_review


@pytest.mark.parametrize("content", [docx()[:3000], docx()[:-200], b"PK\x03\x04" + b"\0" * 500])
def test_a_damaged_file_says_so(content: bytes) -> None:
    assert "damaged" in str(unread(content, WORD))
