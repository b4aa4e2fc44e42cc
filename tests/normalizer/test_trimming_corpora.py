"""Trimming measured against replies of the world, as plain text."""

import json
from pathlib import Path

from normalizer.trimming import trim
from tests.conftest import CORPORA, unavailable


def _corpus(name: str) -> Path:
    path = CORPORA / name
    if not path.exists():
        unavailable(f"{path} is not there")
    return path


def _same(text: str, expected: str) -> bool:
    return trim(text).new_text.split() == expected.split()


def test_quotations_of_our_four_languages() -> None:
    lines = _corpus("reports/quotes.jsonl").read_text().splitlines()
    wrong = []
    for case in map(json.loads, lines):
        new = trim(case["text"]).new_text
        if not all(word in new for word in case["keep"]) or any(word in new for word in case["drop"]):
            wrong.append(case["id"])
    assert lines
    assert not wrong


def test_replies_to_a_forum() -> None:
    folder = _corpus("reply-discourse-trimmer")
    mails = sorted((folder / "emails").iterdir())
    right = sum(_same(mail.read_text(), (folder / "trimmed" / mail.name).read_text()) for mail in mails)
    assert right >= 0.9 * len(mails)


def test_replies_in_a_chat() -> None:
    folder = _corpus("reply-crisp")
    expected = json.loads((folder / "expected.shared.json").read_text())
    right = sum(_same((folder / name).read_text(), told["visible_reply"]) for name, told in expected.items())
    assert right >= 0.9 * len(expected)


def test_whole_reports_lose_no_word_but_quotation_and_signature() -> None:
    for report in map(json.loads, _corpus("reports/reports.jsonl").read_text().splitlines()):
        told = trim(report["text"])
        kept = f"{told.new_text}\n{told.quoted_text}\n{told.signature}"
        lost = {word for word in report["text"].split() if word not in kept and word.strip("-")}
        assert not lost - {"Отправлено", "iPhone", "Конец", "пересылаемого", "сообщения"}, report["id"]
