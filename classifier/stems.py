"""Words as the knowledge base is searched by: stems, synonyms made one, pairs of characters for Chinese."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import snowballstemmer

from classifier.tokens import BREAK, tokens

_STEMMERS = {language: snowballstemmer.stemmer(name) for language, name in
             (("ru", "russian"), ("en", "english"), ("it", "italian"))}  # fmt: skip


class Stems:
    """Turns text into search terms; `synonyms` maps a word or a stem to the one that stands for all of them."""

    def __init__(self, synonyms: Mapping[str, Iterable[str]], stop: Iterable[str]) -> None:
        self._canonical = {_stem(word, language): canonical
                           for canonical, words in synonyms.items()
                           for word in words
                           for language in (("ru",) if word[0] >= "\u0400" else ("en", "it"))}  # fmt: skip
        self._stop = frozenset(stop)

    def of(self, text: str, language: str | None) -> list[str]:
        """Give the search terms of a text, in order; Latin words are taken for Italian or else for English."""
        latin = "it" if language == "it" else "en"
        terms: list[str] = []
        before = ""
        for word in tokens(text):
            if word in self._stop or word == BREAK:
                before = ""
            elif "\u3400" <= word[0] <= "\u9fff":
                if before:
                    terms.append(before + word)
                before = word
            else:
                before = ""
                terms.append(self._term(word, latin))
        return terms

    def _term(self, word: str, latin: str) -> str:
        stem = _stem(word, "ru" if word[0] >= "\u0400" else latin)
        return self._canonical.get(stem, stem)


@lru_cache(maxsize=8192)  # the stemmer is pure Python, and customers' words repeat
def _stem(word: str, language: str) -> str:
    if len(word) < 4:
        return word
    stem: str = _STEMMERS[language].stemWord(word)
    return stem
