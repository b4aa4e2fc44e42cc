"""Mail servers that hand over until they are promised, as RFC 5321 section 4.5.4.1 has them do, and a mailbox."""

import smtplib
import threading
import time
from hashlib import sha256
from queue import Empty, SimpleQueue
from random import Random

from tests.channels.dovecot import Dovecot
from tests.torture.mails import Mail
from tests.torture.oracle import Ledger

TIMEOUT = 20.0  # seconds on every socket operation
AGAIN = 0.1  # seconds until a mail that was not taken is handed over again


class Servers:
    """Several mail servers that share the mails to send."""

    def __init__(
        self, port: int, mails: list[Mail], ledger: Ledger, *, seed: int, pace: float, servers: int = 4
    ) -> None:
        """`pace`: seconds between the mails of one server, on average."""
        self._port, self._ledger, self._pace = port, ledger, pace
        self._mails: SimpleQueue[Mail] = SimpleQueue()
        for mail in mails:
            self._mails.put(mail)
        self.tries = 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(Random(seed + n),)) for n in range(servers)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def give_up(self) -> None:
        """Send nothing more: the test is over."""
        self._over.set()
        for thread in self._threads:
            thread.join(3 * TIMEOUT)

    def _send(self, chance: Random) -> None:
        while not self._over.is_set():
            try:
                mail = self._mails.get_nowait()
            except Empty:
                return
            while not self._over.is_set() and not self._hand_over(mail):
                time.sleep(AGAIN)
            time.sleep(chance.uniform(0, 2 * self._pace))

    def _hand_over(self, mail: Mail) -> bool:
        """Try once; tells whether the mail is off our hands."""
        self.tries += 1
        self._ledger.attempted[mail.sha256] = mail
        try:
            with smtplib.SMTP("127.0.0.1", self._port, local_hostname="customer.example", timeout=TIMEOUT) as session:
                session.sendmail(mail.sender, ["support@support.example"], mail.content)
        except smtplib.SMTPResponseException as answer:
            return self._note(answer.smtp_code, answer.smtp_error)
        except smtplib.SMTPRecipientsRefused as answer:
            return self._note(*next(iter(answer.recipients.values())))
        except (OSError, smtplib.SMTPException):
            return mail.sha256 in self._ledger.acknowledged
        self._ledger.acknowledged.add(mail.sha256)
        return True

    def _note(self, code: int, text: bytes | str) -> bool:
        if code >= 500:
            self._ledger.refused.append(f"{code} {text!r}")
        return code >= 500


class Mailbox(threading.Thread):
    """Customers' mails that reach a mailbox somewhere else, one by one."""

    def __init__(
        self, dovecot: Dovecot, user: str, mails: list[Mail], ledger: Ledger, *, seed: int, pace: float
    ) -> None:
        super().__init__()
        self._dovecot, self._user, self._mails, self._ledger = dovecot, user, mails, ledger
        self._chance, self._pace = Random(seed), pace
        self._over = threading.Event()

    def run(self) -> None:
        with self._dovecot.client(self._user) as client:
            for mail in self._mails:
                if self._over.is_set():
                    return
                self._ledger.attempted[mail.sha256] = mail
                client.append("INBOX", mail.content)
                time.sleep(self._chance.uniform(0, 2 * self._pace))

    def give_up(self) -> None:
        self._over.set()
        self.join(3 * TIMEOUT)

    def taken(self) -> set[str]:
        """List the hashes of the mails that are marked as ours: that mark is the promise of the IMAP door."""
        with self._dovecot.client(self._user) as client:
            uids = client.search(["KEYWORD", "$Faultgate"])
            fetched = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
        return {sha256(one[b"BODY[]"]).hexdigest() for one in fetched.values()}
