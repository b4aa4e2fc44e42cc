"""The partners' window with two partners, their secrets, and an archive behind it."""

import base64
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.testclient import TestClient

from config.partners import Events, Partner, PartnerApi
from config.secrets import Secret
from config.settings import Gateway, Settings, Storage
from partners.app import app
from partners.services import Services
from storage.database import Database
from storage.intake import Intake
from storage.opening import open_originals

WEBHOOK = "whsec_" + base64.b64encode(b"a key of twenty-four bytes, or more").decode()
HOUSE_KEY = b"the key of the house"
#: What every partner of the tests proves itself with.
SECRETS = {kind: f"{kind} of {{partner}}, long enough" for kind in ("token", "client_secret", "signing_key")}


def secret(kind: str, partner: str) -> str:
    return SECRETS[kind].format(partner=partner)


class House:
    """The window and its clock."""

    def __init__(
        self, profile: tuple[Gateway, Storage], database: Database, folder: Path, *,
        api: PartnerApi | None = None, change: Callable[[str, dict[str, Any]], dict[str, Any]] = lambda _, made: made,
    ) -> None:  # fmt: skip
        """`change`: what a test wires otherwise for a partner."""
        self.now = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
        self.database, self.folder, self._files = database, folder, itertools.count()
        gateway, storage = profile
        self.settings = Settings(
            gateway=gateway, storage=storage, partner_api=api or PartnerApi(allow_callbacks=("localhost",)),
            partners={name: Partner(**change(name, self._wired(name))) for name in ("north", "south")},
        )  # fmt: skip
        rules = {name: timedelta(minutes=one.rule) for name, one in self.settings.doors.items()}
        self.rings = 0
        self.reception = Intake(database, open_originals(gateway, storage), rules, timedelta(days=7), self._ring)
        self.app: Starlette = app(
            Services(
                settings=self.settings, database=database, reception=self.reception, key=HOUSE_KEY,
                now=lambda: self.now, ring=self._ring,
            )
        )  # fmt: skip

    def _ring(self) -> None:
        self.rings += 1

    def _wired(self, name: str) -> dict[str, Any]:
        made: dict[str, Any] = {kind: self.kept(secret(kind, name)) for kind in SECRETS}
        return {**made, "client_id": f"{name}-client", "events": Events(secret=self.kept(WEBHOOK))}

    def kept(self, text: str) -> Secret:
        """Keep a secret in a file."""
        file = self.folder / f"secret-{next(self._files)}"
        file.write_text(text)
        return Secret(file=str(file))

    def client(self, partner: str | None = None, **headers: str) -> TestClient:
        """Open a client; with a partner it carries his token."""
        if partner is not None:
            headers["authorization"] = f"Bearer {secret('token', partner)}"
        return TestClient(self.app, "https://tickets.example", raise_server_exceptions=False, headers=headers)

    def granted(self, partner: str, scope: str = "") -> str:
        """Get an access token as a partner does."""
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        asked = httpx.BasicAuth(f"{partner}-client", secret("client_secret", partner))
        answer = self.client().post("/oauth2/token", data=form, auth=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def ticket(number: str | None = "A-1", **more: Any) -> dict[str, Any]:
    """Give a ticket of version 5 as a partner sends it."""
    named = [{"@type": "ExternalIdentifier", "id": number, "owner": "partner"}] if number else []
    return {
        "@type": "TroubleTicket", "description": "No link on circuit 7", "severity": "Critical", "ticketType": "fault",
        **({"externalIdentifier": named} if named else {}), **more,
    }  # fmt: skip
