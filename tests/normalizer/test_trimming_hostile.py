"""Texts made to kill a parser: each would take minutes, or the stack, if the work were not linear."""

import pytest

from normalizer.trimming import trim

QUOTE = "On 19 Nov 2026, a <a@b.example> wrote:\n"
FORWARD = "---- Forwarded message ----\nFrom: a@b.example\nDate: 19 Nov 2026 10:00\n\nx\n"

TEXTS = {
    "opener": "On " * 3_000,
    "marked openers": "> On a\n" * 5_000,
    "spaces": " " * 10_000 + "x" + " " * 100_000,
    "marks": ">" * 100_000,
    "marked lines": ">\n" * 50_000,
    "blank lines": "a\n" + "\n" * 100_000 + "> a",
    "unfinished attributions": "On 19 Nov 2026,\n" * 20_000,
    "attributions": QUOTE * 20_000,
    "attributions with quotations": (QUOTE + "> x\n\ny\n") * 8_000,
    "labels": "From: a@b.example\nDate: 2026\n" * 10_000,
    "recipients below rules": "-----\nTo: a\nSubject: b\n" * 10_000,
    "forwards": "---- Forwarded message ----\n" * 20_000,
    "forwards in forwards": FORWARD * 8_000,
    "rules": "-----\n" * 20_000,
    "signatures": "--\na\n" * 20_000,
    "closings": "С уважением\n+7 900 111-22-33\n" * 10_000,
    "devices": "Sent from my iPhone\n" * 20_000,
    "notices": "\nconfidential intended recipient\n" * 10_000,
    "digits": "1" * 100_000,
    "letters": "a" * 100_000,
    "addresses": "a@b.example " * 20_000,
    "wrapped addresses": "a@b.example <\n" * 20_000,
    "marks between lines": "> a\nb\n" * 30_000,
    "label and spaces": "From" + " " * 90_000 + ":",
    "long words before colons": ("a." * 190 + ":\n") * 300,
    "dates before colons": ("1 " * 190 + ":\n") * 300,
    "entities": "&gt;" * 30_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_work_is_linear(name: str) -> None:
    told = trim(TEXTS[name])
    kept = len(told.new_text) + len(told.quoted_text) + len(told.signature)
    assert kept <= len(TEXTS[name]) + len(TEXTS[name].splitlines()) + 1


@pytest.mark.parametrize("name", ["forwards in forwards", "attributions with quotations", "labels"])
def test_work_is_linear_for_forwarded_mail(name: str) -> None:
    assert trim(TEXTS[name], subject="Fwd: x", own_domains=("aurora.example",)).new_text
