"""PDFs: the text layer where it can be trusted, the picture where not, and reasons where neither helps."""

import pytest
from PIL import Image

from normalizer.paper.pdf import Damaged, Locked, Pdf
from records.reading import Page
from records.words import Review
from tests import pages
from tests.conftest import CORPORA
from tests.normalizer.documents import makers
from tests.normalizer.documents.reading import read
from tests.normalizer.mails import corpus
from tests.page_texts import letter


def text_of(content: bytes, number: int = 1) -> Page:
    page = Pdf(content).text(number)
    assert page is not None
    return page


@pytest.mark.parametrize("language", ["ru", "it", "en"])
def test_a_text_layer_gives_every_word_and_where_it_stands(language: str) -> None:
    written = letter(language, 3).text
    page = text_of(makers.letter_pdf(written, size=9))
    assert page.text.split() == written.split()
    assert [word.text for word in page.words] == written.split()
    assert {word.confidence for word in page.words} == {1.0}
    tops = [word.box[1] for word in page.words]
    assert tops == sorted(tops)
    assert all(
        0 <= left < right <= 10_000 and 0 <= top < bottom <= 10_000
        for left, top, right, bottom in (word.box for word in page.words)
    )


def test_fields_point_to_their_words() -> None:
    lines = ["Абонент: Петров Иван Сергеевич", "Телефон: 8 (917) 340-22-18", "Не работает интернет с 18.11.2026."]
    done = read(makers.letter_pdf("\n".join(lines)))
    evidence = done.record.evidence["reporter.phone"]
    assert done.record.reporter.phone == "+79173402218"
    assert (evidence.page, evidence.where) == (1, "page 1")
    assert evidence.box is not None
    words = [word for word in done.reading.pages[0].words if word.text in {"8", "(917)", "340-22-18"}]
    assert evidence.box[0] == words[0].box[0]
    assert evidence.box[2] == words[-1].box[2]


def test_a_table_of_two_columns_is_labels_and_values() -> None:
    rows = [("ФИО", "Петров Иван"), ("Телефон", "8 917 340-22-18"), ("Адрес", "ул. Московская, д. 5")]
    words = [(x, 100 + 20 * n, text) for n, row in enumerate(rows) for x, text in zip((65, 205), row, strict=True)]
    content = makers.text_pdf(words, rules=makers.grid((60, 200, 400), (86, 106, 126, 146)))
    assert text_of(content).text.split("\n") == [
        "ФИО: Петров Иван", "Телефон: 8 917 340-22-18", "Адрес: ул. Московская, д. 5",
    ]  # fmt: skip


def test_a_wider_table_has_its_labels_in_the_first_row() -> None:
    rows = [("Услуга", "Договор", "Адрес"), ("Интернет", "61-2044", "Кирова 5"), ("ТВ", "61-2045", "Кирова 7")]
    words = [(x, 100 + 20 * n, text) for n, row in enumerate(rows) for x, text in zip((65, 165, 265), row, strict=True)]
    content = makers.text_pdf(words, rules=makers.grid((60, 160, 260, 400), (86, 106, 126, 146)))
    assert text_of(content).text.split("\n") == [
        "Услуга: Интернет", "Договор: 61-2044", "Адрес: Кирова 5", "Услуга: ТВ", "Договор: 61-2045", "Адрес: Кирова 7",
    ]  # fmt: skip


def test_what_was_filled_into_a_form_stands_beside_its_label() -> None:
    fields = [
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(phone)/TU(Phone)/V(07700 900123)/Rect[150 690 300 710]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/TU(Your name)/V(Ann Lee)/Rect[150 640 300 660]>>",
    ]
    content = makers.page_pdf(
        makers.said(b"Telephone"), *fields, page=b"/Annots[6 0 R 7 0 R]", catalog=b"/AcroForm<</Fields[6 0 R 7 0 R]>>"
    )
    assert text_of(content).text.split("\n") == ["Telephone: 07700 900123", "Your name: Ann Lee"]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"the left column says this in line {n}" for n in range(9)]
    right = [f"and the right one goes on with {n}" for n in range(9)]
    words = [
        (x, 100 + 16 * n, text)
        for n, pair in enumerate(zip(left, right, strict=True))
        for x, text in zip((50, 320), pair, strict=True)
    ]
    lines = text_of(makers.text_pdf(words, size=9)).text.split("\n")
    assert [line for line in lines if line] == [*left, *right]


def test_a_scanned_page_is_recognised_and_a_fax_keeps_its_own_dots() -> None:
    faxed = pages.fax(pages.render(letter("en", 4).text, "en", 4), 4)
    wrapped = makers.picture_pdf(faxed)
    sheet = Pdf(wrapped).sheet(1)
    assert sheet.pixels.shape == (faxed.height, faxed.width)
    assert sheet.bilevel
    done = read(wrapped, language="en")
    assert done.record.reporter.phone == letter("en", 4).phone
    assert done.reading.pages[0].language == "en"
    assert pages.character_errors(letter("en", 4).text, done.reading.text) < 0.05


def test_a_line_stamped_on_a_scan_does_not_make_it_text() -> None:
    page = Image.new("L", (600, 800), 255)
    page.paste(0, (100, 100, 200, 110))
    scanned = Pdf(makers.picture_pdf(page, dpi=72))
    assert scanned.text(1) is None


def test_pages_are_read_each_in_its_own_way() -> None:
    mixed = Pdf((CORPORA / "dedoc-ru/pdf_auto/mixed_pdf.pdf").read_bytes())
    assert mixed.text(1) is None
    assert mixed.text(2) is not None


@pytest.mark.parametrize("name", ["english_doc_bad_text", "../../ocrmypdf-resources/truetype_font_nomapping"])
def test_a_text_layer_of_unknown_letters_is_not_believed(name: str) -> None:
    assert Pdf((corpus("dedoc-ru") / f"pdf_auto/{name}.pdf").read_bytes()).text(1) is None


def test_without_time_for_pictures_the_report_waits_for_a_child_that_has_it() -> None:
    scanned = makers.picture_pdf(pages.render("Нет интернета", "ru", 1))
    assert read(scanned, recognise=False).wants_recognition
    assert not read(makers.letter_pdf("Нет интернета, Петров, 8 917 340-22-18"), recognise=False).wants_recognition


def test_only_the_asked_pages_are_read() -> None:
    content = makers.text_pdf(
        *([(60, 60, f"page {word} of this original, with enough text to count")] for word in ("one", "two", "three"))
    )
    done = read(content, pages=(2, 3))
    assert [page.number for page in done.reading.pages] == [2, 3]
    assert "two" in done.reading.text
    assert "one" not in done.reading.text


def test_of_many_pages_the_first_fifty_are_read_and_the_rest_is_told() -> None:
    done = read(makers.text_pdf(*([(60, 60, f"page number {n} of a very long letter")] for n in range(1, 54))))
    assert [page.number for page in done.reading.pages if page.text] == list(range(1, 51))
    assert Review.TRUNCATED in done.record.needs_review
    assert "not recognised" in (done.reading.pages[50].problem or "")


@pytest.mark.parametrize("path", [
    "pdfplumber-pdfs/password-example.pdf", "paperless-samples/documents/password-is-test.pdf",
    "pdf-hostile/qpdf/enc-R3,V2,U=view,O=view.pdf",
])  # fmt: skip
def test_a_password_must_be_asked_for(path: str) -> None:
    content = (CORPORA / path).read_bytes()
    with pytest.raises(Locked):
        Pdf(content)
    done = read(content)
    assert Review.ENCRYPTED in done.record.needs_review
    assert "password" in " ".join(done.reading.notes)


def test_an_empty_password_is_none() -> None:
    done = read((corpus("pdf-hostile") / "qpdf/enc-R3,V2.pdf").read_bytes())
    assert Review.ENCRYPTED not in done.record.needs_review
    assert done.reading.text


@pytest.mark.parametrize("content", [b"%PDF-", b"%PDF-1.4\n" + b"garbage " * 900, b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_but_in_name_goes_to_a_person(content: bytes) -> None:
    with pytest.raises(Damaged):
        Pdf(content)
    assert Review.UNREADABLE_ORIGINAL in read(content).record.needs_review


def test_what_a_pdf_carries_is_told_and_not_opened() -> None:
    names = b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert(1))>>]>>/EmbeddedFiles<</Names[]>>>>"
    done = read(makers.page_pdf(makers.said(b"No internet since Monday, please call"), catalog=names))
    assert any("scripts, attached files" in note for note in done.reading.notes)
    assert "No internet" in done.reading.text
