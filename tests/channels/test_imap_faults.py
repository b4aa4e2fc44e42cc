"""The IMAP door and bad messages: none stops the next, none is passed by, each is told to a person."""

from datetime import date
from typing import Any

import msgspec
import pytest

from channels import imap_folder
from channels.imap_cursor import Cursor, Failure
from tests.channels.scripted_imap import Conversation, ScriptedServer, contents, door, fill, is_fetch, mail, problems
from tests.channels.serving import Serving
from tests.reception import MemoryReception


def garbage(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.say('* 1 FETCH (UID 2 BODY[]<0> "broken', f"{words[0]} OK done")
        return True
    return False


def wrong_literal(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.say("* 1 FETCH (UID 2 BODY[]<0> {3}", "more than three and then ((((", f"{words[0]} OK done")
        return True
    return False


def refusal(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.say(f"{words[0]} NO [SERVERBUG] can't read it")
        return True
    return False


def nil(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.say("* 1 FETCH (UID 2 RFC822.SIZE 30 BODY[]<0> NIL)", f"{words[0]} OK done")
        return True
    return False


def hang_up(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.hang_up()
    return False


def bye(session: Conversation, words: list[str]) -> bool:
    if is_fetch(words, 2):
        session.say("* BYE I have had enough")
        session.hang_up()
    return False


@pytest.mark.parametrize("hook", [garbage, wrong_literal, refusal, nil, hang_up, bye])
def test_one_bad_message_does_not_stop_the_next(scripted: ScriptedServer, hook: Any) -> None:
    fill(scripted, 1, 2, 3)
    scripted.hook = hook
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 3)
        fill(scripted, 4)
        serving.wait(lambda: len(reception.arrivals) == 4)
        serving.wait(lambda: set(scripted.flags) == {1, 3, 4})
    assert contents(reception) == [mail(1), mail(3), mail(2), mail(4)]  # of this one the header is all there is
    assert problems(reception) == ["unfetchable UID 2 in INBOX, see the mailbox"]
    assert sum("UID FETCH 2 " in command and "BODY.PEEK[]" in command for command in scripted.commands) == 3
    assert len(reception.memory["post", "cursor:INBOX"]) < 300


class CountingReception(MemoryReception):
    rounds = 0

    async def remember(self, channel: str, key: str, value: str) -> None:
        await super().remember(channel, key, value)
        self.rounds += key == "last_good_poll"


def test_a_bad_message_is_not_tried_more_often_than_we_poll(scripted: ScriptedServer) -> None:
    fill(scripted, 1, 2, 3)
    scripted.hook = refusal
    reception = CountingReception()
    with Serving(door(scripted, poll=60.0), reception) as serving:
        serving.wait(lambda: reception.rounds == 2)  # the second finds nothing new
    assert sum("UID FETCH 2 " in command for command in scripted.commands) == 1


def test_messages_of_which_nothing_can_be_had_are_told_one_by_one(scripted: ScriptedServer) -> None:
    def broken(session: Conversation, words: list[str]) -> bool:
        if words[1:3] == ["UID", "FETCH"] and words[3] in "23":
            session.hang_up()
        return False

    fill(scripted, 1, 2, 3, 4)
    scripted.hook = broken
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 4)
        assert contents(reception)[:2] == [mail(1), mail(4)]
    assert sorted(problems(reception)) == [
        "unfetchable UID 2 in INBOX, see the mailbox",
        "unfetchable UID 3 in INBOX, see the mailbox",
    ]
    assert all(b"See the mailbox desk, folder INBOX: UID" in content for content in contents(reception)[2:])


@pytest.mark.parametrize("gives_up", ["refuses", "hangs up"])
def test_a_bad_message_at_the_end_is_passed_for_good(
    scripted: ScriptedServer, caplog: pytest.LogCaptureFixture, gives_up: str
) -> None:
    def broken(session: Conversation, words: list[str]) -> bool:
        if words[1:4] != ["UID", "FETCH", "2"]:
            return False
        if gives_up == "hangs up":
            session.hang_up()
        session.say(f"{words[0]} NO can't read it")
        return True

    fill(scripted, 1, 2)
    scripted.hook = broken
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 2)
        looks = len(scripted.commands)
        serving.wait(lambda: len(scripted.commands) > looks + 10)
        fill(scripted, 3)
        serving.wait(lambda: len(reception.arrivals) == 3)
    assert problems(reception) == ["unfetchable UID 2 in INBOX, see the mailbox"]
    assert reception.duplicates == (gives_up == "hangs up")  # UID 1 was taken, but not marked yet
    assert "made anew" not in caplog.text


def test_a_long_folder_is_searched_piece_by_piece(scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_folder, "_WINDOW", 10)  # UIDs
    monkeypatch.setattr(imap_folder, "BATCH", 3)
    uids = [1, 2, 3, 4, 5, *range(25, 45), 79, 90]
    fill(scripted, *uids)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == len(uids))
    assert [arrival.envelope.source["uid"] for arrival, _ in reception.arrivals] == uids
    ranges = [command.split()[3].split(":") for command in scripted.commands if "SEARCH UID" in command]
    assert max(int(high) - int(low) for low, high in ranges) < 10
    assert reception.duplicates == 0


def test_a_closing_door_finishes_the_mail_in_hand(scripted: ScriptedServer) -> None:
    fill(scripted, *range(1, 61))
    reception = MemoryReception()
    reception.delay = 0.05  # seconds for each
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 3)
    taken = len(reception.arrivals)
    assert taken < 50
    assert len(scripted.flags) == taken
    reception.delay = 0
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(scripted.flags) == 60)
    assert reception.duplicates == 0


def test_a_closing_door_passes_nothing_by(scripted: ScriptedServer) -> None:
    fill(scripted, *range(1, 41))
    reception = MemoryReception()
    failed = {30: Failure(first=0, latest=0, count=3)}
    cursor = Cursor(uidvalidity=1, since=date(2026, 1, 1), floor=0, failed=failed)
    reception.memory["post", "cursor:INBOX"] = msgspec.json.encode(cursor).decode()
    reception.delay = 0.05  # seconds for each
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 3)
    reception.delay = 0
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 40)
    assert problems(reception) == ["unfetchable UID 30 in INBOX, see the mailbox"]


def test_a_message_that_recovers_is_taken_whole(scripted: ScriptedServer) -> None:
    tries: list[list[str]] = []

    def once(session: Conversation, words: list[str]) -> bool:
        if is_fetch(words, 2) and not tries:
            tries.append(words)
            return refusal(session, words)
        return False

    fill(scripted, 1, 2, 3)
    scripted.hook = once
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(scripted.flags) == 3)
    assert contents(reception) == [mail(1), mail(3), mail(2)]
    assert problems(reception) == []


def test_what_is_too_large_is_not_downloaded(scripted: ScriptedServer) -> None:
    scripted.mails["INBOX"][1] = mail(1, 200_000)
    scripted.mails["INBOX"][2] = mail(2, 200_000)
    scripted.announced[2] = 1000  # this server only guesses
    reception = MemoryReception()
    with Serving(door(scripted, max_size=100_000), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert problems(reception) == ["too_large", "too_large"]
    assert contents(reception) == [mail(1, 200_000)[:65536], mail(2, 200_000)[:65536]]
    bodies = [command for command in scripted.commands if command.startswith("UID FETCH 1 ") and "BODY" in command]
    assert bodies == ["UID FETCH 1 (INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.65536>)"]
    assert not list(reception.spool().iterdir())


@pytest.mark.parametrize("announced", [-30, 0, 30])
@pytest.mark.parametrize("size", [0, 65536 - 30, 65536, 65536 + 524288, 1_500_000])
def test_every_byte_comes_over_whatever_size_is_announced(scripted: ScriptedServer, size: int, announced: int) -> None:
    content = (mail(1) + bytes(range(256)) * (size // 256 + 1))[:size]
    scripted.mails["INBOX"][1] = content
    scripted.announced[1] = max(size + announced, 0)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
    assert contents(reception) == [content]
    assert reception.arrivals[0][0].size == size


def test_a_broken_download_begins_anew(scripted: ScriptedServer) -> None:
    breaks: list[str] = []

    def in_the_middle(session: Conversation, words: list[str]) -> bool:
        if is_fetch(words, 1, "BODY.PEEK[]<65536.") and not breaks:
            breaks.append(words[0])
            session.hang_up()
        return False

    scripted.mails["INBOX"][1] = mail(1, 200_000)
    scripted.hook = in_the_middle
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
    assert breaks
    assert contents(reception) == [mail(1, 200_000)]
    assert not list(reception.spool().iterdir())
