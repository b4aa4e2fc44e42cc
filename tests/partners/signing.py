"""Signs requests as a partner's program does, by RFC 9421, written from the RFC alone."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit


def signed(
    key: str, client: str, method: str, url: str, body: bytes, at: datetime, *,
    covered: tuple[str, ...] = ("@method", "@path", "@query", "content-digest"), nonce: str = "",
    alg: str = "hmac-sha256",
) -> dict[str, str]:  # fmt: skip
    """Give the headers of a signed request."""
    parts = urlsplit(url)
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    values: dict[str, Any] = {
        "@method": method, "@path": parts.path, "@query": f"?{parts.query}", "content-digest": digest,
        "@authority": parts.netloc,
    }  # fmt: skip
    params = "(" + " ".join(f'"{name}"' for name in covered) + ")"
    params += f';created={int(at.timestamp())};keyid="{client}";alg="{alg}"' + (f';nonce="{nonce}"' if nonce else "")
    base = "".join(f'"{name}": {values[name]}\n' for name in covered) + f'"@signature-params": {params}'
    mark = base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha256)).decode()
    return {"content-digest": digest, "signature-input": f"sig1={params}", "signature": f"sig1=:{mark}:"}
