"""Reply tokens: proof that a mail answers one of ours. HMAC-SHA256 over the report and the reply's recipient.

The token stands in the Message-ID of our reply and in its sender address; a quoted number alone proves nothing.
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

from msgspec import Struct

#: fg-<report>-<80 bits in base32>; lower case, because some mailers fold the case of a local part.
TOKEN = re.compile(r"(?<![a-z0-9])fg-(\d{1,18})-([a-z2-7]{16})(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_VERDICT = re.compile(r"(\d{1,18})-(yes|no)-(\d{1,11})-[a-z2-7]{32}", re.ASCII)


def token(key: bytes, report: int, recipient: str) -> str:
    """Make the token of a reply about `report` to `recipient` (an addr-spec, or a messenger id)."""
    message = f"{report}\0{recipient.lower()}".encode()
    mac = hmac.new(key, message, hashlib.sha256).digest()[:10]
    return f"fg-{report}-{base64.b32encode(mac).decode().lower()}"


def genuine(key: bytes, text: str, recipient: str) -> bool:
    """Tell in constant time whether `text` is the token that we would have made for `recipient`."""
    report = claimed_report(text)
    return report is not None and hmac.compare_digest(token(key, report, recipient), text.lower())


def claimed_report(text: str) -> int | None:
    """Give the report that a token claims, unproven; None where the text is no token."""
    found = TOKEN.fullmatch(text)
    return int(found[1]) if found else None


class Verdict(Struct, frozen=True):
    """What the reader of a link says by it, and until when it may be said."""

    report: int
    solved: bool
    until: datetime


def verdict_token(key: bytes, verdict: Verdict) -> str:
    """Make the token of a link by which a customer answers whether it was solved: for this one answer alone."""
    claim = f"{verdict.report}-{'yes' if verdict.solved else 'no'}-{int(verdict.until.timestamp())}"
    mac = hmac.new(key, f"solved\0{claim}".encode(), hashlib.sha256).digest()[:20]
    return f"{claim}-{base64.b32encode(mac).decode().lower()}"


def verdict_of(key: bytes, text: str) -> Verdict | None:
    """Give what a link's token says, in constant time; None where we did not make it. It may have run out."""
    found = _VERDICT.fullmatch(text)
    if found is None:
        return None
    report, answer, until = int(found[1]), found[2] == "yes", datetime.fromtimestamp(int(found[3]), UTC)
    verdict = Verdict(report, answer, until)
    return verdict if hmac.compare_digest(verdict_token(key, verdict), text) else None


def tokens_in(text: str) -> list[str]:
    """Find everything in a Message-ID or an address that looks like a token."""
    return list(dict.fromkeys(found[0].lower() for found in TOKEN.finditer(text)))
