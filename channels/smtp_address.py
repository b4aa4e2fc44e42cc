"""Paths and parameters of MAIL and RCPT (RFC 5321, section 4.1.2), and whose mail is taken."""

import re
from collections.abc import Callable, Iterable

#: A path as nearly all are written; anything else goes to the slow full grammar.
_PLAIN = re.compile(
    r"<([^\s\x00-\x20\x7f<>@\"\\(),:;\[\]]{1,320}@[^\s\x00-\x20\x7f<>@\"\\(),:;\[\]]{1,320})>(?: +(.*))?"
)
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST = 1000

Grammar = Callable[[str], tuple[str | None, str | None]]


def path(text: str, grammar: Grammar) -> tuple[str, str] | None:
    """Split `<address> parameters`; "" is the null path, None is no path at all. Source routes are dropped."""
    plain = _PLAIN.fullmatch(text)
    if plain is not None and not _UNSPEAKABLE.search(text):
        return plain[1], plain[2] or ""
    if not text or len(text) > _LONGEST or _UNSPEAKABLE.search(text):
        return None
    try:
        address, rest = grammar(text)
    except Exception:  # the grammar of `email` trips over wild text in many ways: all mean "no path"
        return None
    return None if address is None else ("" if address == "<>" else address, (rest or "").strip())


def parameters(text: str) -> dict[str, str]:
    """Read `KEY=value KEY`; keys in upper case, "" for a missing value."""
    return {key.upper(): value for key, _, value in (word.partition("=") for word in text.split())}


class Recipients:
    """Whose mail is taken: addresses and @domains; none given means everybody's."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._listed = {address.lower() for address in listed}
        self._domains = {address.rpartition("@")[2] for address in self._listed}

    def takes(self, address: str) -> bool:
        """Tell whether we take mail for this address; user+detail counts as user (RFC 5233)."""
        if not self._listed:
            return True
        local, _, domain = address.lower().rpartition("@")
        if (local or domain) == "postmaster":  # every server must take it (RFC 5321, section 4.5.1)
            return not local or domain in self._domains
        return not self._listed.isdisjoint((f"@{domain}", f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"))
