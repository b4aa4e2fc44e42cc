"""Read the wiring file; what it does not know it refuses, with the nearest known name."""

import difflib
import re
from pathlib import Path
from typing import Any

import msgspec

from config import backends, partners, routes, settings
from config.settings import Settings
from records import words

_UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]*)`")
_NO_WORD = re.compile(r"Invalid enum value '(?P<word>[^']*)' - at `\$\.routes\[")


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
    field, word = _UNKNOWN.search(error), _NO_WORD.search(error)
    near: list[str] = []
    if field is not None:
        near = difflib.get_close_matches(field["field"], _known_names(), n=1, cutoff=0.5)
    elif word is not None:
        near = difflib.get_close_matches(word["word"], _known_words(), n=1, cutoff=0.5)
    return f"; did you mean `{near[0]}`?" if near else ""


def _known_names() -> list[str]:
    named = [*vars(settings).values(), *vars(backends).values(), *vars(partners).values(), *vars(routes).values()]
    structs: list[Any] = [one for one in named if isinstance(one, type(msgspec.Struct))]
    return sorted({field for struct in structs for field in struct.__struct_fields__})


def _known_words() -> list[str]:
    """Give the values of every vocabulary that a routing row may name, and those of its literals."""
    vocabularies = (words.Order, words.Disposition, words.Service, words.Symptom, words.Urgency, words.Customer)
    return sorted({"undecided", *words.Mode, *(one.value for vocabulary in vocabularies for one in vocabulary)})
