"""Typical solutions: what the knowledge base holds, and what one must have before a customer may be sent it."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from records.words import Service, Symptom

#: The languages that a solution may speak; one of them is enough, others fall back to English, then to Russian.
LANGUAGES = ("ru", "en", "it", "zh")
KEY_LENGTH, TITLE_LENGTH, STEP_LENGTH, WORDS_LENGTH = 60, 200, 1000, 200  # characters
MOST_STEPS, MOST_WORDS, MOST_FACTS = 20, 60, 30
#: Customers' answers speak against a text where at least so many came and fewer than this share said that it helped.
ENOUGH_ANSWERS, HELPS_ENOUGH = 10, 0.5
#: Answers older than this count no more, so a text that was held back is tried again.
ANSWERS_COUNT = timedelta(days=90)


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """What the customer reads."""

    title: str
    steps: tuple[str, ...]


class Solution(Struct, frozen=True, forbid_unknown_fields=True):
    """One typical solution; `words` are what customers say, by language.

    `conditions` and `not_when` are facts in the rules' words (`classifier.facts`): all of the first must be known of a
    report, and none of the second, or it is not offered.
    """

    services: frozenset[Service]
    symptoms: frozenset[Symptom]
    words: Mapping[str, tuple[str, ...]]
    text: Mapping[str, Text]
    conditions: frozenset[str] = frozenset()
    not_when: frozenset[str] = frozenset()

    def spoken(self, language: str | None) -> str:
        """Tell in which language it is told to whom we write in this one: else English, else Russian, else any."""
        return next(choice for choice in (language or "", "en", "ru", *sorted(self.text)) if choice in self.text)


class WrongSolution(ValueError):
    """A solution that can't be kept; `problem` tells what is wrong, `name` the language or the fact."""

    def __init__(self, problem: str, name: str = "") -> None:
        super().__init__(f"{problem}: {name}" if name else problem)
        self.problem = problem  # a key of PROBLEMS
        self.name = name


#: What can be wrong with a solution, in English; the desk translates it.
PROBLEMS: Mapping[str, str] = {
    "key": "A name is 2 to 60 small Latin letters, digits and hyphens.",
    "service": "Choose at least one service.",
    "text": "Write a title and steps in at least one language.",
    "language": "There are no texts in the language %(name)s.",
    "title": "The title (%(name)s) is missing, or longer than 200 characters.",
    "steps": "There must be 1 to 20 steps (%(name)s), each of at most 1000 characters.",
    "words": "There may be at most 60 customers' phrases (%(name)s), each of at most 200 characters.",
    "control": "A control character stands in the text (%(name)s).",
    "fact": "No fact is called %(name)s.",
    "facts": "There are too many facts.",
}


def checked_key(key: str) -> str:
    """Give the name of a solution; raises WrongSolution where it is none."""
    plain = key.replace("-", "a")
    if not (2 <= len(key) <= KEY_LENGTH and plain.isascii() and plain.isalnum() and plain == plain.lower()):
        raise WrongSolution("key")
    return key


def checked(solution: Solution, facts: frozenset[str]) -> Solution:
    """Give the solution with each language that has a text; raises WrongSolution. `facts`: all that may be named."""
    if not solution.services:
        raise WrongSolution("service")
    if not solution.text:
        raise WrongSolution("text")
    for language in sorted({*solution.text, *solution.words}):
        if language not in LANGUAGES or language not in solution.text:
            raise WrongSolution("language" if language not in LANGUAGES else "title", language)
        _check_language(solution, language)
    if len(solution.conditions) + len(solution.not_when) > MOST_FACTS:
        raise WrongSolution("facts")
    for fact in sorted((solution.conditions | solution.not_when) - facts):
        raise WrongSolution("fact", fact[:KEY_LENGTH])
    return replace(solution, words={language: solution.words.get(language, ()) for language in solution.text})


def is_doubtful(helped: int, not_helped: int) -> bool:
    """Tell whether customers' answers speak against a text."""
    answers = helped + not_helped
    return answers >= ENOUGH_ANSWERS and helped < HELPS_ENOUGH * answers


def _check_language(solution: Solution, language: str) -> None:
    text, words = solution.text[language], solution.words.get(language, ())
    if not 0 < len(text.title.strip()) <= TITLE_LENGTH:
        raise WrongSolution("title", language)
    if not 0 < len(text.steps) <= MOST_STEPS or not all(0 < len(one.strip()) <= STEP_LENGTH for one in text.steps):
        raise WrongSolution("steps", language)
    if len(words) > MOST_WORDS or not all(0 < len(one.strip()) <= WORDS_LENGTH for one in words):
        raise WrongSolution("words", language)
    for line in (text.title, *text.steps, *words):
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in line):
            raise WrongSolution("control", language)
