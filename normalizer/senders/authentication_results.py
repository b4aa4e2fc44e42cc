"""What a mail server before us says it has checked: Authentication-Results (RFC 8601).

Only the topmost field counts: the server that handed the mail to us wrote it last, and whatever stands below may have
come with the mail. What stands in comments and in quotes may be a sender's own words, and tells nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from records.sender import is_of

_LONGEST: Final = 8_000  # bytes of the field
_RESULT: Final = re.compile(r"\s*(dkim|dmarc|spf)\s*=\s*pass\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY: Final = re.compile(r"\s(header|smtp)\.(d|i|from|mailfrom)\s*=\s*([^\s;]{1,320})", re.IGNORECASE)
_SAYS: Final = {"dkim": {"header.d", "header.i"}, "dmarc": {"header.from"}, "spf": {"smtp.mailfrom"}}


def told(fields: Sequence[bytes], domains: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Give the authserv-id of the topmost field, and what passed there for these domains or for those below them."""
    if not fields:
        return None, ()
    server, _, rest = "".join(_bare(fields[0][:_LONGEST].decode("latin-1"))).partition(";")
    words = server.split()  # a version may stand behind the authserv-id
    passed = (one for one in _passed(rest) if any(is_of(one.partition(" ")[2], domain) for domain in domains))
    return (words[0].lower() if words else None), tuple(dict.fromkeys(passed))


def _passed(text: str) -> Iterator[str]:
    for result in filter(None, map(_RESULT.match, text.split(";"))):
        method = result[1].lower()
        for kind, name, value in _PROPERTY.findall(result[2]):
            if f"{kind}.{name}".lower() in _SAYS[method]:
                yield f"{method} {value.lower().rpartition('@')[2]}"


def _bare(text: str) -> Iterator[str]:
    """Give what stands outside comments and quoted strings (RFC 5322 section 3.2)."""
    depth, quoted, escaped = 0, False, False
    for sign in text:
        if escaped:
            escaped = False
        elif sign == "\\" and (depth or quoted):
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign in "()" and not quoted:
            depth = max(0, depth + (1 if sign == "(" else -1))
            yield " "
        elif not depth and not quoted:
            yield sign
