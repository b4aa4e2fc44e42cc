"""Addresses of mail (RFC 5322, addr-spec) that may be written to as they are."""

import re

#: An addr-spec that needs no quoting and no SMTPUTF8; nothing in it can end a header or an SMTP command.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*)"
_PLAIN_ADDRESS = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*@{_LABEL}(?:\.{_LABEL})*")


def is_plain_address(text: str) -> bool:
    """Tell whether the text is one addr-spec that may stand in a header and in an SMTP command as it is."""
    return len(text) <= 254 and _PLAIN_ADDRESS.fullmatch(text) is not None
