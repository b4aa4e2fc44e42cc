"""The models that decide, as the worker has them: looked for anew every minute, so a promotion needs no restart."""

import logging
import threading
import time

from classifier.model import Model
from storage import models
from storage.database import Database

log = logging.getLogger("faultgate.models")

FRESH = 60.0  # seconds for which what was found is believed


class Models:
    """One promoted model a language, loaded when it is first asked for. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = threading.Lock()
        self._looked = float("-inf")
        self._versions: dict[str, str] = {}
        self._loaded: dict[str, Model] = {}

    def of(self, language: str | None) -> Model | None:
        """Give the model that decides on texts of a language; None where there is none."""
        with self._looking:
            self._look()
            wanted = self._versions.get(language or "")
            known = self._loaded.get(language or "")
            if wanted is None or language is None:
                return None
            if known is None or known.version != wanted:
                known = self._load(language)
            return known

    def _look(self) -> None:
        if time.monotonic() - self._looked > FRESH:
            with self._database.read() as tx:
                self._versions = models.promoted(tx)
            self._looked = time.monotonic()

    def _load(self, language: str) -> Model | None:
        with self._database.read() as tx:
            content = models.content(tx, language)
        try:
            model = Model.load(content) if content else None
        except ValueError:
            log.exception("the model of %s can't be used: `faultgate model train %s`", language, language)
            self._versions.pop(language, None)
            return None
        if model is not None:
            self._loaded[language] = model
        return model
