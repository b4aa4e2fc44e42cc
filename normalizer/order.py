"""Tells what a message wants of the desk: by rules, and in doubt it is a report, for a report may not be lost."""

import re
from typing import Final

from normalizer.order_rules import ASKS, FAILS, NUMBERED, OFFERS, RULES, THANKS, UNDONE, Rule
from records.numbers import quoted_numbers
from records.reading import Reading
from records.words import MachineMail, Order

HEAD: Final = 4_000  # characters of the text that are looked at
SHORT: Final = 700  # a longer message tells a fault, whatever else it asks

_ANSWER = re.compile(r"\s*(?:re|r|aw|на|отв|ответ|回复|答复)\s?[:：]", re.IGNORECASE)


def order_of(reading: Reading, language: str | None) -> Order:
    """Tell the order from new text and subject; `language` (ISO 639-1) chooses the rules, None tries all."""
    text = _folded(reading)
    if _is_no_fault(reading, text):
        return Order.NOT_A_FAULT
    if len(text) > SHORT or UNDONE.search(text):
        return Order.REPORT
    named, peaceful = _names_earlier(reading, text), not FAILS.search(text)
    hits = (rule for rule in _rules(language) if named >= rule.named and peaceful >= rule.peaceful)
    thanks = peaceful and THANKS.search(text) and not ASKS.search(text)
    return next((rule.order for rule in hits if rule.said.search(text)), Order.NOT_A_FAULT if thanks else Order.REPORT)


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
