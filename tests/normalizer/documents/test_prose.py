"""Lines become paragraphs, and every stretch of text is found again on its page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.paper.places import Places
from normalizer.paper.prose import prose, without_headers
from records.reading import Page, Word


@pytest.mark.parametrize(("lines", "expected"), [
    ("Третий день не работает интер-\nнет, лампочка красная.", "Третий день не работает интернет, лампочка красная."),
    ("Всё по-\nпрежнему не работает, ждём\nкого-\nнибудь.", "Всё по-прежнему не работает, ждём кого-нибудь."),
    ("С понедельника у меня не работает\nинтернет. На модеме горит красная\nлампочка.",
     "С понедельника у меня не работает интернет. На модеме горит красная лампочка."),
    ("从上周开始我家的宽带无法上网，光猫上\n的红灯一直闪烁。", "从上周开始我家的宽带无法上网，光猫上的红灯一直闪烁。"),
    ("我住在解放路15号，门牌是12\n03室，请尽快派人来修理。", "我住在解放路15号，门牌是1203室，请尽快派人来修理。"),
    ("One paragraph ends here.\n\nAnother one begins.", "One paragraph ends here.\n\nAnother one begins."),
    ("Телефон: 8 917 340-22-18\nАдрес: ул. Московская, 5", "Телефон: 8 917 340-22-18\nАдрес: ул. Московская, 5"),
    ("Не работает:\n- интернет\n- телевидение", "Не работает:\n- интернет\n- телевидение"),
    ("Если ремонт займёт больше недели, прошу пересчитать плату.\nС уважением\nПетров Иван\nПенза",
     "Если ремонт займёт больше недели, прошу пересчитать плату.\nС уважением\nПетров Иван\nПенза"),
])  # fmt: skip
def test_lines_of_a_letter_become_paragraphs(lines: str, expected: str) -> None:
    assert prose(lines) == expected


@pytest.mark.parametrize("line", [
    "20/11/2026 10:11  84951234567        ООО РОМАШКА          P. 01/03",
    "NOV-20-2026 10:11 FROM:ACME LTD TO:4951234567 P.1",
    "20.11.2026 10:11 8412456789 СТР 02", "2026-11-20 10:11 025 5823366 第1页",
    "11/20/26 09:05 FAX 555 1234 PAGE 001 OF 002",
])  # fmt: skip
def test_a_fax_machine_s_line_is_not_the_sender_s(line: str) -> None:
    assert without_headers(f"{line}\nНе работает интернет\n{line}\nс 10:30") == "Не работает интернет\nс 10:30"


@pytest.mark.parametrize(
    "line", ["Не работает с 10:30, ул. Кирова, д. 5", "Call after 18:30, flat 5/7 please", "в 9:15 стр. дом 7"]
)
def test_a_line_of_the_sender_stays(line: str) -> None:
    assert without_headers(line) == line


@settings(deadline=None)
@given(st.text("аб1 -\n.,:家X", max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    assert [letter for letter in prose(text) if letter.isalnum()] == [letter for letter in text if letter.isalnum()]


def page(*lines: str, number: int = 1, confidence: float = 0.9) -> Page:
    """Lay out words, a line a thousand high, a letter a hundred wide."""
    words = []
    for row, line in enumerate(lines):
        column = 0
        for word in line.split():
            words.append(
                Word(word, (column * 100, row * 1000, (column + len(word)) * 100, row * 1000 + 800), confidence)
            )
            column += len(word) + 1
    return Page(number=number, text="\n".join(lines), words=tuple(words))


def test_a_stretch_is_found_across_joined_lines_and_pages() -> None:
    pages = [page("не работает интер-", "нет, номер 8 917", number=1), page("340-22-18 Петров", number=2)]
    text = "не работает интернет, номер 8 917 340-22-18\nПетров"
    trail = Places(pages).along(text)
    joined = trail.place(text.index("интернет"), text.index("интернет") + 8)
    assert joined is not None
    assert (joined.page, joined.box) == (1, (0, 0, 1800, 1800))
    number = trail.place(text.index("8 917"), text.index("\n"))
    assert number is not None
    assert (number.page, number.box[1]) == (1, 1000)
    name = trail.place(text.index("Петров"), len(text))
    assert name is not None
    assert name.page == 2


def test_the_second_of_two_equal_words_is_not_taken_for_the_first() -> None:
    text = "дом 5, кв. 7\nэтаж 5"
    place = Places([page(*text.split("\n"))]).along(text).place(len(text) - 1, len(text))
    assert place is not None
    assert place.box[1] == 1000


def test_lines_that_were_left_out_do_not_lead_astray() -> None:
    place = Places([page("8 917 111", "> 8 917 222", "8 917 333")]).along("8 917 111\n8 917 333").place(10, 19)
    assert place is not None
    assert place.box[1] == 2000


def test_a_number_is_as_sure_as_its_worst_word() -> None:
    words = (Word("тел", (0, 0, 1, 1), 0.9), Word("8917", (1, 0, 2, 1), 0.95), Word("3402218", (2, 0, 3, 1), 0.4))
    place = Places([Page(number=1, text="тел 8917 3402218", words=words)]).along("тел 8917 3402218").place(0, 16)
    assert place is not None
    assert place.sure == 0.4


@settings(deadline=None)
@given(st.lists(st.lists(st.text("абв12-", min_size=1, max_size=6), min_size=1, max_size=5), min_size=1, max_size=5))
def test_every_letter_is_found_on_its_word(lines: list[list[str]]) -> None:
    written = page(*(" ".join(words) for words in lines))
    text, start = written.text, 0
    trail = Places([written]).along(text)
    for word in written.words:
        start = text.index(word.text, start)
        place = trail.place(start, start + len(word.text))
        if any(map(str.isalnum, word.text)):
            assert place is not None
            assert place.box == word.box
        start += len(word.text)
