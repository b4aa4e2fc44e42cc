"""The wiring of partners: what is refused, and what it says then."""

from pathlib import Path

import pytest

from config.wiring import load
from tests.config.test_wiring import refusal, wiring


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[partners.north]\n[partners.south]\nclient_id = 'north'", "partners.south.client_id: north is that of north"),
        ("[partners.'the north']", "partners.the north: write letters, digits, - and _"),
        ("[partners.north]\nscopes = ['admin']", "scopes"),
        ("[partners.north]\nper_minute = 0", "per_minute"),
        ("[partners.north.events]\nauth = 'basic'", "secret"),
        ("[partner_api]\npublic_url = 'http://tickets.example'", "http is allowed on loopback only"),
        ("[partner_api.issuer]\nissuer = 'x'\naudience = 'y'\njwks = 'http://login.example/keys'", "write https"),
        ("[partner_api.issuer]\nissuer = 'x'\naudience = 'y'\njwks = 'k'\nalgorithms = ['HS256']", "HS256"),
        ("[partner_api.issuer]\nissuer = 'x'\naudience = 'y'\njwks = 'k'\nalgorithms = ['none']", "none"),
    ],
)
def test_a_wrong_wiring_names_the_key_and_the_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_a_partner_with_everything(tmp_path: Path) -> None:
    settings = load(
        wiring(
            tmp_path,
            "[partner_api]\nallow_callbacks = ['Events.Example']\n"
            "[partner_api.issuer]\nissuer = 'https://login.example'\naudience = 'faultgate'\njwks = 'keys.json'\n"
            "[partners.north]\nclient_secret = { file = 'a' }\nsigning_key = { env = 'B' }\nscopes = ['read']\n"
            "per_minute = 60\nburst = 5\n[partners.north.events]\nsecret = { file = 'c' }\nauth = 'bearer'\n",
        )
    )
    assert settings.partner_api.allow_callbacks == ("events.example",)
    assert settings.partners["north"].scopes == ("read",)
