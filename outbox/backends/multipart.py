"""Forms with files (RFC 7578), names in UTF-8 as browsers send them."""

import secrets
from collections.abc import Mapping

from msgspec import Struct


class Part(Struct, frozen=True, kw_only=True):
    """One field of a form; a file where it has a name."""

    content: bytes
    media_type: str
    filename: str | None = None


def form(parts: Mapping[str, Part]) -> tuple[str, bytes]:
    """Give the form's media type and its bytes."""
    boundary = f"faultgate-{secrets.token_hex(16)}"
    body = bytearray()
    for name, part in parts.items():
        file = f'; filename="{_quoted(part.filename)}"' if part.filename is not None else ""
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{file}\r\n'.encode()
        body += f"Content-Type: {part.media_type}\r\n\r\n".encode() + part.content + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", bytes(body + f"--{boundary}--\r\n".encode())


def _quoted(name: str) -> str:
    """Escape what could end the name (HTML standard, multipart form data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
