"""The knowledge base of typical solutions: their texts, and the search for the best one."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from classifier.phrases import Phrasebook
from classifier.stems import Stems
from records.solution import Solution, Text
from records.words import Service

_HERE = Path(__file__).parent
# BM25 (Robertson and Walker 1994): weight of repetition, and of the length of a solution's words.
_K1, _B = 1.2, 0.5
#: A solution for another service than the report's is less likely, not impossible: the service may be misread.
_OTHER_SERVICE = 0.5


class Match(Struct, frozen=True):
    """One solution found, with its score; scores of one search can be compared, those of two can't."""

    key: str
    score: float


class _Search(Struct, frozen=True, forbid_unknown_fields=True):
    synonyms: Mapping[str, tuple[str, ...]]
    stop: tuple[str, ...]


class Knowledge:
    """All that the sorting table knows: typical solutions, how to find them, and the words of the rules.

    `closed` ones are found no more, but whoever is in the midst of their steps can go on. `doubtful` are texts, by key
    and language, that customers' answers speak against.
    """

    def __init__(
        self, solutions: Mapping[str, Solution], stems: Stems, phrases: Phrasebook,
        closed: frozenset[str] = frozenset(), doubtful: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:  # fmt: skip
        self.solutions = solutions
        self.phrases = phrases
        self.doubtful = doubtful
        self._closed = closed
        self._stems = stems
        self._postings: dict[str, dict[str, float]] = defaultdict(dict)
        self._index()

    @classmethod
    def load(cls) -> "Knowledge":
        """Read the data files of this room. Raises msgspec.ValidationError or ValueError for a file that is wrong."""
        solutions: dict[str, Solution] = {}
        for file in sorted((_HERE / "solutions").glob("*.toml")):
            solutions |= msgspec.toml.decode(file.read_bytes(), type=dict[str, Solution])
        search = msgspec.toml.decode((_HERE / "search.toml").read_bytes(), type=_Search)
        return cls(solutions, Stems(search.synonyms, search.stop), Phrasebook.load(_HERE / "words"))

    def with_solutions(
        self, solutions: Mapping[str, Solution], closed: frozenset[str], doubtful: frozenset[tuple[str, str]]
    ) -> "Knowledge":
        """Give the same knowledge with other solutions; takes some 20 ms, for every term is weighed anew."""
        return Knowledge(solutions, self._stems, self.phrases, closed, doubtful)

    def language(self, key: str, language: str | None) -> str:
        """Tell in which language a solution is told to whom we write in this one. Raises KeyError for no such key."""
        return self.solutions[key].spoken(language)

    def text(self, key: str, language: str | None) -> str:
        """Give a solution's title and numbered steps for the customer; else in English, else in Russian."""
        chosen = self._text(key, language)
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(chosen.steps, 1))
        return f"{chosen.title}\n\n{steps}\n"

    def steps(self, key: str, language: str | None) -> tuple[str, ...]:
        """Give a solution's steps for the customer, in the language of its text; none for a solution that is gone."""
        return self._text(key, language).steps if key in self.solutions else ()

    def best(self, query: str, language: str | None, service: Service | None) -> list[Match]:
        """Give the solutions that have words in common with the query, best first."""
        scores: dict[str, float] = defaultdict(float)
        for term in dict.fromkeys(self._stems.of(query, language)):
            for key, weight in self._postings.get(term, {}).items():
                scores[key] += weight
        matches = [Match(key, score * self._fit(key, service)) for key, score in scores.items()]
        return sorted(matches, key=lambda match: (-match.score, match.key))

    def _text(self, key: str, language: str | None) -> Text:
        return self.solutions[key].text[self.language(key, language)]

    def _fit(self, key: str, service: Service | None) -> float:
        fits = service is None or service in self.solutions[key].services
        return 1.0 if fits else _OTHER_SERVICE

    def _index(self) -> None:
        """Weigh every term of every solution's title and words once, so that a search only adds up."""
        terms = {(key, language): Counter(self._terms(key, language))
                 for key, solution in self.solutions.items() if key not in self._closed
                 for language in solution.text}  # fmt: skip
        spread = Counter(term for _, term in {(key, term) for (key, _), counted in terms.items() for term in counted})
        mean = {language: self._mean_length(terms, language) for _, language in terms}
        for (key, language), counted in terms.items():
            length = 1 - _B + _B * counted.total() / mean[language]
            for term, count in counted.items():
                rare = math.log(1 + (len(self.solutions) - spread[term] + 0.5) / (spread[term] + 0.5))
                weight = rare * count * (_K1 + 1) / (count + _K1 * length)
                self._postings[term][key] = max(weight, self._postings[term].get(key, 0.0))

    def _terms(self, key: str, language: str) -> list[str]:
        solution = self.solutions[key]
        texts = (solution.text[language].title, *solution.words.get(language, ()))
        return [term for text in texts for term in self._stems.of(text, language)]

    @staticmethod
    def _mean_length(terms: Mapping[tuple[str, str], "Counter[str]"], language: str) -> float:
        lengths = [counted.total() for (_, of), counted in terms.items() if of == language]
        return sum(lengths) / len(lengths)
