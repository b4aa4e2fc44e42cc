"""A yes, a no, or more than that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.verdict import verdict

YES = (
    "да", "Да.", "Да, спасибо!", "Да, всё работает, спасибо большое", "Проблема решена", "Заработало, спасибо", "yes",
    "Yes, it works now. Thank you very much!", "Solved, thanks", "OK", "+", "Sì", "si, grazie mille",
    "Sì, tutto funziona", "是", "是的，谢谢", "好了", "已解决，谢谢您", "问题已经解决了", "恢复了",
)  # fmt: skip
NO = (
    "нет", "Нет!", "Нет, не работает", "Нет. Интернет так и не появился, позвоните мне", "не решена", "не помогло",
    "Проблема не решена", "no", "No, still no picture", "not solved", "No, it is not working", "-", "still not working",
    "non funziona", "No, non è risolto", "ancora niente", "否", "没好", "没有解决", "还没好，网络还是断的", "没有",
)  # fmt: skip
NEITHER = (
    "", "   ", "?!", "спасибо", "Нет, всё работает", "no, it works", "Да, но вечером опять пропадает",
    "Да, приезжал мастер, но телевизор не показывает", "Когда придёт мастер?", "yes but the phone is dead", "thanks",
    "Интернет работает, а телефон нет", "好像又断了", "你好", "谢谢", "да " * 200,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [(text, said) for texts, said in ((YES, True), (NO, False), (NEITHER, None)) for text in texts],
)
def test_what_is_said(text: str, said: bool | None) -> None:  # noqa: FBT001 - a case
    assert verdict(text) is said


@given(st.text(max_size=50))
def test_a_yes_with_a_but_is_none(more: str) -> None:
    assert verdict(f"да но {more}") is None


@pytest.mark.parametrize("text", ["да" * 100_000, "не " * 100_000, "是" * 100_000, " " * 100_000])
def test_a_long_text_is_judged_at_once(text: str) -> None:
    assert verdict(text) is not True
