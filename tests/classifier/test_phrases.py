from pathlib import Path

import pytest

import classifier
from classifier import Knowledge
from classifier.phrases import Phrasebook
from classifier.tokens import BREAK, HEAD, TAIL, tokens

WORDS = Path(classifier.__file__).parent / "words"


def book(folder: Path, *phrases: str) -> Phrasebook:
    quoted = ", ".join(f'"{phrase}"' for phrase in phrases)
    (folder / "xx.toml").write_text(f'[lists]\nnet = ["web", "net*"]\n[meanings]\nit = [{quoted}]\n', encoding="utf-8")
    return Phrasebook.load(folder)


@pytest.mark.parametrize(
    ("phrase", "said", "unsaid"),
    [
        ("cable", "the Cable", "cables"),
        ("cabl*", "cables", "able"),
        ("red|blue lamp", "blue lamp", "lamp red"),
        ("cable ~1 cut", "cable was cut", "cable was never cut"),
        ("cable ~1 cut", "cable cut", "cable was badly cut"),
        ("cable ~2 cut", "cable badly cut", "cable. Cut"),
        ("error #", "error 12", "error x"),
        ("# days", "3 days", "x days"),
        ("no <net>", "no network", "no lamp"),
        ("lamp red^", "lamp red", "lamp red не"),
        ("!cable", "no cable", "no wire"),
        ("红灯|黄灯 ~1 亮", "黄灯在亮", "绿灯在亮"),
    ],
)
def test_the_notation(tmp_path: Path, phrase: str, said: str, unsaid: str) -> None:
    phrases = book(tmp_path, phrase)

    assert phrases.meanings_in(tokens(said)) == {"it"}
    assert phrases.meanings_in(tokens(unsaid)) == set()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("обрыв", True),
        ("нет обрыва", False),
        ("не вижу обрыва", False),
        ("не обрыв", False),
        ("интернета нет обрыв кабеля", True),
        ("Не знаю, обрыв или что", True),
        ("senza обрыв", False),
        ("it is not обрыв", False),
    ],
)
def test_a_negation_before_a_phrase_turns_it(tmp_path: Path, said: str, found: bool) -> None:  # noqa: FBT001
    assert bool(book(tmp_path, "обрыв*").meanings_in(tokens(said))) == found


@pytest.mark.parametrize("phrase", ["", "no <lamp>", "cable  |", "^", "cut|*"])
def test_what_is_not_in_the_notation_is_refused(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(ValueError, match="it: "):
        book(tmp_path, phrase)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Нe рабoтaeт интepнeт", ["не", "работает", "интернет"]),  # Latin letters in Russian words
        ("пр0шу п0чинить 3 канала", ["прошу", "починить", "3", "канала"]),
        ("Wi-Fi, вай фай и вайфая", ["wifi", BREAK, "wifi", "и", "wifi"]),
        ("doesn’t l'internet", ["doesnt", "l", "internet"]),
        ("Alfa S.r.l. scrive", ["alfa", "srl", BREAK, "scrive"]),
        ("IPTV机顶盒1305", ["iptv", "机", "顶", "盒", "1305"]),
        ("ТВ-приставка", ["тв", "приставка"]),
        ("ЁЛКА", ["елка"]),
        ("", []),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize("bomb", [" ", ">", "a", "9", "не ", "нет интернета ", "\n\n", "ﷺ", "断", "a'", "вай"])
def test_a_huge_text_is_bounded(knowledge: Knowledge, bomb: str) -> None:
    words = tokens(bomb * 100_000)

    assert len(words) <= 20 * (HEAD + TAIL)
    assert knowledge.phrases.meanings_in(words) <= knowledge.phrases.meanings


def test_all_languages_have_words_for_all_meanings(knowledge: Knowledge) -> None:
    for file in WORDS.glob("*.toml"):
        other = file.parent / file.name
        assert f"{file.stem}.toml" == other.name
        meanings = {line.split(" = ")[0] for line in file.read_text(encoding="utf-8").splitlines() if " = [" in line}
        assert knowledge.phrases.meanings <= meanings
