"""A tiny name server on loopback (RFC 1035 over UDP), for tests that must not ask the real one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset


class NameServer:
    """Answers from a table; what is not in it does not exist."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}  # (name, type) -> records as a zone file writes them
        self.troubled = False  # answers SERVFAIL
        self.broken: set[str] = set()  # domains of which it answers SERVFAIL, with all below them
        self.silent = False  # answers nothing
        self.asked: list[str] = []
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """The address in the form of `senders.nameservers`."""
        return f"127.0.0.1#{self._line.getsockname()[1]}"

    def text(self, name: str, text: str) -> None:
        """Let a name have a TXT record."""
        pieces = [text[at : at + 200] for at in range(0, len(text), 200)]
        self.records[name, "TXT"] = [" ".join(f'"{piece}"' for piece in pieces)]

    def serve(self) -> None:
        while True:
            packet, guest = self._line.recvfrom(4096)
            if not packet:
                return
            if not self.silent:
                self._line.sendto(self._answer(dns.message.from_wire(packet)).to_wire(), guest)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        [question] = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        found = self.records.get((name, kind))
        if self.troubled or any(f".{name}".endswith(f".{one}") for one in self.broken):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found is not None:
            answer.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def end(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"", self._line.getsockname())


@contextmanager
def serving() -> Iterator[NameServer]:
    """Run a name server for the length of a block."""
    server = NameServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.end()
        thread.join()
