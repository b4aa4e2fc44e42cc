"""`faultgate normalize`: one line a file, whatever the file is."""

import json
import os
from datetime import datetime, timedelta
from email.message import EmailMessage
from hashlib import md5, sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

import faultgate
from records.record import FaultRecord
from tests.gateway.running import command, json_lines, mail

REPORT = mail(
    "Здравствуйте! Вчера пропал интернет, лампочка LOS красная.\nг. Пенза, ул. Московская, д. 5, кв. 7\n"
    "Петров Иван Сергеевич, тел. 8 (917) 340-22-18\n\n> старое письмо",
    name="Ivan", Subject="Нет интернета", Cc="Chef <chef@mail.example>",
)  # fmt: skip
READING = {
    "subject", "from", "to", "cc", "reply_to", "date", "text", "new_text", "parts", "pages", "quoted_text", "signature",
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of every kind; `absent` and `folder` can't be opened."""
    folder = tmp_path_factory.mktemp("files")
    contents = {
        "report": REPORT,
        "text": "Не работает телефон, ул. Ленина, 5. Анна, 8 917 111-22-33".encode(),
        "koi8": "Не работает телефон третий день, трубка молчит".encode("koi8-r"),
        "empty": b"",
        "garbage": bytes(range(256)) * 8,
        "zeros": bytes(5000),
        "pdf": b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF",
        "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "telegram": json.dumps({"update_id": 1, "message": {"text": "Нет интернета"}}).encode(),
        "ticket": json.dumps({"@type": "TroubleTicket", "severity": "minor"}).encode(),
        "json": b'{"a": [1, 2}',
        "broken": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Tra",
        "advert": mail("Скидки! Отписаться: https://shop.example/u", Precedence="bulk", List_Unsubscribe="<x>"),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    return {name: folder / name for name in (*contents, "absent", "folder")}


@pytest.fixture(scope="module")
def told(files: dict[str, Path]) -> dict[str, dict[str, Any]]:
    """What one command said of every file."""
    done = command("normalize", "--reading", "--received-at", "2026-11-21T07:03:11Z", *files.values())
    assert done.returncode == 0, done.stderr
    lines = json_lines(done.stdout)
    assert len(lines) == len(files)
    return dict(zip(files, lines, strict=True))


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: object) -> tuple[int, str, str]:
    """Run the command in this process; gives status, output and errors."""
    monkeypatch.setattr("sys.argv", ["faultgate", *map(str, words)])
    try:
        status = faultgate.main()
    except SystemExit as end:
        status = int(end.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_file_has_its_line_in_order(told: dict[str, dict[str, Any]], files: dict[str, Path]) -> None:
    for name, line in told.items():
        size = files[name].stat().st_size if files[name].is_file() else 0
        assert line["original"]["size"] == size, name


def test_every_line_is_a_record_of_the_contract(told: dict[str, dict[str, Any]]) -> None:
    for line in told.values():
        public = {key: value for key, value in line.items() if key != "reading"}
        record = msgspec.convert(public, FaultRecord)
        assert record.id is None
        assert set(public) == set(FaultRecord.__struct_fields__)


def test_types_are_told_by_content(told: dict[str, dict[str, Any]]) -> None:
    expected = {
        "report": "message/rfc822", "broken": "message/rfc822", "text": "text/plain", "koi8": "text/plain",
        "pdf": "application/pdf", "png": "image/png", "telegram": "application/vnd.telegram-update+json",
        "ticket": "application/vnd.tmf621+json",
    }  # fmt: skip
    assert {name: told[name]["original"]["media_type"] for name in expected} == expected


def test_a_mail_gives_its_fields(told: dict[str, dict[str, Any]]) -> None:
    line = told["report"]
    assert line["order"] == "report"
    assert line["reporter"]["phone"] == "+79173402218"
    assert line["affected"]["address"]["street"] == "Московская"
    assert (line["service"], line["symptom"]) == ("broadband", "no_service")
    assert line["classification"]["disposition"] == "incident"
    assert "los-lamp" in line["classification"]["rule_hits"]
    assert line["since"] == "2026-11-20"  # "yesterday" of the given time of arrival


def test_a_text_is_a_report_too(told: dict[str, dict[str, Any]]) -> None:
    assert told["text"]["reporter"]["phone"] == "+79171112233"
    assert told["koi8"]["description"].startswith("Не работает телефон")


def test_an_advertisement_is_no_fault(told: dict[str, dict[str, Any]]) -> None:
    assert told["advert"]["order"] == "not_a_fault"
    assert told["advert"]["machine_mail"] == "bulk"


@pytest.mark.parametrize("name", ["garbage", "zeros", "pdf", "png", "absent", "folder", "json"])
def test_what_can_t_be_read_needs_a_person(told: dict[str, dict[str, Any]], name: str) -> None:
    assert told[name]["needs_review"], name
    assert told[name]["classification"]["disposition"] != "typical_fix"


def test_a_file_that_can_t_be_opened_says_so(told: dict[str, dict[str, Any]]) -> None:
    assert "unreadable_original" in told["absent"]["needs_review"]
    assert "unreadable_original" in told["folder"]["needs_review"]


def test_the_reading_has_what_was_read(told: dict[str, dict[str, Any]]) -> None:
    reading = told["report"]["reading"]
    assert set(reading) >= READING
    assert reading["subject"] == "Нет интернета"
    assert reading["from"] == {"name": "Ivan", "address": "ivan@mail.example"}
    assert reading["cc"] == [{"name": "Chef", "address": "chef@mail.example"}]
    assert "старое письмо" in reading["text"]
    assert "старое письмо" not in reading["new_text"]
    assert (reading["parts"], reading["pages"]) == ([], [])


def test_parts_are_listed_with_their_hashes(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"] = "a@b.example"
    letter.set_content("no internet, see picture")
    letter.add_attachment(b"hello", maintype="application", subtype="octet-stream", filename="../log.bin")
    (tmp_path / "a.eml").write_bytes(letter.as_bytes())
    done = command("normalize", "--reading", tmp_path / "a.eml")
    [line] = json_lines(done.stdout)
    [part] = line["reading"]["parts"]
    assert set(part) >= {"path", "name", "media_type", "size", "md5", "problem"}
    assert (part["name"], part["size"], part["problem"]) == ("log.bin", 5, None)
    assert part["md5"] == md5(b"hello").hexdigest()  # noqa: S324 - the contract's key
    assert line["attachments"][0]["sha256"] == sha256(b"hello").hexdigest()


def test_without_reading_there_is_none(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output, _ = run(capsys, monkeypatch, "normalize", files["text"])
    assert status == 0
    assert "reading" not in json.loads(output)


@pytest.mark.parametrize(
    ("given", "received_at"),
    [
        ("2026-11-21T10:03:11+03:00", "2026-11-21T07:03:11Z"),
        ("2026-11-21T07:03:11Z", "2026-11-21T07:03:11Z"),
        ("2026-11-21T10:03:11", "2026-11-21T07:03:11Z"),  # without offset it is the desk's clock: Moscow
        ("2026-11-21", "2026-11-20T21:00:00Z"),
    ],
)
def test_the_time_of_arrival_is_kept_in_utc(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    given: str, received_at: str,
) -> None:  # fmt: skip
    status, output, _ = run(capsys, monkeypatch, "normalize", "--received-at", given, files["empty"])
    line = json.loads(output)
    assert (status, line["received_at"]) == (0, received_at)
    assert datetime.fromisoformat(line["due_at"]) - datetime.fromisoformat(received_at) == timedelta(hours=2)


@pytest.mark.parametrize("given", ["", "yesterday", "2026-13-01", "0001-01-01", "9999-12-31T23:59:59"])
def test_a_time_that_is_none_is_refused(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    status, output, errors = run(capsys, monkeypatch, "normalize", "--received-at", given, files["empty"])
    assert (status, output) == (2, "")
    assert "--received-at" in errors


def test_a_channel_lends_language_region_and_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring, letter = tmp_path / "desk.toml", tmp_path / "letter"
    wiring.write_text(
        "[channels.penza]\nkind = 'smtp'\n[channels.milano]\nkind = 'smtp'\nlanguage = 'it'\nregion = 'IT'\nrule = 30\n"
    )
    letter.write_text("Internet non funziona, Marco Bianchi, tel. 347 123 4567, via Garibaldi 21")
    words = ("normalize", "--config", wiring, "--received-at", "2026-11-21T07:00:00Z")
    lines = {}
    for name in ("penza", "milano"):
        status, output, _ = run(capsys, monkeypatch, *words, "--channel", name, letter)
        assert status == 0
        lines[name] = json.loads(output)
    assert (lines["milano"]["channel"], lines["milano"]["due_at"]) == ("milano", "2026-11-21T07:30:00Z")
    assert lines["milano"]["reporter"]["phone"] == "+393471234567"
    assert lines["penza"]["channel"] == "penza"
    status, output, errors = run(capsys, monkeypatch, *words, "--channel", "roma", letter)
    assert (status, output) == (1, "")
    assert "penza, milano" in errors


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, output, _ = run(capsys, monkeypatch, "normalize", "--json-schema")
    assert status == 0
    assert json.loads(output) == json.loads(json.dumps(msgspec.json.schema(FaultRecord)))


def test_nothing_is_stored(files: dict[str, Path], tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text(f"[gateway]\ndata = '{tmp_path}/data'\n")
    assert command("normalize", "--config", wiring, files["text"]).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["desk.toml"]


def test_a_terminal_s_encoding_loses_no_letter(files: dict[str, Path]) -> None:
    done = command("normalize", files["text"], env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert json_lines(done.stdout)[0]["description"].startswith("Не работает телефон")


def test_where_no_reader_can_start_it_says_so(
    tmp_path: Path, files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "absent"))
    status, output, errors = run(capsys, monkeypatch, "normalize", files["text"])
    assert (status, output) == (1, "")
    assert "no reader" in errors


def test_a_file_that_no_reader_survives_has_its_line(
    tmp_path: Path, files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text("[readers]\nmemory = 1000000\n")  # too little for anything
    status, output, _ = run(capsys, monkeypatch, "normalize", "--config", wiring, files["text"], files["report"])
    assert status == 0
    assert ["quarantined" in json.loads(line)["needs_review"] for line in output.splitlines()] == [True, True]


def test_an_error_of_the_wiring_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "desk.toml").write_text("[gatway]")
    status, output, errors = run(capsys, monkeypatch, "normalize", "--config", tmp_path / "desk.toml")
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    assert "did you mean `gateway`?" in errors
