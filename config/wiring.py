"""Read the wiring file; what it does not know it refuses, with the nearest known name."""

import difflib
import re
from pathlib import Path
from typing import Any

import msgspec

from config import backends, settings
from config.settings import Settings

_UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]*)`")


class BadWiring(Exception):
    """The wiring file can't be used; the text names the key and the remedy."""


def load(path: Path | None) -> Settings:
    """Read the settings of a wiring file, the defaults where none is given. Raises BadWiring."""
    if path is None:
        return Settings()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise BadWiring(f"{path}: {error.strerror}: give the wiring file with --config") from error
    except UnicodeDecodeError as error:
        raise BadWiring(f"{path}: byte {error.start} is no UTF-8: save the wiring file as UTF-8") from error
    except msgspec.DecodeError as error:
        raise BadWiring(f"{path}: {error}{_nearest(str(error))}") from error


def _nearest(error: str) -> str:
    found = _UNKNOWN.search(error)
    if found is None:
        return ""
    near = difflib.get_close_matches(found["field"], _known_names(), n=1, cutoff=0.5)
    return f"; did you mean `{near[0]}`?" if near else ""


def _known_names() -> list[str]:
    named = [*vars(settings).values(), *vars(backends).values()]
    structs: list[Any] = [one for one in named if isinstance(one, type(msgspec.Struct))]
    return sorted({field for struct in structs for field in struct.__struct_fields__})
