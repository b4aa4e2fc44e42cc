"""How an IMAP connection is opened: TLS first, then the login; and what its failures mean to an operator."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from channels import Unreachable
from channels.imap_session import Session, Spoiled
from channels.oauth2 import AccessTokens
from config.settings import Imap
from records.arrival import TryAgain

_CODE = re.compile(r"\[([A-Z-]{1,40})[\] ]")  # a response code (RFC 5530): all that is repeated of a server's words


class LoginRefused(Unreachable):
    """The server does not let us in now; it may later, when it or the password is put right."""


@contextmanager
def session(settings: Imap, tokens: AccessTokens | None) -> Iterator[Session]:
    """Open a logged-in connection and close it again. Raises Unreachable, OSError or IMAPClientError."""
    with connection(settings) as client:
        log_in(client, settings, tokens)
        yield Session(client, settings)
        with suppress(OSError, IMAPClientError):
            client.logout()


@contextmanager
def connection(settings: Imap) -> Iterator[Any]:
    """Open a connection, under TLS unless the settings allow plaintext and the server has no STARTTLS."""
    context = _tls(settings)
    client = IMAPClient(settings.host, settings.port, ssl=settings.tls, ssl_context=context, timeout=settings.timeout)
    try:
        client.normalise_times = False  # otherwise dates come in the machine's zone, without saying so
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a command may be sent in two pieces
        if not settings.tls:
            _start_tls(client, settings, context)
        yield client
    finally:
        with suppress(OSError):
            client.shutdown()


def log_in(client: Any, settings: Imap, tokens: AccessTokens | None) -> None:
    """Say who we are, unless the server knows already (PREAUTH). Raises LoginRefused with the remedy."""
    if _is_preauth(client):
        return
    try:
        _authenticate(client, settings, tokens)
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):  # no answer at all is no refusal
            raise ConnectionError("the server hung up during the login") from None
        if tokens is not None:
            tokens.forget()
        raise LoginRefused(
            f"login refused{_code(error)}: check user and {'oauth2' if tokens else 'password'}"
        ) from None
    except UnicodeEncodeError:
        raise LoginRefused("the server takes no password with letters beyond ASCII: choose another") from None
    except Unreachable as error:
        raise LoginRefused(str(error)) from error


def _authenticate(client: Any, settings: Imap, tokens: AccessTokens | None) -> None:
    if tokens is not None:
        client.oauth2_login(settings.user, tokens.current())
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(settings.user, password(settings))  # unlike LOGIN it takes any letters (RFC 4616)
    else:
        client.login(settings.user, password(settings))


def password(settings: Imap) -> str:
    """Read the password now. Raises Unreachable with the remedy."""
    if settings.password is None:
        raise Unreachable("neither password nor oauth2 is set: give one")
    try:
        return settings.password.reveal()
    except LookupError as error:
        raise Unreachable(str(error)) from error


def explain(error: Exception, settings: Imap) -> str:
    """Tell an operator what went wrong and what to do, without a secret and without a word of anybody's mail."""
    if isinstance(error, Unreachable | TryAgain | Spoiled):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message}): set ca_file or correct host"
    if isinstance(error, TimeoutError):
        return f"no answer within {settings.timeout:g} seconds"
    if isinstance(error, IMAPClientAbortError):
        return f"the connection was lost{_code(error)}"
    if isinstance(error, IMAPClientError):
        return f"the server refuses or speaks no IMAP{_code(error)}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return f"unexpected {type(error).__name__}"


def _tls(settings: Imap) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:
        raise Unreachable(f"ca_file {settings.ca_file} can't be used ({error.strerror}): give a PEM file") from error


def _start_tls(client: Any, settings: Imap, context: ssl.SSLContext) -> None:
    if client.has_capability("STARTTLS") and not _is_preauth(client):
        client.starttls(context)
    elif not settings.allow_plaintext:
        raise Unreachable("the server offers no STARTTLS: set tls = true and its TLS port, or allow_plaintext = true")


def _is_preauth(client: Any) -> bool:
    return bool(client.welcome.upper().startswith(b"* PREAUTH"))


def _code(error: Exception) -> str:
    found = _CODE.search(str(error)[:1000])
    return f" ({found[1]})" if found else ""
