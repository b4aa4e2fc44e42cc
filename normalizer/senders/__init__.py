"""What a partner's mail shows of who sent it, for whoever may ask the network: here nothing can be looked up.

Only what reads the same for everybody can be vouched for: one From with one address, each field once, and a header
section that ends where every other reader sees its end. A mail that hides a second header in a first one's line has no
sender.
"""

import re
from typing import Final

from normalizer.context import Context
from normalizer.readers import mime
from normalizer.readers.mime import Entity
from normalizer.record import doubtful
from normalizer.senders import authentication_results, signatures
from records.reading import Reading
from records.sender import Sender, is_of
from records.words import Review

#: Fields that the record is made from; a signature covers one of each, so a second one would be somebody else's.
_ONCE: Final = (
    "from", "sender", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding",
)  # fmt: skip
_END: Final = re.compile(rb"\r?\n\r?\n")
_BARE_RETURN: Final = re.compile(rb"\r(?!\n)")


def sender(content: bytes, reading: Reading, context: Context, partner: tuple[str, ...]) -> Sender | None:
    """Give the author of a mail that may be a partner's, known by these addresses and domains; None for nobody's."""
    address = ((reading.from_ and reading.from_.address) or "").lower()
    domains = tuple(dict.fromkeys(one.rpartition("@")[2] for one in partner if _is_his(address, one)))
    if not domains or Review.UNVERIFIED_SENDER in reading.reviews or doubtful(reading.from_, context):
        return None
    whole = mime.entity(content)
    if not _is_plain(whole):
        return None
    server, passed = authentication_results.told(whole.fields.get("authentication-results", ()), domains)
    return Sender(
        address=address, domains=domains, keys=signatures.keys(whole, domains),
        signed_by=signatures.signed_by(whole, domains, context.keys) if context.keys else None,
        checked_at=server, passed=passed,
    )  # fmt: skip


def _is_his(address: str, partner: str) -> bool:
    return address == partner or ("@" not in partner and is_of(address.rpartition("@")[2], partner))


def _is_plain(whole: Entity) -> bool:
    """Tell whether all readers of a header section see the same fields and the same end of it."""
    end = _END.search(whole.content)
    if end is None or whole.cut or whole.start != end.end() or _BARE_RETURN.search(whole.content, 0, end.start()):
        return False
    return all(len(whole.fields.get(name, ())) <= 1 for name in _ONCE)
