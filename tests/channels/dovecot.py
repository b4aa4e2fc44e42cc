"""A real Dovecot for the tests of the IMAP door: own configuration, loopback, any user with the password `secret`."""

import grp
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from imapclient import IMAPClient

from config.secrets import Secret
from config.settings import Imap

DOVECOT = "/usr/sbin/dovecot"

_CONFIG = """
base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
mail_location = maildir:{root}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""

_OAUTH2 = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


class TokenServer:
    """A token endpoint that rotates refresh tokens, and Dovecot's introspection endpoint."""

    def __init__(self) -> None:
        self.refresh_token = "refresh-0"
        self.valid: dict[str, str] = {}  # access token: user
        self.user = ""
        self.asked: list[dict[str, str]] = []
        self.refusal: tuple[int, bytes] | None = None
        self.expires_in: object = 3600
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = server.answer(self.path, {key: value[0] for key, value in parse_qs(body).items()})
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_port
        self.url = f"http://127.0.0.1:{self.port}/token"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            user = self.valid.get(form["token"])
            return 200, json.dumps({"active": user is not None, "username": user}).encode()
        self.asked.append(form)
        if self.refusal:
            return self.refusal
        if form.get("refresh_token") != self.refresh_token:
            return 400, b'{"error": "invalid_grant", "error_description": "refresh-0 is stale"}'
        turn = len(self.asked)
        self.refresh_token = f"refresh-{turn}"
        self.valid[f"access-{turn}"] = self.user
        answer = {"access_token": f"access-{turn}", "refresh_token": self.refresh_token, "expires_in": self.expires_in}
        return 200, json.dumps(answer).encode()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Dovecot:
    """The running server and what a test does to it."""

    def __init__(self, root: Path, port: int, tls_port: int, tokens: TokenServer) -> None:
        self.root, self.port, self.tls_port, self.tokens = root, port, tls_port, tokens
        self.process = subprocess.Popen([DOVECOT, "-F", "-c", str(root / "dovecot.conf")], start_new_session=True)

    def settings(self, user: str, **changes: Any) -> Imap:
        os.environ["FAULTGATE_TEST_IMAP"] = "secret"
        wanted: dict[str, Any] = {
            "host": "localhost",
            "port": self.tls_port,
            "ca_file": str(self.root / "cert.pem"),
            "user": user,
            "password": Secret(env="FAULTGATE_TEST_IMAP"),
            "poll": 0.2,
            "timeout": 10.0,
        }
        return Imap(**(wanted | changes))

    @contextmanager
    def client(self, user: str, folder: str = "INBOX") -> Iterator[Any]:
        """Another person's mail program."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.normalise_times = False
            client.login(user, "secret")
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.select_folder(folder)
            yield client

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        with self.client(user, folder) as client:
            for mail in mails:
                client.append(folder, mail, msg_time=at)

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
        """Flags of every mail by UID, without what the server adds by itself."""
        with self.client(user, folder) as client:
            found = client.get_flags(client.search("ALL")) if client.search("ALL") else {}
            return {uid: tuple(flag for flag in flags if flag != rb"\Recent") for uid, flags in found.items()}

    def forget(self, user: str) -> None:
        """Lose the mailbox: the next login finds it made anew."""
        shutil.rmtree(self.root / "mail" / user)

    def signal(self, number: int) -> None:
        """Send a signal to every process of this server."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(ProcessLookupError):
                if os.getsid(int(entry.name)) == self.process.pid:
                    os.kill(int(entry.name), number)

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        shutil.rmtree(self.root)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(root: Path) -> None:
    """Make `cert.pem` and `key.pem` for localhost."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    where = ["-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem")]
    subprocess.run([*command, *names, *where], check=True, capture_output=True)


def start() -> Dovecot:
    """Start a server; it belongs to the caller. Skips (fails when CI=true) where Dovecot is missing."""
    if not Path(DOVECOT).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("dovecot is missing")
        pytest.skip("dovecot is missing: make setup")
    root = Path(tempfile.mkdtemp(prefix="faultgate-dovecot-"))
    root.chmod(0o755)  # its processes run under other users
    make_certificate(root)
    tokens = TokenServer()
    privileged = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    owner = pwd.getpwnam("nobody") if privileged else me
    (root / "mail").mkdir()
    os.chown(root / "mail", owner.pw_uid, owner.pw_gid)
    port, tls_port = free_port(), free_port()
    (root / "oauth2.conf").write_text(_OAUTH2.format(port=tokens.port))
    (root / "dovecot.conf").write_text(
        _CONFIG.format(
            root=root,
            port=port,
            tls_port=tls_port,
            internal="dovecot" if privileged else me.pw_name,
            internal_group="dovecot" if privileged else grp.getgrgid(me.pw_gid).gr_name,
            login="dovenull" if privileged else me.pw_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        )
    )
    server = Dovecot(root, port, tls_port, tokens)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", tls_port)) == 0:
                return server
        time.sleep(0.05)
    server.close()
    pytest.fail("dovecot does not start")
