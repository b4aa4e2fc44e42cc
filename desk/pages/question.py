"""The question to the sender, as it is proposed: in his language, naming what is missing."""

from msgspec import Struct

from desk.actions import Seen
from desk.page import Page
from desk.translation import LANGUAGES


class Question(Struct, frozen=True, kw_only=True):
    """What would be asked, and where to."""

    way: str | None  # an address, or the chat; None: there is none to write to
    text: str
    language: str


def question(page: Page, seen: Seen) -> Question:
    """Propose a question about a report."""
    record = seen.record
    language = record.language if record and record.language in LANGUAGES else page.wired.settings.desk.language
    speech = page.speech_of(language)
    lines = [f"– {speech.field(name)}" for name in (record.missing if record else ())]
    asked = "\n".join(lines) or "– "
    text = speech.gettext(
        "We have received your report %(number)s. To go on with it we need to know:\n\n%(asked)s\n\n"
        "Please answer this message.",
        number=seen.kept.id, asked=asked,
    )  # fmt: skip
    way = seen.kept.envelope.chat or (record.reporter.email if record else None)
    return Question(way=way, text=text, language=language)
