"""Access tokens: ours, and those of an authorization server of others."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from msgspec.structs import replace

from config.partners import Issuer
from partners.issuer import Outside
from partners.tokens import Grant, Tokens
from tests.outbox.fakes.server import Told
from tests.web.listening import Heard, listening

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
GRANT = Grant("north", frozenset({"read", "write"}))
TOKENS = Tokens(b"the key of the house", "example.net", timedelta(minutes=10))
RSA, OTHER = RSAKey.generate_key(2048, {"kid": "one"}), RSAKey.generate_key(2048, {"kid": "two"})
ISSUER = Issuer(issuer="https://login.example", audience="faultgate", jwks="keys.json")
CLAIMS = {
    "iss": "https://login.example", "aud": ["faultgate"], "client_id": "north",
    "exp": int(NOW.timestamp()) + 300, "nbf": int(NOW.timestamp()),
}  # fmt: skip


def test_a_token_of_ours_grants_until_it_ends() -> None:
    token = TOKENS.make(GRANT, NOW)
    assert TOKENS.grant(token, NOW + timedelta(minutes=9)) == GRANT
    assert TOKENS.grant(token, NOW + timedelta(minutes=10)) is None


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_that_somebody_else_made_or_changed_grants_nothing() -> None:
    token = TOKENS.make(GRANT, NOW)
    head, body, mark = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = [
        f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{body}.", f"{part({'alg': 'none'})}.{body}.{mark}",
        f"{head}.{part({**claims, 'client_id': 'south'})}.{mark}", f"{head}.{body}.", f"{head}.{body}", "", "a.b.c",
        Tokens(b"another house", "example.net", timedelta(minutes=10)).make(GRANT, NOW),
        Tokens(b"the key of the house", "example.org", timedelta(minutes=10)).make(GRANT, NOW),
    ]  # fmt: skip
    assert [TOKENS.grant(one, NOW) for one in forged] == [None] * len(forged)


def key_set(*keys: RSAKey) -> bytes:
    return json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()


def made(key: Any = RSA, alg: str = "RS256", kid: str | None = "one", **changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": alg, **({"kid": kid} if kid else {})}, claims, key, [alg])


def outside(read: Callable[[Issuer], bytes] = lambda _: key_set(RSA), **changes: Any) -> Outside:
    return Outside(replace(ISSUER, **changes), read)


def test_a_token_of_theirs_names_the_client() -> None:
    assert outside().grant(made(), NOW) == Grant("north", None)
    assert outside(client_claim="azp").grant(made(azp="south"), NOW) == Grant("south", None)
    assert outside().grant(made(kid=None), NOW) == Grant("north", None)


LATER = int(NOW.timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"exp": LATER - 61},
        {"exp": None}, {"exp": "never"}, {"nbf": LATER + 61}, {"client_id": None}, {"client_id": ["north"]},
    ],
)  # fmt: skip
def test_every_claim_is_held_to_what_is_wired(changes: dict[str, Any]) -> None:
    assert outside().grant(made(**changes), NOW) is None


def test_clocks_may_differ_by_a_minute() -> None:
    assert outside().grant(made(exp=LATER - 59, nbf=LATER + 59), NOW) is not None


def test_only_the_wired_algorithms_are_taken() -> None:
    text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(CLAIMS)}"  # by a key that everybody knows
    mark = hmac.digest(RSA.as_pem(private=False), text.encode(), hashlib.sha256)
    confused = f"{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
    unsigned = f"{part({'alg': 'none', 'kid': 'one'})}.{part(CLAIMS)}."
    assert [outside().grant(one, NOW) for one in (confused, unsigned, made(alg="PS512"))] == [None, None, None]
    assert outside(algorithms=("PS512",)).grant(made(alg="PS512"), NOW) is not None


def test_a_key_of_somebody_else_proves_nothing() -> None:
    assert outside().grant(made(OTHER, kid="one"), NOW) is None


def test_a_new_key_is_asked_for_but_an_invented_one_not_for_ever() -> None:
    sets, asked = [key_set(RSA), key_set(RSA, OTHER)], []

    def read(_: Issuer) -> bytes:
        asked.append(1)
        return sets.pop(0) if len(sets) > 1 else sets[0]

    one = outside(read)
    assert one.grant(made(), NOW) is not None
    assert one.grant(made(OTHER, kid="two"), NOW + timedelta(seconds=31)) is not None
    for _ in range(20):
        assert one.grant(made(OTHER, kid="three"), NOW + timedelta(seconds=40)) is None
    assert len(asked) == 2


def test_old_keys_serve_while_none_can_be_had() -> None:
    answers: list[Any] = [key_set(RSA), OSError("gone"), b"no json", b"{}", key_set(OTHER)]

    def read(_: Issuer) -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return bytes(answer)

    one = outside(read)
    for minutes in (0, 11, 22, 33):
        assert one.grant(made(exp=LATER + 10_000), NOW + timedelta(minutes=minutes)) is not None
    assert one.grant(made(exp=LATER + 10_000), NOW + timedelta(minutes=44)) is None  # its key was taken back


def test_keys_come_from_a_file_or_an_address(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(key_set(RSA))
    assert Outside(replace(ISSUER, jwks=str(file))).grant(made(), NOW) is not None
    heard = Heard()
    with listening(heard) as port:
        heard.told = [Told(body=key_set(RSA))]
        assert Outside(replace(ISSUER, jwks=f"http://127.0.0.1:{port}/keys")).grant(made(), NOW) is not None
        assert Outside(replace(ISSUER, jwks=f"http://127.0.0.1:{port}/keys")).grant(made(), NOW) is None  # 204
    assert Outside(replace(ISSUER, jwks=str(tmp_path / "none.json"))).grant(made(), NOW) is None
