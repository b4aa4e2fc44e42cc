"""Tells what a message wants of the desk: by rules, and in doubt it is a report, for a report may not be lost."""

import re
from typing import Final

from normalizer.order_rules import ASKS, DOUBTS, FAILS, NUMBERED, OFFERS, RULES, THANKS, UNDONE, Rule
from records.numbers import quoted_numbers
from records.reading import Reading
from records.words import MachineMail, Order

HEAD: Final = 4_000  # characters of the text that are looked at
SHORT: Final = 700  # a longer message tells a fault, whatever else it asks

BRIEF: Final = 160  # characters of a line that says no more than what it asks or adds

_QUESTION = re.compile(r"[?？]|吗\b|请问|notizie|подскажите|сообщите|уточните|when\b|情况|进度")
_ANSWER = re.compile(r"\s*(?:re|r|aw|на|отв|ответ|回复|答复)\s?[:：]", re.IGNORECASE)


def order_of(reading: Reading, language: str | None) -> Order:
    """Tell the order from new text and subject; `language` (ISO 639-1) chooses the rules, None tries all."""
    text = _folded(reading)
    if _is_no_fault(reading, text):
        return Order.NOT_A_FAULT
    if len(text) > SHORT or UNDONE.search(text):
        return Order.REPORT
    named, peaceful = _names_earlier(reading, text), not (FAILS.search(text) or DOUBTS.search(text))
    hits = (rule for rule in _rules(language) if named >= rule.named and peaceful >= rule.peaceful)
    thanks = peaceful and THANKS.search(text) and not ASKS.search(text)
    said = next((rule.order for rule in hits if rule.said.search(text)), None)
    return said or (Order.NOT_A_FAULT if thanks else _brief(text, peaceful=peaceful))


def _brief(text: str, *, peaceful: bool) -> Order:
    """Tell a line about an earlier report that it numbers, in which nothing fails: it asks, or it adds."""
    if not peaceful or len(text) > BRIEF or not (quoted_numbers(text) or NUMBERED.search(text)):
        return Order.REPORT
    return Order.PROGRESS if _QUESTION.search(text) else Order.FOLLOW_UP


def _rules(language: str | None) -> tuple[Rule, ...]:
    """Give the rules of a language, all where it is none of ours."""
    return tuple(rule for rule in RULES if rule.language == language) or RULES


def _folded(reading: Reading) -> str:
    """Give subject and new text with white space folded; the subject of an answer is not new."""
    subject = (reading.subject or "")[:300]
    text = reading.new_text[:HEAD]
    if not _ANSWER.match(subject):
        text = f"{subject}\n{text}"
    text = text.lower().replace("ё", "е").replace("’", "'")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _names_earlier(reading: Reading, text: str) -> bool:
    """Tell whether the message points at an earlier report: by its number, or by answering a mail about it."""
    beside = f"{reading.subject or ''}\n{reading.quoted_text}"[:HEAD]
    return bool(
        reading.in_reply_to
        or any(quoted_numbers(told) or NUMBERED.search(told) for told in (text, beside if reading.quoted_text else ""))
    )


def _is_no_fault(reading: Reading, text: str) -> bool:
    """Tell machine mail, an offer, or a message without any content; bulk mail that reports a fault is a report."""
    if reading.machine_mail not in {None, MachineMail.BULK}:
        return True
    if not text:
        return not (reading.quoted_text or reading.parts or reading.pages or reading.reviews)
    offers = {found[0] for found in OFFERS.finditer(text)}
    fails = bool(FAILS.search(text))
    if reading.machine_mail is MachineMail.BULK:
        return bool(offers) or not fails
    return len(offers) >= 2 and not fails
