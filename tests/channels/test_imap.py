"""The IMAP door against a real Dovecot: nothing is lost, nothing is taken twice, people's mailboxes stay theirs."""

import hashlib
import logging
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from channels.imap import ImapDoor
from config.secrets import Secret
from config.settings import Gateway, Imap
from records.arrival import Arrival, Receipt, TryAgain
from tests.channels.dovecot import Dovecot
from tests.channels.serving import Serving
from tests.reception import MemoryReception

NOW = datetime.now(UTC).replace(microsecond=0)


def mail(number: int, size: int = 0) -> bytes:
    head = f"From: a@customer.example\r\nSubject: no dial tone {number}\r\nMessage-ID: <{number}@x>\r\n\r\n"
    return head.encode() + b"The line is dead.\r\n" * (1 + size // 19)


def door(settings: Imap) -> ImapDoor:
    return ImapDoor("post", settings, Gateway())


def contents(reception: MemoryReception) -> list[bytes]:
    return [content for _, content in reception.arrivals]


def all_flagged(dovecot: Dovecot, user: str, count: int) -> bool:
    flags = dovecot.flags(user)
    return len(flags) == count and all(each == (b"$Faultgate",) for each in flags.values())


def test_mail_is_taken_flagged_and_left_unseen(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")  # the machine's zone is nobody's business
    time.tzset()
    reception = MemoryReception()
    dovecot.deliver("plain", mail(1), mail(2), at=(NOW - timedelta(hours=5)).astimezone(timezone(timedelta(hours=3))))
    with Serving(door(dovecot.settings("plain")), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 2)
        serving.wait(lambda: all_flagged(dovecot, "plain", 2))
        assert serving.opened == [f"localhost:{dovecot.tls_port}"]
    monkeypatch.undo()
    time.tzset()
    assert contents(reception) == [mail(1), mail(2)]
    first = reception.arrivals[0][0]
    assert first.received_at == NOW - timedelta(hours=5)
    assert first.received_at.utcoffset() == timedelta(0)
    assert first.sha256 == hashlib.sha256(mail(1)).hexdigest()
    assert (first.channel, first.media_type, first.problem) == ("post", "message/rfc822", None)
    assert first.envelope.sender is None
    source = dict(first.envelope.source)
    assert source.pop("uidvalidity")
    assert source == {"account": "plain", "folder": "INBOX", "uid": 1}
    assert reception.memory["post", "last_good_poll"] >= NOW.isoformat()


def test_first_look_leaves_old_mail_alone_but_later_ones_count(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    old = NOW - timedelta(days=60)
    dovecot.deliver("old", mail(1), at=old)
    dovecot.deliver("old", mail(2), at=NOW)
    with Serving(door(dovecot.settings("old")), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
        dovecot.deliver("old", mail(3), at=old)  # somebody moved it here now
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert contents(reception) == [mail(2), mail(3)]


def test_folders_take_turns(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    dovecot.deliver("many", *(mail(number) for number in range(60)))
    dovecot.deliver("many", mail(100), folder="Аварии")
    settings = dovecot.settings("many", folders=("INBOX", "Аварии"))
    with Serving(door(settings), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 61)
        serving.wait(lambda: all_flagged(dovecot, "many", 60))
    assert contents(reception).index(mail(100)) == 50
    assert reception.arrivals[50][0].envelope.source["folder"] == "Аварии"
    assert reception.duplicates == 0


def test_a_missing_folder_does_not_stop_the_others(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    reception = MemoryReception()
    dovecot.deliver("missing", mail(1))
    with Serving(door(dovecot.settings("missing", folders=("Later", "INBOX"))), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
        serving.wait(lambda: "folder Later" in caplog.text)
        assert ("post", "last_good_poll") not in reception.memory
        dovecot.deliver("missing", mail(2), folder="Later")
        serving.wait(lambda: len(reception.arrivals) == 2)
        serving.wait(lambda: ("post", "last_good_poll") in reception.memory)


def test_taken_mail_is_moved_and_foreign_deleted_mail_stays(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    dovecot.deliver("moving", mail(1), mail(2), at=NOW - timedelta(days=60))
    with dovecot.client("moving") as client:
        client.add_flags([1], [rb"\Deleted"])
    dovecot.deliver("moving", mail(3), mail(4))
    with Serving(door(dovecot.settings("moving", done_folder="Taken")), reception) as serving:
        serving.wait(lambda: len(dovecot.flags("moving")) == 2)
    assert contents(reception) == [mail(3), mail(4)]
    assert dovecot.flags("moving") == {1: (rb"\Deleted",), 2: ()}
    assert list(dovecot.flags("moving", "Taken").values()) == [(), ()]


def test_try_again_keeps_the_mail_and_comes_back(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    reception = MemoryReception()
    reception.failing = TryAgain("no space", full=True)
    dovecot.deliver("again", mail(1, size=200_000), mail(2))
    with Serving(door(dovecot.settings("again")), reception) as serving:
        serving.wait(lambda: "no space" in caplog.text)
        assert dovecot.flags("again") == {1: (), 2: ()}
        reception.failing = None
        serving.wait(lambda: all_flagged(dovecot, "again", 2))
    assert contents(reception) == [mail(1, size=200_000), mail(2)]
    assert not list(reception.spool().iterdir())


class Stumbling(MemoryReception):
    """Stores, and then fails the first times, as a crash between accept and flag does."""

    stumbles = 2

    async def accept(self, arrival: Arrival) -> Receipt:
        receipt = await super().accept(arrival)
        if self.stumbles:
            self.stumbles -= 1
            raise RuntimeError("the house fell down")
        return receipt


def test_trouble_after_storing_gives_one_report(dovecot: Dovecot) -> None:
    reception = Stumbling()
    dovecot.deliver("stumble", mail(1), mail(2))
    with Serving(door(dovecot.settings("stumble")), reception) as serving:
        serving.wait(lambda: all_flagged(dovecot, "stumble", 2))
    assert contents(reception) == [mail(1), mail(2)]
    assert reception.duplicates == 2


def test_killed_between_accept_and_flag(dovecot: Dovecot, tmp_path: Path) -> None:
    dovecot.deliver("killed", mail(1))
    settings = dovecot.settings("killed")
    command = [
        sys.executable,
        "-m",
        "tests.channels.imap_crash",
        str(tmp_path),
        str(settings.port),
        str(settings.ca_file),
    ]
    root = Path(__file__).parents[2]
    first = subprocess.run([*command, "killed", "kill"], cwd=root, check=False, timeout=60)
    assert first.returncode == -signal.SIGKILL
    assert dovecot.flags("killed") == {1: ()}
    subprocess.run([*command, "killed"], cwd=root, check=True, timeout=60)
    digest = hashlib.sha256(mail(1)).hexdigest()
    assert (tmp_path / "accepted").read_text().split() == [digest, digest]
    assert all_flagged(dovecot, "killed", 1)


def test_a_mailbox_made_anew_is_read_again(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    dovecot.deliver("anew", mail(1), mail(2), mail(3))
    with Serving(door(dovecot.settings("anew")), reception) as serving:
        serving.wait(lambda: all_flagged(dovecot, "anew", 3))
    before = {arrival.envelope.source["uidvalidity"] for arrival, _ in reception.arrivals}
    time.sleep(1.1)  # UIDVALIDITY is made of seconds
    dovecot.forget("anew")
    dovecot.deliver("anew", mail(2), mail(4))
    with Serving(door(dovecot.settings("anew")), reception) as serving:
        serving.wait(lambda: all_flagged(dovecot, "anew", 2))
    assert contents(reception) == [mail(1), mail(2), mail(3), mail(4)]
    assert reception.duplicates == 1
    assert reception.arrivals[3][0].envelope.source["uidvalidity"] not in before


class Meddling(MemoryReception):
    """While the first mail is being accepted, another person tidies the mailbox up."""

    def __init__(self, dovecot: Dovecot) -> None:
        super().__init__()
        self._dovecot = dovecot

    async def accept(self, arrival: Arrival) -> Receipt:
        if not self.arrivals:
            with self._dovecot.client("shared") as client:
                client.create_folder("Elsewhere")
                client.delete_messages([1, 2])
                client.uid_expunge([1, 2])
                client.move([3], "Elsewhere")
                client.delete_messages([5])
        return await super().accept(arrival)


def test_other_people_work_in_the_same_mailbox(dovecot: Dovecot) -> None:
    reception = Meddling(dovecot)
    dovecot.deliver("shared", *(mail(number) for number in range(1, 6)))
    with Serving(door(dovecot.settings("shared")), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 3)
        dovecot.deliver("shared", mail(6))
        serving.wait(lambda: len(reception.arrivals) == 4)
        serving.wait(lambda: b"$Faultgate" in dovecot.flags("shared")[6])
    assert contents(reception) == [mail(1), mail(4), mail(5), mail(6)]
    assert '"failed":{}' in reception.memory["post", "cursor:INBOX"]
    left = dovecot.flags("shared")
    assert set(left) == {4, 5, 6}
    assert set(left[5]) == {rb"\Deleted", b"$Faultgate"}


def test_a_hanging_server_is_left_and_found_again(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    reception = MemoryReception()
    dovecot.deliver("hanging", mail(1))
    with Serving(door(dovecot.settings("hanging", timeout=1.0)), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
        dovecot.signal(signal.SIGSTOP)
        try:
            serving.wait(lambda: "no answer within 1 seconds" in caplog.text)
        finally:
            dovecot.signal(signal.SIGCONT)
        dovecot.deliver("hanging", mail(2))
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert contents(reception) == [mail(1), mail(2)]


def test_a_hanging_server_does_not_keep_the_door_open(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    dovecot.deliver("stuck", mail(1))
    with Serving(door(dovecot.settings("stuck", timeout=3.0, idle=False)), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
        dovecot.signal(signal.SIGSTOP)
        serving.stop()
        try:
            serving.join()
        finally:
            dovecot.signal(signal.SIGCONT)


def test_idle_tells_of_new_mail(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    settings = dovecot.settings("idle", poll=3600.0, folders=("INBOX", "Other"))
    dovecot.deliver("idle", mail(1), folder="Other")
    with Serving(door(settings), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
        time.sleep(1)  # it waits now
        dovecot.deliver("idle", mail(2))
        serving.wait(lambda: len(reception.arrivals) == 2)


class Hashing(MemoryReception):
    """Keeps nothing in memory."""

    async def accept(self, arrival: Arrival) -> Receipt:
        assert isinstance(arrival.content, Path)
        assert arrival.content.parent == self.spool()
        with arrival.content.open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == arrival.sha256
        assert arrival.content.stat().st_size == arrival.size
        arrival.content.write_bytes(arrival.sha256.encode())
        return await super().accept(arrival)


def test_a_large_mail_comes_through_the_spool(dovecot: Dovecot) -> None:
    reception = Hashing()
    large = mail(1, size=20_000_000)
    digest = hashlib.sha256(large).hexdigest().encode()
    dovecot.deliver("large", large)
    del large
    tracemalloc.start()
    with Serving(door(dovecot.settings("large")), reception) as serving:
        serving.wait(lambda: reception.arrivals)
        serving.wait(lambda: all_flagged(dovecot, "large", 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert contents(reception) == [digest]
    assert peak < 8_000_000
    assert not list(reception.spool().iterdir())


def test_a_mail_beyond_the_limit_is_shown_by_its_beginning(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    huge = mail(1, size=60_000_000)
    dovecot.deliver("huge", huge, mail(2))
    with Serving(door(dovecot.settings("huge", max_size=1_000_000)), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 2)
        serving.wait(lambda: dovecot.flags("huge")[2])
    arrival, content = reception.arrivals[0]
    assert content == huge[:65536]
    assert (arrival.problem, arrival.size) == ("too_large", 65536)
    assert arrival.sha256 == hashlib.sha256(content).hexdigest()
    assert arrival.envelope.source["size"] == len(huge)
    assert dovecot.flags("huge") == {1: (), 2: (b"$Faultgate",)}


def test_starttls(dovecot: Dovecot) -> None:
    reception = MemoryReception()
    dovecot.deliver("starttls", mail(1))
    with Serving(door(dovecot.settings("starttls", tls=False, port=dovecot.port)), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 1)
    assert "user=<starttls>, method=PLAIN, rip=127.0.0.1, lip=127.0.0.1, mpid=" in (
        log := (dovecot.root / "log").read_text()
    )
    assert [line for line in log.splitlines() if "user=<starttls>" in line and ", TLS" in line]


def test_an_outage_at_the_start_and_a_corrected_password(
    dovecot: Dovecot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reception = MemoryReception()
    dovecot.deliver("corrected", mail(1))
    secret = tmp_path / "password"
    secret.write_text("пароль-wr0ng\n", encoding="utf-8")
    settings = dovecot.settings("corrected", password=Secret(file=str(secret)))
    with caplog.at_level(logging.DEBUG), Serving(door(settings), reception) as serving:
        serving.wait(lambda: "login refused (AUTHENTICATIONFAILED): check user and password" in caplog.text)
        assert not serving.opened
        secret.write_text("secret\n")
        serving.wait(lambda: len(reception.arrivals) == 1)
    assert "wr0ng" not in caplog.text
    assert "dial tone" not in caplog.text
    assert os.environ["FAULTGATE_TEST_IMAP"] not in caplog.text
