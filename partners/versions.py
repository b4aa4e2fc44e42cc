"""The two versions of TMF621 that are served: where each lies, and what it is written in."""

import re
from typing import Final

#: basePath of the official files, with the version in it.
ROOT: Final = "/tmf-api/troubleTicket/v{version}"
VERSIONS: Final = (4, 5)
_PATH: Final = re.compile(r"/tmf-api/troubleTicket/v([45])(?:/|$)")


def version_of(path: str) -> int:
    """Tell the version that a path belongs to; 5 for any other."""
    found = _PATH.match(path)
    return int(found[1]) if found else 5


def media_type(version: int) -> str:
    """Give the Content-Type of answers, exactly as the official file has it."""
    return "application/json;charset=utf-8" if version == 4 else "application/json"
