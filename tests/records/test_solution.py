"""What a typical solution must have before a customer may be sent it."""

import pytest
from msgspec.structs import replace

from records.solution import PROBLEMS, Solution, Text, WrongSolution, checked, checked_key, is_doubtful
from records.words import Service

FACTS = frozenset({"red_lamp", "service:iptv"})
ONE = Solution(
    services=frozenset({Service.IPTV}), symptoms=frozenset(), words={"ru": ("нет звука",)},
    text={"ru": Text(title="Звук", steps=("Нажмите MUTE.",)), "it": Text(title="Audio", steps=("Premi MUTE.",))},
    not_when=frozenset({"red_lamp"}),
)  # fmt: skip


def text(title: str = "Звук", *steps: str) -> dict[str, Text]:
    return {"ru": Text(title=title, steps=steps or ("Нажмите.",))}


def test_a_language_without_customers_words_has_none() -> None:
    assert checked(ONE, FACTS).words == {"ru": ("нет звука",), "it": ()}


@pytest.mark.parametrize(
    ("problem", "changes"),
    [
        ("service", {"services": frozenset()}), ("text", {"text": {}, "words": {}}),
        ("language", {"text": {"de": Text(title="Ton", steps=("x",))}, "words": {}}),
        ("title", {"text": text(" ")}), ("title", {"text": text("x" * 201)}),
        ("title", {"words": {"en": ("no sound",)}}),
        ("steps", {"text": {"ru": Text(title="x", steps=())}}), ("steps", {"text": text("x", *["y"] * 21)}),
        ("steps", {"text": text("x", "y" * 1001)}), ("steps", {"text": text("x", " ")}),
        ("words", {"words": {"ru": ("x",) * 61}}), ("words", {"words": {"ru": ("x" * 201,)}}),
        ("control", {"text": text("x", "a\x00b")}), ("control", {"text": text("x\ud800")}),
        ("control", {"text": text("Subject\r\nBcc: x")}),
        ("fact", {"not_when": frozenset({"red_lmp"})}), ("fact", {"conditions": frozenset({"service:fax"})}),
        ("facts", {"conditions": frozenset(map(str, range(31)))}),
    ],
)  # fmt: skip
def test_what_can_t_be_sent_is_refused(problem: str, changes: dict[str, object]) -> None:
    with pytest.raises(WrongSolution) as wrong:
        checked(replace(ONE, **changes), FACTS)
    assert wrong.value.problem == problem
    assert problem in PROBLEMS


@pytest.mark.parametrize("key", ["", "a", "Wifi", "wi fi", "пароль", "a/b", "x" * 61, "a_b", "../x"])
def test_a_name_is_plain(key: str) -> None:
    with pytest.raises(WrongSolution):
        checked_key(key)


def test_ten_answers_of_which_fewer_than_half_helped_speak_against_it() -> None:
    assert [is_doubtful(4, 6), is_doubtful(5, 5), is_doubtful(0, 9), is_doubtful(0, 10)] == [True, False, False, True]
