"""A small IMAP server whose faults a test chooses: garbage for one UID, silence, hanging up, missing extensions."""

import re
import socket
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from channels.imap import ImapDoor
from config.secrets import Secret
from config.settings import Gateway, Imap
from tests.reception import MemoryReception

_FETCH = re.compile(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>")


class ScriptedServer:
    """One folder per name in `folders`; a hook answers instead of the server where a test wants a fault.

    A hook gets the session and the command's words; it returns True when it has answered.
    """

    def __init__(self) -> None:
        self.mails: dict[str, dict[int, bytes]] = {"INBOX": {}}
        self.flags: dict[int, set[str]] = {}
        self.uidvalidity = 1
        self.greeting = "* OK ready"
        self.capabilities = "IMAP4rev1 UIDPLUS"
        self.hook: Callable[[Conversation, list[str]], bool] = lambda _session, _words: False
        self.commands: list[str] = []
        self.logins = 0
        self.second = 0  # of every INTERNALDATE
        self.announced: dict[int, int] = {}  # RFC822.SIZE where it is not the true one
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                with suppress(ConnectionError, EOFError):
                    Conversation(owner, self).run()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Conversation:
    """One connection."""

    def __init__(self, server: ScriptedServer, handler: Any) -> None:
        self.server = server
        self._handler = handler
        self.folder = ""

    def run(self) -> None:
        self.say(self.server.greeting)
        while line := self._handler.rfile.readline().decode().strip():
            words = line.split(" ")
            self.server.commands.append(" ".join(words[1:]))
            if not self.server.hook(self, words):
                name = words[2] if words[1] == "UID" else words[1]
                getattr(self, f"do_{name.lower()}", self.unknown)(words)

    def say(self, *lines: str | bytes) -> None:
        for line in lines:
            self._handler.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def hang_up(self) -> None:
        self._handler.connection.shutdown(socket.SHUT_RDWR)
        raise EOFError

    def unknown(self, words: list[str]) -> None:
        self.say(f"{words[0]} BAD unknown")

    def do_capability(self, words: list[str]) -> None:
        self.say(f"* CAPABILITY {self.server.capabilities}", f"{words[0]} OK done")

    def do_login(self, words: list[str]) -> None:
        self.server.logins += 1
        self.say("* OK [ALERT] the cellar is under water", f"{words[0]} OK in")

    def do_noop(self, words: list[str]) -> None:
        self.say(f"{words[0]} OK done")

    def do_logout(self, words: list[str]) -> None:
        self.say("* BYE", f"{words[0]} OK done")

    def do_select(self, words: list[str]) -> None:
        name = words[2].strip('"')
        if name not in self.server.mails:
            self.say(f"{words[0]} NO [NONEXISTENT] no such folder for you")
            return
        self.folder = name
        mails = self.server.mails[name]
        self.say(
            f"* {len(mails)} EXISTS",
            "* FLAGS (\\Seen)",
            f"* OK [UIDVALIDITY {self.server.uidvalidity}] valid",
            f"* OK [UIDNEXT {max(mails, default=0) + 1}] next",
            f"{words[0]} OK [READ-WRITE] open",
        )

    def do_search(self, words: list[str]) -> None:
        low, _, high = words[4].partition(":")
        found = [uid for uid in self.server.mails[self.folder] if int(low) <= uid <= int(high or low)]
        self.say(f"* SEARCH {' '.join(map(str, found))}".strip(), f"{words[0]} OK done")

    def do_store(self, words: list[str]) -> None:
        for uid in words[3].split(","):
            self.server.flags.setdefault(int(uid), set()).add(words[5])
        self.say(f"{words[0]} OK done")

    def do_copy(self, words: list[str]) -> None:
        self.say(f"{words[0]} OK done")

    do_expunge = do_copy

    def do_list(self, words: list[str]) -> None:
        self.say(f'* LIST () "/" {words[3]}', f"{words[0]} OK done")

    def do_fetch(self, words: list[str]) -> None:
        uid, items = int(words[3]), " ".join(words[4:])
        mail = self.server.mails[self.folder].get(uid)
        if mail is not None:
            size = self.server.announced.get(uid, len(mail))
            head = f'UID {uid} INTERNALDATE "05-Mar-2026 10:00:{self.server.second:02} +0300" RFC822.SIZE {size}'
            wanted = _FETCH.search(items)
            if wanted:
                start, count = int(wanted[1]), int(wanted[2])
                piece, name = mail[start : start + count], f"BODY[]<{start}>"
            else:
                piece, name = mail.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", "BODY[HEADER]"
            if wanted or "HEADER" in items:
                self.say(f"* 1 FETCH ({head} {name} {{{len(piece)}}}".encode() + b"\r\n" + piece + b")")
            else:
                self.say(f"* 1 FETCH ({head})")
        self.say(f"{words[0]} OK done")


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


def is_fetch(words: list[str], uid: int, item: str = "BODY.PEEK[]") -> bool:
    return words[1:4] == ["UID", "FETCH", str(uid)] and item in " ".join(words)


def contents(reception: MemoryReception) -> list[bytes]:
    return [content for _, content in reception.arrivals]


def problems(reception: MemoryReception) -> list[str]:
    return [arrival.problem for arrival, _ in reception.arrivals if arrival.problem]
