"""A mass outage: what each of its reporters is told, and what the tickets of its reports are told."""

from msgspec.structs import replace

from outbox.plan import Planned, Situation, answering
from outbox.texts import language_for, words
from records.deliveries import Kind, Ticket, Verb
from records.outage import Outage, OutageState


def told(situation: Situation, outage: Outage) -> tuple[Planned, ...]:
    """Tell what leaves for one of its reporters: one reply under the rules of `outbox.policy`, or nothing.

    While it lasts that is its cause and expected end, and at its end the question whether it works; each once.
    """
    kind = Kind.OUTAGE_OVER if outage.state is OutageState.OVER else Kind.OUTAGE
    return tuple(
        replace(
            one, key=f"{kind}/{outage.id}/{situation.report}",
            reply=replace(one.reply, outage=outage.cause, until=outage.expected_end),
        )
        for one in answering(replace(situation, question=None), kind)
        if one.reply is not None
    )  # fmt: skip


def noted(situation: Situation, outage: Outage, master: str, backend: str) -> Planned:
    """Note on a report's ticket which report stands for the whole outage; `master`: its number."""
    number, language = situation.record.id or "", language_for(situation.record.language)
    ticket = Ticket(
        external_id=f"{number}/outage/{outage.id}", record=situation.record, earlier=number,
        text=words()[language].ticket.outage.format(number=master),
    )  # fmt: skip
    return Planned(
        verb=Verb.AMEND, backend=backend, key=note_key(backend, outage.id, situation.report), ticket=ticket
    )  # fmt: skip


def note_key(backend: str, outage: int, report: int) -> str:
    """Give the idempotency key of such a note, as `storage.outage_answers` looks for it."""
    return f"{Verb.AMEND}/{backend}/{Kind.OUTAGE}/{outage}/{report}"
