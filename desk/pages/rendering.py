"""Templates to HTML: one Jinja2 environment a language, everything escaped."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.pages.assets import asset
from desk.translation import LANGUAGES, Speech

_TEMPLATES = Path(__file__).parents[1] / "templates"


class Rendering:
    """The templates in every language. Every template knows `_`, `ngettext`, `speech`, `languages` and `asset`."""

    def __init__(self, zone: str) -> None:
        """`zone`: the desk's time zone, a name of the tz database."""
        self.speeches = {language: Speech(language, zone) for language in LANGUAGES}
        self._environments = {language: _environment(speech) for language, speech in self.speeches.items()}

    def html(self, language: str, template: str, values: Mapping[str, Any]) -> str:
        """Fill one template in one language. Raises KeyError for an unknown language."""
        return self._environments[language].get_template(template).render(values)


def _environment(speech: Speech) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(
        _=speech.gettext, ngettext=speech.ngettext, speech=speech, languages=LANGUAGES, asset=asset
    )
    return environment
