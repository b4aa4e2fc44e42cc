"""`faultgate preview`: what a backend would be sent, shown without reaching it."""

import pytest

from config.backends import RequestTracker
from config.secrets import Secret
from config.settings import Builtin, Gateway, Settings, Storage
from gateway.preview import preview
from storage.database import Database
from tests.storage.reports import kept, settled

NOWHERE = RequestTracker(url="http://127.0.0.1:1", queue="Faults", token=Secret(env="NO_SUCH_TOKEN"))


@pytest.fixture
def wired(profile: tuple[Gateway, Storage]) -> Settings:
    return Settings(gateway=profile[0], storage=profile[1], backends={"rt": NOWHERE, "desk": Builtin()})


def test_a_ticket_is_shown_without_a_token_and_without_a_word_to_anybody(
    database: Database, profile: tuple[Gateway, Storage], wired: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settled(database, profile)

    assert preview(wired, "FR-2026-0000001", "rt", "create") == 0
    told = capsys.readouterr().out
    assert '"Queue": "Faults"' in told
    assert '"Subject": "[FR-2026-0000001] Нет интернета"' in told
    assert '"External-ID": "FR-2026-0000001"' in told
    assert preview(wired, "fr-2026-0000001", "rt", "withdraw") == 0
    assert capsys.readouterr().out == "FR-2026-0000001 withdrawn\n\nThe customer cancels.\n\nНет интернета\n"


def test_what_can_t_be_shown_is_told(database: Database, profile: tuple[Gateway, Storage], wired: Settings) -> None:
    settled(database, profile)
    kept(database, profile, b"Subject: y\r\n\r\nanother")
    for number, name, why in (
        ("FR-2026-0000009", "rt", "is not in the archive"),
        ("FR-2026-0000002", "rt", "has no record yet"),
        ("FR-2026-0000001", "remedy", "no backend is named remedy: there are rt, desk"),
        ("FR-2026-0000001", "desk", "keeps the record as it is: see `faultgate show FR-2026-0000001`"),
    ):
        with pytest.raises(LookupError, match=why):
            preview(wired, number, name, "create")
