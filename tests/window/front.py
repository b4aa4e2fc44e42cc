"""The desk on a real archive, with a clock that the test moves, and clients that sign in as people do."""

import asyncio
import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
from msgspec import Struct
from starlette.testclient import TestClient

from config.settings import Desk, Gateway, Settings, Storage
from desk.app import app
from desk.passwords import Passwords
from desk.services import Services
from gateway.texts import Texts
from normalizer.partners.drafting import make
from records.arrival import Arrival, Envelope, Receipt
from records.partner_template import Made, Wanted
from records.people import Role
from records.record import FaultRecord, OriginalRef, Reporter
from records.standing import State
from records.words import Order
from storage import cards, people, versions
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals
from storage.standings import standing

KEY = b"0123456789abcdef0123456789abcdef"
PASSWORD = "correct horse battery"
PASSWORDS = Passwords()
_HASH = PASSWORDS.hashed(PASSWORD)
HTML = {"accept": "text/html"}


class Shown(Struct, frozen=True):
    """A picture for tests."""

    png: bytes = b"\x89PNG\r\n\x1a\n picture"
    media_type: str = "image/png"
    width: int = 10
    height: int = 20
    pages: int = 3


class ThreePages:
    """Every original has three pages."""

    def picture(
        self,
        content: bytes,
        media_type: str,
        page: int,
        *,
        rotation: int = 0,
        width: int | None = None,
        part: str | None = None,
    ) -> Shown:
        assert "/" in media_type
        assert part is None
        if b"deadly" in content:
            raise RuntimeError("the child died")
        if not 1 <= page <= 3:
            raise LookupError(page)
        return Shown(width=width or 10, height=rotation)


class InPlace:
    """Makes templates in this process: what a test sends is no danger."""

    def make(self, wanted: Wanted) -> Made:
        if b"deadly" in wanted.mails[0]:
            raise RuntimeError("the child died")
        return make(wanted)


class Client(TestClient):
    """A browser; its scripts send what the page carries."""

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        answer = self.post(
            "/sign-in", data={"login": login, "password": password}, headers={"accept": "application/json"}
        )
        if answer.status_code == 200:
            self.headers["x-csrf-token"] = answer.json()["csrf"]
        return answer


class Window:
    """The desk, its people and its reports."""

    def __init__(self, profile: tuple[Gateway, Storage], database: Database, desk: Desk | None = None) -> None:
        gateway, storage = profile
        self.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        self.database, self.rings = database, 0
        self.settings = Settings(gateway=gateway, storage=storage, desk=desk or Desk(language="en"))
        originals = open_originals(gateway, storage)
        rules = {name: timedelta(minutes=one.rule) for name, one in self.settings.doors.items()}
        self.intake = Intake(database, originals, rules, timedelta(days=7), self._ring)
        self.services = Services(
            settings=self.settings, database=database, originals=originals, reception=self.intake,
            pictures=ThreePages(), drafts=InPlace(), now=lambda: self.now, ring=self._ring, passwords=PASSWORDS,
            texts=Texts(gateway), key=KEY,
        )  # fmt: skip
        self.app = app(self.services)
        for role in Role:
            self.person(role.value, role)

    def _ring(self) -> None:
        self.rings += 1

    def person(self, login: str, role: Role) -> int:
        """Make an account with the one password of the tests."""
        return self.database.write(
            partial(people.add, login=login, name=login.title(), role=role, language="en", password=_HASH, at=self.now)
        )

    def client(self, login: str | None = None, **headers: str) -> Client:
        """Open a browser; with a login it is signed in."""
        base = self.settings.desk.public_url or "http://desk.localhost"
        client = Client(self.app, base, raise_server_exceptions=False, headers=headers, follow_redirects=False)
        if login is not None:
            assert client.sign_in(login).status_code == 200
        return client

    def browser(self, address: str, login: str) -> Any:
        """Sign in to a desk that is served for real."""
        client = httpx.Client(base_url=address, timeout=60.0)
        entry = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        client.headers["x-csrf-token"] = entry.json()["csrf"]
        return client

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def arrive(self, content: bytes = b"%PDF-1.7 a letter", media_type: str = "application/pdf") -> Receipt:
        """Keep an original as a door does."""
        arrival = Arrival(
            channel="upload", media_type=media_type, content=content, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), received_at=self.now, envelope=Envelope(),
        )  # fmt: skip
        return asyncio.run(self.intake.accept(arrival))

    def report(self, content: bytes = b"%PDF-1.7 a letter", **fields: Any) -> str:
        """Keep an original and the machine's record of it; gives the number."""
        receipt = self.arrive(content)
        record = FaultRecord(
            id=receipt.id, order=Order.REPORT, channel="upload", received_at=receipt.received_at,
            due_at=receipt.due_at, language="ru",
            original=OriginalRef(media_type="application/pdf", size=len(content), sha256="0" * 64),
            **{"reporter": Reporter(name="Иванов Иван", phone="+79173402218"), "description": "Нет связи", **fields},
        )  # fmt: skip
        self.database.write(partial(_recorded, report=receipt.report, record=record, at=self.now))
        return receipt.id

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        with self.database.read() as tx:
            return [dict(row) for row in tx.all(sql, **values)]

    def log(self) -> list[tuple[str, str]]:
        """What stands in the audit log: (who, what)."""
        return [(row["actor"], row["what"]) for row in self.rows("SELECT * FROM audit ORDER BY number")]

    def standing(self, report: int) -> Any:
        with self.database.read() as tx:
            return standing(tx, report)


def _recorded(tx: Any, report: int, record: FaultRecord, at: datetime) -> None:
    versions.add(tx, report, record, at)
    cards.stand(tx, report, State.REVIEW, at)


def field(page: str, name: str) -> str:
    """Give the value of a hidden or other field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'value="([^"]*)"[^>]*name="{name}"', page
    )
    assert found, f"no field {name}"
    return found[1]
