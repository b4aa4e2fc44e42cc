"""The words of automatic replies."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import outbox.texts
from outbox.texts import Links, body, read, shipped, words
from records.deliveries import Kind, Medium, Reply
from records.templates import PLACEHOLDERS, placeholders
from tests.outbox.situations import GATEWAY, reply

LANGUAGES = ("ru", "en", "it", "zh")
MISSING = ("reporter.name", "reporter.phone", "description", "affected.address.city", "never.heard.of")
TMF621 = ("acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved")
TO = {Medium.MAIL: "galina@example.org", Medium.CHAT: "telegram:17"}
LINKS = Links(yes="https://desk.example/yes", no="https://desk.example/no")
EVERY = list(product(Kind, LANGUAGES, Medium))


def full(kind: Kind, language: str, medium: Medium = Medium.MAIL) -> Reply:
    return reply(
        kind,
        to=TO[medium],
        language=language,
        missing=MISSING,
        solution="1. Restart.\n2. {desk} <b>",
        status="inProgress",
        reporter_name="Галина Соколова",
    )


def test_the_four_languages_are_there() -> None:
    assert set(words()) == set(LANGUAGES)


@pytest.mark.parametrize(("kind", "language", "medium"), EVERY)
def test_every_kind_is_said_in_every_language_and_medium(kind: Kind, language: str, medium: Medium) -> None:
    template = placeholders(shipped(kind, language, medium))
    text = body(full(kind, language, medium), GATEWAY, links=LINKS)
    ours = text.replace("{desk} <b>", "")

    assert not set(ours) & set("{}<>%")
    assert ("FR-2026-0000007" in text) == ("number" in template)
    assert ("10:03 (MSK)" in text) == bool({"received", "until"} & template)
    assert ("2. {desk} <b>" in text) == ("solution" in template)
    assert text.count("\n- ") == (len(MISSING) if "missing" in template else 0)
    assert (LINKS.no in text) == ("links" in template)
    assert "\n\n\n" not in body(full(kind, language, medium), GATEWAY)


@pytest.mark.parametrize(("kind", "language"), list(product(Kind, LANGUAGES)))
def test_a_mail_greets_and_signs(kind: Kind, language: str) -> None:
    text = body(full(kind, language), GATEWAY)

    assert "Галина Соколова" in text.split("\n")[0]
    assert text.endswith("Aurora Net")
    assert 100 < len(text) < 1000 or language == "zh"


@pytest.mark.parametrize(("kind", "language"), list(product(Kind, LANGUAGES)))
def test_a_chat_is_short_and_speaks_of_no_mail(kind: Kind, language: str) -> None:
    template = shipped(kind, language, Medium.CHAT)

    assert len(template) < 300
    assert not {"greeting", "desk", "links"} & placeholders(template)
    assert not re.search(r"письм|mail|邮件|信", template)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words(language: str) -> None:
    english, own = words()["en"], words()[language]

    assert own.missing.keys() == english.missing.keys()
    assert own.status.keys() == english.status.keys() == {"other", *TMF621}
    for kind, medium in product(Kind, Medium):
        assert placeholders(shipped(kind, language, medium)) == placeholders(shipped(kind, "en", medium))


def test_every_placeholder_has_a_value() -> None:
    every = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)

    assert "{" not in body(reply(template=every), GATEWAY)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("{number}", "{numbr}", "xx.toml: kinds.receipt.mail: no placeholder is named {numbr}: did you mean {number}?"),
        ("{number}", "", "xx.toml: kinds.receipt.mail: {number} is missing"),
        ("{number}", "{number!r}", "xx.toml: kinds.receipt.mail: a brace"),
        ("{number}", "{", "xx.toml: kinds.receipt.mail: a brace"),
        ("[kinds.receipt]", "[kinds.recept]", "xx.toml: Invalid enum value 'recept'"),
        ("[kinds.receipt]\nmail =", "[kinds.receipt]\nletter =", "xx.toml: "),
        ("[missing]", "[mising]", "xx.toml: Object contains unknown field `mising`"),
    ],
)
def test_a_wrong_text_is_refused_by_its_name(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    english = (Path(outbox.texts.__file__).parent / "en.toml").read_text(encoding="utf-8")
    path = tmp_path / "xx.toml"
    path.write_text(english.replace(was, becomes), encoding="utf-8")

    with pytest.raises(ValueError, match=re.escape(told)):
        read(path)


def test_a_missing_kind_is_told(tmp_path: Path) -> None:
    english = (Path(outbox.texts.__file__).parent / "en.toml").read_text(encoding="utf-8")
    path = tmp_path / "xx.toml"
    path.write_text(re.sub(r"\[kinds.withdrawn\].*?\n\n\[", "[", english, flags=re.DOTALL), encoding="utf-8")

    with pytest.raises(ValueError, match=re.escape("xx.toml: [kinds.withdrawn] is missing")):
        read(path)


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
