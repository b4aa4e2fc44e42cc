"""The words of automatic replies."""

import re
import string
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from outbox.texts import body, words
from records.deliveries import Kind, Reply
from tests.outbox.situations import GATEWAY, reply

LANGUAGES = ("ru", "en", "it", "zh")
MISSING = ("reporter.name", "reporter.phone", "description", "affected.address.city", "never.heard.of")
TMF621 = ("acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved")


def full(kind: Kind, language: str) -> Reply:
    return reply(
        kind,
        language=language,
        missing=MISSING,
        solution="1. Restart.\n2. {desk} <b>",
        status="inProgress",
        reporter_name="Галина Соколова",
    )


def test_the_four_languages_are_there() -> None:
    assert set(words()) == set(LANGUAGES)


@pytest.mark.parametrize(("kind", "language"), list(product(Kind, LANGUAGES)))
def test_every_kind_is_said_in_every_language(kind: Kind, language: str) -> None:
    text = body(full(kind, language), GATEWAY)
    ours = text.replace("{desk} <b>", "")

    assert not set(ours) & set("{}<>%")
    assert "FR-2026-0000007" in text
    assert "Галина Соколова" in text
    assert text.endswith("Aurora Net")
    assert 100 < len(ours) < 1000 or language == "zh"
    if kind is not Kind.PROGRESS:
        assert "10:03 (MSK)" in text
    if kind is Kind.SOLUTION:
        assert "2. {desk} <b>" in text
    if kind is Kind.QUESTION:
        assert text.count("\n- ") == len(MISSING)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    english, own = words()["en"], words()[language]

    assert own.missing.keys() == english.missing.keys()
    assert own.status.keys() == english.status.keys() == {"other", *TMF621}
    for kind in Kind:
        assert _fields(getattr(own, kind)) == _fields(getattr(english, kind))


def _fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_speaks_its_own_script(language: str) -> None:
    text = body(replace(full(Kind.QUESTION, language), reporter_name=None), GATEWAY)
    scripts = {"ru": r"[А-Яа-яё]", "zh": r"[\u4e00-\u9fff]"}
    own = re.findall(scripts.get(language, r"[A-Za-zàèéìòù]"), text)
    foreign = [found for other, script in scripts.items() if other != language for found in re.findall(script, text)]

    assert len(own) > 80
    assert foreign == []


def test_two_names_for_one_thing_are_asked_once() -> None:
    text = body(reply(Kind.QUESTION, missing=("affected.address.city", "affected.address.street")), GATEWAY)

    assert text.count("\n- ") == 1


@pytest.mark.parametrize(
    ("status", "said"), [("resolved", "marked as solved"), ("lost", "specialists"), (None, "spec")]
)
def test_the_progress_is_told_in_words(status: str | None, said: str) -> None:
    assert said in body(reply(Kind.PROGRESS, status=status), GATEWAY)


@pytest.mark.parametrize(
    "name",
    [
        "buy at www.evil.example now",
        "evil.com",
        "Win 1000",
        "a@b.example",
        "x" * 61,
        "",
        None,
        "<b>Bob</b>",
        "{number}",
        "…" * 100_000,
        " " * 100_000,
    ],
)
def test_what_is_no_name_is_not_greeted(name: str | None) -> None:
    assert body(reply(reporter_name=name), GATEWAY).startswith("Hello,\n")


@pytest.mark.parametrize("name", ["Иванов И.И.", "Пётр Ильич", "张伟", "D'Angelo Anna-Maria", "Jean Luc P. Picard"])
def test_a_name_is_greeted(name: str) -> None:
    assert body(reply(reporter_name=f"  {name}\n"), GATEWAY).startswith(f"Hello {name},\n")


@settings(deadline=None)
@given(st.text(max_size=100))
def test_no_name_brings_a_line_or_a_link(name: str) -> None:
    first = body(reply(reporter_name=name), GATEWAY).split("\n")[0]

    assert first == "Hello," or not set(first) & set("@:/<>{}0123456789")
    assert body(reply(reporter_name=name), GATEWAY).count("\n") == body(reply(), GATEWAY).count("\n")
