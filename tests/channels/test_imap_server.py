"""The IMAP door and odd servers: missing extensions, wrong answers, refusals; and what it refuses itself."""

import asyncio
from typing import Any

import pytest

from channels import Unreachable
from config.secrets import Secret
from tests.channels.scripted_imap import Conversation, ScriptedServer, contents, door, fill, is_fetch, mail
from tests.channels.serving import Serving
from tests.reception import MemoryReception


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


def test_a_lost_connection_is_no_wrong_password(scripted: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    def hang_up(session: Conversation, words: list[str]) -> bool:
        if words[1] == "LOGIN" and len(scripted.commands) < 4:
            session.hang_up()
        return False

    fill(scripted, 1)
    scripted.hook = hang_up
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
    assert "hung up during the login" in caplog.text
    assert "refused" not in caplog.text


def test_preauth_needs_no_login(scripted: ScriptedServer) -> None:
    scripted.greeting = "* PREAUTH I know you"
    fill(scripted, 1)
    reception = MemoryReception()
    with Serving(door(scripted), reception) as serving:
        serving.wait(lambda: reception.arrivals)
    assert scripted.logins == 0


@pytest.mark.parametrize(
    ("greeting", "capabilities"),
    [("* OK ready", "IMAP4rev1"), ("* PREAUTH I know you", "IMAP4rev1"), ("* PREAUTH trust me", "IMAP4rev1 STARTTLS")],
)
def test_plaintext_is_refused(scripted: ScriptedServer, greeting: str, capabilities: str) -> None:
    scripted.greeting, scripted.capabilities = greeting, capabilities
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
