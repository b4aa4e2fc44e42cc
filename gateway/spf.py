"""SPF (RFC 7208) by pyspf, which asks here through our own resolver."""

from typing import Any

import spf  # type: ignore[import-untyped]

from gateway.names import Ask, NoWord


class _Query(spf.query):  # type: ignore[misc] # pyspf has no types
    """A query of pyspf whose look-ups can be replaced; the limits of RFC 7208 section 4.6.4 are pyspf's."""

    def __init__(self, ask: Ask, peer: str, sender: str) -> None:
        super().__init__(peer, sender, sender.rpartition("@")[2])
        self._ask = ask

    def dns(
        self,
        name: str,
        qtype: str,
        cnames: object = None,  # noqa: ARG002 - pyspf's: dnspython has followed them
        ignore_void: bool = False,  # noqa: FBT001, FBT002
    ) -> list[Any]:
        """Give the records of a name in pyspf's form; raises spf.TempError where the DNS does not answer."""
        key = (str(name).lower().rstrip("."), qtype)
        if key not in self.cache:
            try:
                self.cache[key] = [_plain(one, qtype) for one in self._ask(*key)]
            except NoWord as trouble:
                raise spf.TempError(str(trouble)) from trouble
        found: list[Any] = self.cache[key]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"more than {spf.MAX_VOID_LOOKUPS} look-ups found nothing")
        return found


def _plain(record: Any, kind: str) -> Any:
    if kind in {"A", "AAAA"}:
        return record.address
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    return record.target.to_text(omit_final_dot=True) if kind == "PTR" else record.strings


def passes(ask: Ask, peer: str, sender: str) -> bool:
    """Tell whether the domain of an envelope's sender lets this host send its mail; raises NoWord."""
    try:
        result, *_ = _Query(ask, peer, sender).check()
    except (spf.PermError, ValueError, AssertionError, IndexError):  # a record or an address that pyspf stumbles over
        return False
    if result == "temperror":
        raise NoWord("SPF can't be told now")
    return bool(result == "pass")
