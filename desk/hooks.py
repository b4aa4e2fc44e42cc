"""Calls of ticket systems that say "something has changed": a ticket of which they name our number is looked at soon.

What has changed is not believed but read from the system itself, so a call that is forged, repeated or out of order
does no harm: at most a ticket is read once more. Nothing of the body is parsed: our numbers are found in its bytes.
They come to the desk's process, as it is the one with a web server, a limit for every body and patience with slow
clients, and as ticket systems stand inside the house, where the desk is.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from functools import partial

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from config.backends import Glpi, JiraServiceManagement, Searched, Zammad
from config.secrets import Secret
from desk.errors import problem
from desk.services import Services, Wired
from records.numbers import report_of
from storage import ticket_states

router = APIRouter(include_in_schema=False)

Headers = Mapping[str, str]
Proof = Callable[[Headers, bytes, bytes], bool]  # headers, body, secret

_NUMBER = re.compile(rb"(?<![A-Za-z0-9])FR-\d{4}-\d{7,10}(?!\d)")
_MOST = 50  # tickets of one call
_TOLERANCE = 300  # seconds that the clock of a Standard Webhooks sender may differ
_KEY = "whsec_"


@router.post("/hooks/{name}")
async def look(request: Request, name: str, wired: Wired) -> Response:
    """Have the tickets that a call names looked at; whoever can't prove himself gets a 401, whatever he asks for."""
    body = await request.body()
    if not await run_in_threadpool(proven, wired, name, request.headers, body):
        return problem(401, "This call does not prove where it comes from: see `hook` of the backend.")
    found = {found[0].decode() for _, found in zip(range(_MOST), _NUMBER.finditer(body), strict=False)}
    reports = [report for report in map(report_of, sorted(found)) if report is not None]
    await run_in_threadpool(wired.database.write, partial(ticket_states.mark, reports=reports, backend=name))
    return Response(status_code=204)


def proven(wired: Services, name: str, headers: Headers, body: bytes) -> bool:
    """Tell whether a call comes from the backend of this name: it knows one of the secrets that are wired for it."""
    settings = wired.settings.backends.get(name)
    if not isinstance(settings, Searched) or settings.hook is None:
        return False
    proof = next((proof for kind, proof in _PROOFS.items() if isinstance(settings, kind)), _bearer)
    return knows(wired, settings.hook, headers, body, proof)


def _bearer(headers: Headers, _: bytes, secret: bytes) -> bool:
    """For systems that sign nothing (a scrip, a business rule, a TMF621 hub): the secret itself, as a bearer."""
    return hmac.compare_digest(headers.get("authorization", "").encode(), b"Bearer " + secret)


def knows(wired: Services, secret: Secret | None, headers: Headers, body: bytes, proof: Proof = _bearer) -> bool:
    """Tell whether a call knows one line of a secret: by Standard Webhooks, otherwise as `proof` wants it."""
    lines = secret.reveal().split() if secret is not None else []
    if "webhook-signature" in headers:
        now = int(wired.now().timestamp())
        return any(_standard(headers, body, line, now) for line in lines)
    return any(proof(headers, body, line.encode()) for line in lines)


def _hub(algorithm: str, headers: Headers, body: bytes, secret: bytes) -> bool:
    """X-Hub-Signature: `sha1=…` (Zammad), `sha256=…` (Jira), an HMAC in hexadecimal."""
    return _same(headers.get("x-hub-signature", ""), f"{algorithm}={hmac.new(secret, body, algorithm).hexdigest()}")


def _glpi(headers: Headers, body: bytes, secret: bytes) -> bool:
    """X-GLPI-signature: HMAC-SHA256 over the body and X-GLPI-timestamp (src/Webhook.php of GLPI 11)."""
    content = body + headers.get("x-glpi-timestamp", "").encode()
    return _same(headers.get("x-glpi-signature", ""), hmac.new(secret, content, hashlib.sha256).hexdigest())


def _standard(headers: Headers, body: bytes, secret: str, now: int) -> bool:
    """Standard Webhooks 1.0.0: `webhook-id.webhook-timestamp.body`, for whoever has such a sender in front."""
    at = headers.get("webhook-timestamp", "")
    if not (at.isascii() and at.isdecimal() and abs(int(at[:12]) - now) <= _TOLERANCE):
        return False
    try:
        key = base64.b64decode(secret.removeprefix(_KEY), validate=True)
    except binascii.Error:
        return False
    content = f"{headers.get('webhook-id', '')}.{at}.".encode() + body
    mark = f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}"
    return any(_same(one, mark) for one in headers["webhook-signature"].split())


def _same(said: str, wanted: str) -> bool:
    return hmac.compare_digest(said.encode(), wanted.encode())


_PROOFS: Mapping[type[Searched], Proof] = {
    Zammad: partial(_hub, "sha1"), JiraServiceManagement: partial(_hub, "sha256"), Glpi: _glpi,
}  # fmt: skip
