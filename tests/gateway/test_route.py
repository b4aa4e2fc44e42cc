"""`faultgate route`: which row a report met, and why the earlier ones did not hold."""

import pytest

from config.routes import Row, To, When
from config.settings import Backend, Builtin, Gateway, Settings, Storage
from gateway.route import route
from records.words import Mode, Service
from storage.database import Database
from tests.storage.reports import kept, settled

ROWS = (
    Row(name="volga", comment="The Volga company keeps Ufa.", when=When(city=("Уфа",)), to=To(company="Volga")),
    Row(name="fibre", when=When(service=tuple(Service)[:4]), to=To(line=3)),
    Row(name="rest", comment="Everything else.", to=To(backends=("field",), mode=Mode.ROUTED, senior=True)),
)
FIELD: dict[str, Backend] = {"desk": Builtin(), "field": Builtin()}


def test_it_tells_the_row_and_why_the_others_did_not_hold(
    database: Database, profile: tuple[Gateway, Storage], capsys: pytest.CaptureFixture[str]
) -> None:
    settled(database, profile)
    wired = Settings(gateway=profile[0], storage=profile[1], backends=FIELD, routes=ROWS)

    assert route(wired, "fr-2026-0000001") == 0

    assert capsys.readouterr().out.splitlines() == [
        "no  volga  # The Volga company keeps Ufa.",
        "      city: Уфа wanted, nothing known found",
        "no  fibre",
        "      service: broadband, cable_tv, iptv or 1 more wanted, nothing known found",
        "yes rest  # Everything else.",
        "",
        "backends: field",
        "line: 2",
        "group: dispatch",
        "mode: routed",
        "queue: seniors",
    ]


def test_where_no_row_holds_it_is_the_default(
    database: Database, profile: tuple[Gateway, Storage], capsys: pytest.CaptureFixture[str]
) -> None:
    settled(database, profile)

    route(Settings(gateway=profile[0], storage=profile[1], routes=ROWS[:2]), "FR-2026-0000001")

    assert capsys.readouterr().out.splitlines()[-6:] == [
        "no row holds: the default", "", "backends: desk", "line: 2", "group: dispatch", "mode: dispatched",
    ]  # fmt: skip


def test_what_can_t_be_told_is_said(database: Database, profile: tuple[Gateway, Storage]) -> None:
    kept(database, profile, b"Subject: y\r\n\r\nanother")
    wired = Settings(gateway=profile[0], storage=profile[1])
    for number, why in (("FR-2026-0000009", "is not in the archive"), ("FR-2026-0000001", "has no record yet")):
        with pytest.raises(LookupError, match=why):
            route(wired, number)
