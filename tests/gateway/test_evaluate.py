"""`faultgate evaluate`: figures of labelled reports as text and as a page."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from gateway.evaluate import evaluate

AT = datetime(2026, 11, 20, 14)  # noqa: DTZ001 - the desk's time
LINES: list[dict[str, Any]] = [
    {"id": "one", "text": "Не работает интернет с 18 ноября. Договор 104523. Иванов Пётр Сергеевич, 8 917 123-45-67",
     "gold": {"reporter.name": "Иванов Пётр Сергеевич", "affected.account": "104523", "since": "2026-11-18",
              "classification.disposition": "incident"}},
    {"text": "как сменить пароль от wifi?", "gold": {"affected.account": "<b>1</b>", "service": "telephony",
                                                     "classification.disposition": "typical_fix"}},
]  # fmt: skip


def file(tmp_path: Path, lines: list[dict[str, Any]]) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_figures_and_page_tell_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "q.html"
    assert evaluate(Settings(), file(tmp_path, LINES), AT, page) == 0
    told = capsys.readouterr().out
    assert "2 reports; 1 of 4 values are wrong (25.0%)" in told
    assert "line 2    service" in told
    html = page.read_text(encoding="utf-8")
    assert "<strong>1 of 4</strong>" in html
    assert html.count("<svg") == 2
    assert "http" not in html  # it needs nothing from elsewhere
    assert "<b>1</b>" not in html


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ('{"gold": {}}', r"line 1: .*missing required field `text`"),
        ("not json", r"line 1: .*a line is"),
        (None, "No such file"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, content: str | None, remedy: str) -> None:
    path = tmp_path / "wrong.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(LookupError, match=remedy):
        evaluate(Settings(), path, AT, None)


def test_an_empty_file_is_no_crash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(Settings(), file(tmp_path, []), AT, tmp_path / "q.html") == 0
    assert "0 reports" in capsys.readouterr().out
