"""The IMAP door against a scripted server: bad messages, bad answers, missing extensions, security refusals."""

import asyncio
from datetime import date
from typing import Any

import msgspec
import pytest

from channels import Unreachable, imap_folder, imap_mailbox
from channels.imap import ImapDoor
from channels.imap_folder import Cursor, Failure
from config.secrets import Secret
from config.settings import Gateway, Imap
from tests.channels.scripted_imap import Conversation, ScriptedServer
from tests.channels.serving import Serving
from tests.reception import MemoryReception


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULTGATE_TEST_IMAP", "secret")
    monkeypatch.setattr(imap_mailbox, "_LONGEST_PAUSE", 0.2)  # seconds


def door(server: ScriptedServer, **changes: Any) -> ImapDoor:
    wanted: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "tls": False,
        "allow_plaintext": True,
        "user": "desk",
        "password": Secret(env="FAULTGATE_TEST_IMAP"),
        "poll": 0.1,
        "timeout": 5.0,
    }
    return ImapDoor("post", Imap(**(wanted | changes)), Gateway())


def mail(number: int, size: int = 0) -> bytes:
    return f"Subject: no dial tone {number}\r\n\r\n".encode() + b"x" * size


def fill(server: ScriptedServer, *uids: int) -> None:
    server.mails["INBOX"] |= {uid: mail(uid) for uid in uids}


def contents(reception: MemoryReception) -> list[bytes]:
    return [content for _, content in reception.arrivals]


def problems(reception: MemoryReception) -> list[str]:
    return [arrival.problem for arrival, _ in reception.arrivals if arrival.problem]


def is_fetch(words: list[str], uid: int, item: str = "BODY.PEEK[]") -> bool:
    return words[1:4] == ["UID", "FETCH", str(uid)] and item in " ".join(words)


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


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS", "IMAP4rev1 MOVE UIDPLUS"])
def test_nothing_is_expunged_that_is_not_ours(scripted: ScriptedServer, capabilities: str) -> None:
    def do_move(session: Conversation, words: list[str]) -> bool:
        if words[2:3] == ["MOVE"]:
            session.say(f"{words[0]} OK done")
            return True
        return False

    fill(scripted, 7, 9)
    scripted.hook, scripted.capabilities = do_move, capabilities
    reception = MemoryReception()
    with Serving(door(scripted, done_folder="Taken"), reception) as serving:
        serving.wait(lambda: '"uid":9' in reception.memory.get(("post", "cursor:INBOX"), ""))
    changes = [
        command
        for command in scripted.commands
        if any(word in command for word in ("MOVE", "STORE", "EXPUNGE", "COPY"))
    ]
    copied = ['UID COPY 7,9 "Taken"', "UID STORE 7,9 +FLAGS.SILENT (\\Deleted)"]
    assert (
        changes
        == {
            "IMAP4rev1": copied,
            "IMAP4rev1 UIDPLUS": [*copied, "UID EXPUNGE 7,9"],
            "IMAP4rev1 MOVE UIDPLUS": ['UID MOVE 7,9 "Taken"'],
        }[capabilities]
    )


def test_a_refused_mark_changes_nothing(scripted: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    def no_store(session: Conversation, words: list[str]) -> bool:
        if words[2:3] == ["STORE"]:
            session.say(f"{words[0]} NO [OVERQUOTA] no room for flags")
            return True
        return False

    fill(scripted, 1)
    scripted.hook = no_store
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: "refuses to mark" in caplog.text)
        fill(scripted, 2)
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert (scripted.logins, reception.duplicates) == (1, 0)


def test_a_folder_that_may_only_be_read(scripted: ScriptedServer) -> None:
    def read_only(session: Conversation, words: list[str]) -> bool:
        if words[1] in ("SELECT", "EXAMINE"):
            session.folder = "INBOX"
            next_uid = max(scripted.mails["INBOX"]) + 1
            session.say("* 1 EXISTS", "* OK [UIDVALIDITY 1] valid", f"* OK [UIDNEXT {next_uid}] next")
            session.say(f"{words[0]} OK [READ-ONLY] look, don't touch")
            return True
        return False

    fill(scripted, 1)
    scripted.hook = read_only
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
        fill(scripted, 2)
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert not [command for command in scripted.commands if "STORE" in command]


def test_a_folder_made_anew_under_its_old_uidvalidity(scripted: ScriptedServer) -> None:
    fill(scripted, 1, 2, 3)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(scripted.flags) == 3)
        scripted.mails["INBOX"] = {1: mail(11)}  # UIDNEXT went back
        serving.wait(lambda: len(reception.arrivals) == 4)
        serving.wait(lambda: '"uid":1,' in reception.memory["post", "cursor:INBOX"])
        scripted.second = 1
        scripted.mails["INBOX"] = {1: mail(21), 2: mail(22)}  # the same number means another mail
        serving.wait(lambda: len(reception.arrivals) == 6)
    assert reception.duplicates == 0


def test_a_new_uidvalidity_has_everything_read_again(scripted: ScriptedServer) -> None:
    fill(scripted, 1, 2, 3)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(scripted.flags) == 3)
        scripted.mails["INBOX"], scripted.uidvalidity = {1: mail(11), 2: mail(2), 5: mail(13)}, 2
        serving.wait(lambda: len(reception.arrivals) == 5)
    assert contents(reception)[3:] == [mail(11), mail(13)]
    assert reception.duplicates == 1
    assert reception.arrivals[3][0].envelope.source["uidvalidity"] == 2


def test_a_folder_that_breaks_the_connection_leaves_the_others_their_turn(scripted: ScriptedServer) -> None:
    def bad(session: Conversation, words: list[str]) -> bool:
        if words[1:] == ["SELECT", '"Bad"']:
            session.say("* BYE [ALERT] not this one")
            session.hang_up()
        if words[1:] == ["SELECT", '"Worse"']:
            session.say(f"{words[0]} BAD what?")
            return True
        return False

    fill(scripted, 1)
    scripted.hook = bad
    reception = MemoryReception()
    with Serving(door(scripted, folders=("Bad", "Worse", "INBOX")), reception) as serving:
        serving.wait(lambda: reception.arrivals)


def test_a_dead_idle_is_given_up_for_polling(scripted: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    def no_idle(session: Conversation, words: list[str]) -> bool:
        if words[1] == "IDLE":
            session.say(f"{words[0]} NO not today")
            return True
        return False

    fill(scripted, 1)
    scripted.capabilities += " IDLE"
    scripted.hook = no_idle
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: "IDLE does not work" in caplog.text)
        fill(scripted, 2)
        serving.wait(lambda: len(reception.arrivals) == 2)
    assert sum(command == "IDLE" for command in scripted.commands) == 1


def test_an_idle_that_never_ends_is_left(scripted: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    def endless(session: Conversation, words: list[str]) -> bool:
        if "IDLE" in words:
            session.say("+ idling")
        return "IDLE" in words or words == ["DONE"]

    fill(scripted, 1)
    scripted.capabilities += " IDLE"
    scripted.hook = endless
    reception = MemoryReception()
    with Serving(door(scripted, timeout=0.5), reception) as serving:
        serving.wait(lambda: "no answer within 0.5 seconds" in caplog.text)
        fill(scripted, 2)
        serving.wait(lambda: len(reception.arrivals) == 2)


def test_odd_dates_still_give_an_arrival_time(scripted: ScriptedServer) -> None:
    def odd(session: Conversation, words: list[str]) -> bool:
        for uid, moment in ((1, '"99-Xxx-2026 99:99:99"'), (2, '"05-Mar-2999 10:00:00 +0000"'), (3, "NIL")):
            if is_fetch(words, uid):
                session.say(f'* 1 FETCH (UID {uid} INTERNALDATE {moment} RFC822.SIZE 1 BODY[]<0> "{uid}")')
                session.say(f"{words[0]} OK done")
                return True
        return False

    fill(scripted, 1, 2, 3)
    scripted.hook = odd
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: len(reception.arrivals) == 3)
    assert [arrival.received_at.year < 2999 for arrival, _ in reception.arrivals] == [True] * 3
    assert all(arrival.received_at.utcoffset() is not None for arrival, _ in reception.arrivals)


def test_preauth_needs_no_login(scripted: ScriptedServer) -> None:
    scripted.greeting = "* PREAUTH I know you"
    fill(scripted, 1)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
    assert scripted.logins == 0


@pytest.mark.parametrize("greeting", ["* OK ready", "* PREAUTH I know you"])
def test_plaintext_is_refused(scripted: ScriptedServer, greeting: str) -> None:
    scripted.greeting = greeting
    refused = door(scripted, allow_plaintext=False)
    with pytest.raises(Unreachable, match="no STARTTLS"), Serving(refused, MemoryReception()) as serving:
        serving.join()
    with pytest.raises(Unreachable, match="no STARTTLS"):
        asyncio.run(refused.check())
    assert not [command for command in scripted.commands if "LOGIN" in command]


def test_settings_that_can_never_work_are_refused(scripted: ScriptedServer) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "neither password nor oauth2": {"password": None},
        "not set: export it": {"password": Secret(env="FAULTGATE_TEST_NOWHERE")},
        "folders is empty": {"folders": ()},
        "done_folder is one of": {"done_folder": "INBOX"},
        "ca_file /nowhere can't be used": {"ca_file": "/nowhere"},
    }
    for remedy, changes in wrong.items():
        with pytest.raises(Unreachable, match=remedy), Serving(door(scripted, **changes), MemoryReception()) as serving:
            serving.join()


def test_check_tells_the_remedy(scripted: ScriptedServer) -> None:
    fill(scripted, 1, 2)
    assert asyncio.run(door(scripted).check()) == "desk at 127.0.0.1: INBOX (2 mails)"
    with pytest.raises(Unreachable, match="folder Lost can't be opened: create it"):
        asyncio.run(door(scripted, folders=("INBOX", "Lost")).check())
    scripted.close()
    with pytest.raises(Unreachable, match="Connection refused"):
        asyncio.run(door(scripted).check())
