"""The TM Forum's own files as judges: schemathesis for version 5, Prism for version 4; and our client as a partner."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml  # type: ignore[import-untyped]

from config.backends import Tmf621
from config.secrets import Secret
from config.settings import Gateway, Storage
from outbox.backends import backend
from records.status import Status
from storage.database import Database
from tests.conftest import CORPORA, unavailable
from tests.outbox.prism import held_to_the_standard
from tests.outbox.rigs import tools
from tests.outbox.test_tmf621 import journey
from tests.partners.house import House, secret
from tests.partners.test_tickets import V4, stand
from tests.partners.window import BASE, TICKETS, open_window

OFFICIAL = CORPORA / "tmf621/TMF621-Trouble_Ticket-v5.0.1.oas.yaml"
#: Types that the official `oneOf` can't tell apart without: PartyRef and PartyRoleRef look alike, as do Attachment and
#: AttachmentRef. The file's own discriminators name them; and a TroubleTicket is no other thing.
TOLD_APART = ("PartyRef", "PartyRoleRef", "Attachment", "AttachmentRef", "TroubleTicket")
#: A report without a word of description is refused, and what is ours to say can't be patched: the file allows both.
STRICTER = "positive_data_acceptance"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def fast(profile: tuple[Gateway, Storage], database: Database, folder: Path) -> House:
    """The window for a partner that asks very often."""
    return House(profile, database, folder, change=lambda _, made: {**made, "per_minute": 10**6, "burst": 10**6})


def overlaid(folder: Path) -> Path:
    """Write the official file, with each of those types held to its name."""
    if not OFFICIAL.exists():
        unavailable(f"{OFFICIAL} is the TM Forum's file")
    document = yaml.safe_load(OFFICIAL.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    for name in TOLD_APART:
        held = {"type": "object", "properties": {"@type": {"enum": [name]}}}
        for one in (name, f"{name}_FVO", f"{name}_MVO"):
            schemas[one]["allOf"].append(held)
    file = folder / "v5.yaml"
    file.write_text(yaml.safe_dump(document), "utf-8")
    return file


def test_version_5_by_schemathesis(profile: tuple[Gateway, Storage], database: Database, tmp_path: Path) -> None:
    with open_window(fast(profile, database, tmp_path)) as url:
        told = subprocess.run(
            [
                Path(sys.executable).with_name("st"), "run", overlaid(tmp_path), "--url",
                url + BASE.format(version=5), "--include-path-regex", r"^/troubleTicket(/|$)", "--max-examples", "20",
                "--exclude-checks", STRICTER, "--header", f"Authorization: Bearer {secret('token', 'north')}",
                "--seed", "621", "--no-color",
            ],
            capture_output=True, text=True, check=False, cwd=tmp_path, timeout=600,
        )  # fmt: skip
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]


@pytest.mark.parametrize("version", [4, 5])
def test_a_ticket_s_life_through_prism(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path, stack: ExitStack, version: int
) -> None:
    """Prism holds each request and each answer to the official file; what breaks it becomes an error."""
    house = fast(profile, database, tmp_path)
    upstream = stack.enter_context(open_window(house)) + BASE.format(version=version)
    url = stack.enter_context(held_to_the_standard(version, upstream)) + "/troubleTicket"
    kind = "application/json;charset=utf-8" if version == 4 else "application/json"
    headers = {"authorization": f"Bearer {secret('token', 'north')}", "content-type": kind}

    def ask(method: str, path: str = "", body: Any = None) -> httpx.Response:
        content = json.dumps(body) if body is not None else None
        answer = httpx.request(method, url + path, content=content, headers=headers, timeout=60)
        assert answer.status_code < 300, answer.text
        return answer

    typed = {"@type": "TroubleTicket"}
    note = {"@type": "Note", "text": "still down"}
    made = ask("POST", "", {**typed, **V4} if version == 5 else V4).json()
    place = f"/{made['id']}"
    assert ask("GET", place).json() == made
    assert len(ask("GET", "?status=acknowledged&limit=1").json()) == 1
    stand(house, made, Status.IN_PROGRESS, "we are at it")
    assert len(ask("PATCH", place, {**typed, "note": [note]}).json()["note"]) == 2
    assert ask("PATCH", place, {**typed, "status": "resolved", "statusChangeReason": "works"}).json()["resolutionDate"]
    ask("PATCH", place, {**typed, "status": "closed"})
    assert ask("DELETE", place).status_code == 204


def test_the_official_example_through_prism(
    profile: tuple[Gateway, Storage], database: Database, tmp_path: Path, stack: ExitStack
) -> None:
    """Version 4 of its words; version 5's breaks the official file itself, see `TOLD_APART`."""
    upstream = stack.enter_context(open_window(fast(profile, database, tmp_path))) + BASE.format(version=4)
    url = stack.enter_context(held_to_the_standard(4, upstream)) + "/troubleTicket"
    party = {"id": "9866", "name": "Sandy Smith", "role": "member", "@referredType": "Individual"}
    file = {"attachmentType": "billCopy", "mimeType": "image/png", "name": "March Bill", "content": "aGFsbG8="}
    bill = {"id": "3472", "role": "disputedBill", "@referredType": "CustomerBill", "name": "March 2019 Bill"}
    sent = {
        **V4, "relatedParty": [party], "relatedEntity": [bill], "attachment": [file], "status": "inProgress",
        "channel": {"id": "8774", "name": "self service"}, "note": [{"author": "Jack Smith", "text": "important"}],
        "troubleTicketRelationship": [{"id": "7", "relationshipType": "dependency"}],
    }  # fmt: skip
    headers = {
        "authorization": f"Bearer {secret('token', 'north')}", "content-type": "application/json;charset=utf-8",
    }  # fmt: skip
    made = httpx.post(url, content=json.dumps(sent), headers=headers, timeout=60)
    assert made.status_code == 201, made.text


@pytest.mark.parametrize(("version", "patch"), [(4, None), (5, None), (5, "json"), (5, "json-patch+json")])
def test_our_own_gateway_is_a_partner_of_ours(
    house: House, tmp_path: Path, stack: ExitStack, version: Any, patch: Any
) -> None:
    """What `outbox` sends as a client of TMF621, the window takes as its server."""
    key = tmp_path / "token"
    key.write_text(secret("token", "north"))
    url = stack.enter_context(open_window(house)) + BASE.format(version=version)
    wired = Tmf621(url=url, timeout=20, version=version, patch=patch, token=Secret(file=str(key)), notes="append")
    journey(backend("partner", wired, tools()))
    client = house.client("north")
    [seen] = client.get(TICKETS).json()
    assert [one["text"].split()[0] for one in seen["note"]] == ["FR-2026-0000008", "FR-2026-0000009"]
