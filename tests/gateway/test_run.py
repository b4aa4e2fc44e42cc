"""`faultgate run`, and the commands that look into its archive."""

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.gateway.running import FAULTGATE, ROOT, Running, command, eventually, mail

LOS = "Второй день нет интернета, горит красная лампочка LOS. Пенза, ул. Московская, д. 5, кв. 7.\n"
REPORT = mail(LOS + "Петров Иван Сергеевич, тел. 8 (917) 340-22-18\n", Subject="Нет интернета")
ADVERT = mail("Скидки! Только сегодня! Отписаться: https://shop.example/u", sender="offers@shop.example",
              Subject="Скидки до 70%", List_Unsubscribe="<https://shop.example/u>", Precedence="bulk")  # fmt: skip


@pytest.fixture(scope="module")
def worked(running: Running) -> Running:
    """The gateway after two mails: a report with its ticket, and an advertisement."""
    running.send(REPORT)
    running.send(ADVERT, "offers@shop.example")
    running.ticketed(1)
    eventually(lambda: all(one["order"] for one in running.records()), "both are read")
    return running


def report(worked: Running) -> str:
    return str(next(one["id"] for one in worked.records() if one["order"] == "report"))


def test_it_prints_its_addresses_then_ready(running: Running) -> None:
    *addresses, last = running.said
    assert last == "ready"
    door, desk = sorted(addresses, reverse=True)
    assert door.startswith("mail: smtp://127.0.0.1:")
    assert desk.startswith("desk: http://127.0.0.1:")
    assert running.port > 0


def test_a_mail_becomes_a_record_and_a_ticket(worked: Running) -> None:
    told = next(one for one in worked.records() if one["order"] == "report")
    assert told["channel"] == "mail"
    assert told["reporter"]["phone"] == "+79173402218"
    assert told["classification"]["disposition"] == "incident"
    assert told["original"]["size"] >= len(REPORT)
    [ticket] = told["tickets"]
    assert ticket.startswith("desk: ")


def test_an_advertisement_is_kept_and_has_no_ticket(worked: Running) -> None:
    told = next(one for one in worked.records() if one["order"] == "not_a_fault")
    assert told["tickets"] == []


def test_the_two_hours_count_from_arrival(worked: Running) -> None:
    for one in worked.records():
        arrived, due = (datetime.fromisoformat(one[key]) for key in ("received_at", "due_at"))
        assert due - arrived == timedelta(hours=2)
        assert abs(datetime.now(UTC) - arrived) < timedelta(minutes=30)
        assert one["received_at"].endswith("Z")


def test_records_lists_for_people(worked: Running) -> None:
    told = worked.command("records")
    assert told.returncode == 0
    heading, *lines = told.stdout.decode().splitlines()
    assert heading.split()[:3] == ["number", "channel", "order"]
    assert len(lines) == 2
    line = next(line for line in lines if report(worked) in line)
    assert "incident" in line
    assert "desk: " in line


def test_records_are_chosen_by_order(worked: Running) -> None:
    assert [one["order"] for one in worked.records("--order", "report")] == ["report"]
    assert [one["order"] for one in worked.records("--order", "not_a_fault")] == ["not_a_fault"]
    assert worked.records("--order", "withdrawal") == []


def test_an_unknown_order_is_told_with_those_there_are(worked: Running) -> None:
    told = worked.command("records", "--order", "raport")
    assert told.returncode == 1
    assert b"follow_up" in told.stderr
    assert told.stdout == b""


def test_records_are_chosen_by_time_with_and_without_offset(worked: Running) -> None:
    now = datetime.now(UTC)
    assert len(worked.records("--since", (now - timedelta(hours=1)).isoformat())) == 2
    assert worked.records("--since", (now + timedelta(hours=1)).isoformat()) == []
    moscow = now + timedelta(hours=3)  # the desk's own clock
    assert len(worked.records("--since", (moscow - timedelta(hours=1)).replace(tzinfo=None).isoformat())) == 2
    assert worked.records("--since", (moscow + timedelta(hours=1)).replace(tzinfo=None).isoformat()) == []
    assert worked.command("records", "--since", "yesterday").returncode == 2


def test_show_tells_the_story_from_original_to_ticket(worked: Running) -> None:
    told = worked.command("show", report(worked))
    assert told.returncode == 0
    text = told.stdout.decode()
    places = [
        text.index(word) for word in ("arrived", "record, version 1", "decision on version 1", "create delivered")
    ]
    assert places == sorted(places)
    assert "los-lamp" in text
    record = json.loads(text[text.index("\n{") :])
    assert record["id"] == report(worked)


def test_show_takes_a_number_in_small_letters(worked: Running) -> None:
    assert worked.command("show", report(worked).lower()).returncode == 0


def test_export_is_byte_exact(worked: Running) -> None:
    told = worked.command("export", report(worked))
    assert told.returncode == 0
    assert told.stdout == REPORT


@pytest.mark.parametrize("word", ["show", "export"])
@pytest.mark.parametrize(
    "number", ["FR-2026-9999999", "FR-1999-0000001", "nonsense", "", "FR-2026-9999999999", "'; DROP TABLE reports"]
)
def test_an_unknown_number_is_told(worked: Running, word: str, number: str) -> None:
    told = worked.command(word, number)
    assert (told.returncode, told.stdout) == (1, b"")
    assert b"not in the archive" in told.stderr
    assert b"Traceback" not in told.stderr


def test_without_an_archive_the_commands_tell_how_to_start(tmp_path: Path) -> None:
    wiring = tmp_path / "desk.toml"
    wiring.write_text(f"[gateway]\ndata = '{tmp_path}/none'\n", encoding="utf-8")
    for words in (("records",), ("show", "FR-2026-0000001"), ("export", "FR-2026-0000001")):
        told = command(*words, "--config", wiring)
        assert (told.returncode, told.stdout) == (1, b"")
        assert b"faultgate run" in told.stderr
    assert not (tmp_path / "none").exists()


def test_a_reader_of_the_list_may_leave_early(worked: Running) -> None:
    words = [*FAULTGATE, "export", "--config", str(worked.wiring), report(worked)]
    with Popen(words, stdout=PIPE, stderr=PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_what_is_listed_steers_no_terminal(worked: Running) -> None:
    nasty = EmailMessage()
    nasty["From"] = "eve@mail.example"
    nasty["Subject"] = "no internet"
    nasty.set_content(
        "No internet \x1b]0;owned\x07 \x1b[2J since \u202e Monday.\u2028FR-2026-0000001  not_a_fault", cte="base64"
    )
    before = len(worked.records())
    worked.send(nasty.as_bytes(), "eve@mail.example")
    told = eventually(lambda: [one for one in worked.records()[before:] if one["order"]], "it is read")
    for words in (("records",), ("show", told[0]["id"])):
        shown = worked.command(*words).stdout.decode()
        assert not {char for char in shown if not char.isprintable() and char != "\n"}
    assert len(worked.command("records").stdout.decode().splitlines()) == before + 2
