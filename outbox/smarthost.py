"""Mail through a smarthost (RFC 5321 client, RFC 6409 submission; STARTTLS by RFC 3207, AUTH by RFC 4954)."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from config.loopback import is_loopback
from config.secrets import Secret
from records.arrival import Down, TryAgain
from records.deliveries import Refused

#: The smarthost's no to MAIL, RCPT or DATA; a no to the greeting, TLS or AUTH is trouble of the wiring, which passes.
_ABOUT_THIS_MAIL = (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class Reached(Protocol):
    """The settings of a smarthost, as `config.settings.Replies` tells them."""

    @property
    def host(self) -> str | None:
        """None: there is no smarthost."""

    @property
    def port(self) -> int:
        """Its port."""

    @property
    def starttls(self) -> bool:
        """Whether TLS is demanded."""

    @property
    def allow_plaintext(self) -> bool:
        """Whether one on loopback may do without."""

    @property
    def ca_file(self) -> str | None:
        """PEM of the authority behind its certificate."""

    @property
    def user(self) -> str | None:
        """Of AUTH."""

    @property
    def password(self) -> Secret | None:
        """Of AUTH."""

    @property
    def timeout(self) -> float:
        """Seconds on every socket operation."""


class Smarthost:
    """Opens sessions, one connection each; `where` its settings stand is told in remedies."""

    def __init__(self, settings: Reached, domain: str, where: str) -> None:
        self._settings = settings
        self._domain = domain
        self._where = where

    def check(self) -> str:
        """Tell that it lets us in; raises TryAgain with the remedy."""
        with self.session() as smarthost:
            smarthost.noop()
        return f"smarthost {self._settings.host}:{self._settings.port} answers"

    @contextmanager
    def session(self) -> Iterator[smtplib.SMTP]:
        """Connect, with TLS and AUTH as set; whatever goes wrong inside becomes TryAgain or Refused."""
        host, port = self._settings.host, self._settings.port
        if host is None:
            raise TryAgain(f"no smarthost is set: give {self._where}.host")
        try:
            with _left_politely(smtplib.SMTP(host, port, self._domain, self._settings.timeout)) as smarthost:
                self._secure(smarthost, host)
                self._login(smarthost)
                yield smarthost
        except smtplib.SMTPException as error:
            raise _verdict(error) from None  # the library's text quotes addresses
        except OSError as error:
            raise Down(f"smarthost {host}:{port}: {error.strerror or type(error).__name__}") from None

    def _secure(self, smarthost: smtplib.SMTP, host: str) -> None:
        """Begin TLS; without it only towards loopback, and only where the settings allow that."""
        smarthost.ehlo()
        plain_allowed = self._settings.allow_plaintext and is_loopback(host)
        if plain_allowed and not (self._settings.starttls and smarthost.has_extn("starttls")):
            return
        if not self._settings.starttls:
            raise TryAgain(f"{self._where}.starttls may be off only with allow_plaintext and a smarthost on loopback")
        if not smarthost.has_extn("starttls"):
            raise TryAgain(f"smarthost {host} offers no STARTTLS: mail is not sent in the clear")
        smarthost.starttls(context=ssl.create_default_context(cafile=self._settings.ca_file))
        smarthost.ehlo()

    def _login(self, smarthost: smtplib.SMTP) -> None:
        user, password = self._settings.user, self._settings.password
        if user is None or password is None:
            return
        try:
            secret = password.reveal()
        except LookupError as error:
            raise TryAgain(f"{self._where}.password: {error}") from None
        with suppress(smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, UnicodeError):
            smarthost.login(user, secret)
            return
        # Raised out here, because the context of UnicodeError would hold the password.
        raise TryAgain(f"the smarthost does not let us in: check {self._where}.user and {self._where}.password")


@contextmanager
def _left_politely(smarthost: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """Say QUIT at the end; what is answered to that changes nothing on what was taken before."""
    try:
        yield smarthost
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smarthost.quit()
        smarthost.close()


def _verdict(error: smtplib.SMTPException) -> TryAgain | Refused:
    """Read the smarthost's answer: 5xx to this mail is for good, all else passes; addresses in it are left out."""
    answer = _answer(error)
    if answer is None:
        return TryAgain(f"the smarthost did not answer as expected ({type(error).__name__})")
    code, text = answer
    reason = f"the smarthost says {code} {_without_addresses(text)}"
    about_this_mail = isinstance(error, _ABOUT_THIS_MAIL)
    return Refused(reason) if code // 100 == 5 and about_this_mail else TryAgain(reason)


def _answer(error: smtplib.SMTPException) -> tuple[int, bytes | str] | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()), None)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return None


def _without_addresses(text: bytes | str) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    visible = "".join(char if char.isprintable() else " " for char in plain[:300])
    return re.sub(r"\S{0,200}@\S{0,200}", "…", visible)
