"""The token endpoint of OAuth 2: client credentials only (RFC 6749 sections 3.2, 4.4 and 5)."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from partners.bodies import content
from partners.gate import Gate
from partners.services import services
from partners.tokens import Grant
from partners.visit import gate

_FORM = "application/x-www-form-urlencoded"
_NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749 section 5.1


class Refused(Exception):
    """A request that gets no token; `error`: a word of RFC 6749 section 5.2."""

    def __init__(self, error: str, why: str) -> None:
        super().__init__(why)
        self.error = error


async def token(request: Request) -> Response:
    """Grant an access token to a partner that gives its id and secret, by Basic or in the form."""
    door = gate(request)
    try:
        form = _form(request, await content(request))
        grant = _grant(door, form, *_credentials(request, form))
    except Refused as refusal:
        return _refusal(refusal)
    told = {
        "access_token": door.tokens.make(grant, services(request).now()), "token_type": "Bearer",
        "expires_in": int(door.tokens.life.total_seconds()), "scope": " ".join(sorted(grant.scopes or ())),
    }  # fmt: skip
    return _answer(200, told)


def _grant(gate: Gate, form: Mapping[str, str], client: str, secret: str) -> Grant:
    if "grant_type" not in form:
        raise Refused("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise Refused("unsupported_grant_type", "only client_credentials is granted")
    found = gate.client(client, secret)
    if found is None:
        gate.refused(None, "the credentials of OAuth 2 are wrong")
        raise Refused("invalid_client", "the client is not known, or its secret is wrong")
    name, wired = found
    asked = frozenset(form.get("scope", "").split()) or frozenset(wired.scopes)
    if not asked <= frozenset(wired.scopes):
        raise Refused("invalid_scope", f"partner {name} may have {' '.join(wired.scopes)}")
    return Grant(client, asked)


def _form(request: Request, body: bytes) -> Mapping[str, str]:
    """Read the form; a parameter may stand in it once (RFC 6749 section 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused("invalid_request", f"send {_FORM}")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:  # UnicodeDecodeError is one
        raise Refused("invalid_request", "the form can't be read") from None
    if len(dict(pairs)) < len(pairs):
        raise Refused("invalid_request", "a parameter stands twice")
    return dict(pairs)


def _credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Give id and secret: client_secret_basic or client_secret_post, never both (RFC 6749 section 2.3.1)."""
    scheme, _, word = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    if "client_secret" in form:
        raise Refused("invalid_request", "give the credentials in one place")
    try:
        client, _, secret = base64.b64decode(word.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_client", "Basic can't be read") from None
    return unquote_plus(client), unquote_plus(secret)


def _refusal(refusal: Refused) -> Response:
    unknown = refusal.error == "invalid_client"
    headers = {"WWW-Authenticate": 'Basic realm="faultgate"'} if unknown else {}
    return _answer(
        401 if unknown else 400, {"error": refusal.error, "error_description": str(refusal)}, headers
    )  # fmt: skip


def _answer(status: int, told: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(told), status, {**_NEVER_KEPT, **(headers or {})}, "application/json")
