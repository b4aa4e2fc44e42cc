"""A template made from a mail and from what a person says of it. It runs in a guarded child: the mail is anybody's."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from normalizer.context import Context
from normalizer.partners.filling import Filled
from normalizer.partners.knowing import known_by
from normalizer.partners.labels import labels_of, pairs, plain
from normalizer.partners.lines import kinds, lines
from normalizer.partners.numbers import candidates, pattern_of
from normalizer.partners.template import Broken, Known, Template, load
from normalizer.readers import read
from normalizer.readers.clean import clean_line
from normalizer.readers.sniffing import MAIL
from records.partner import Window
from records.partner_template import Draft, Label, Look, Made, PartnerField, Reads, Wanted
from records.reading import Reading
from records.record import OriginalRef

_LABELS: Final = 60  # that are shown
_VALUE: Final = 200  # characters of a value that is shown
_SHARED: Final = labels_of(Template(name="", known=(Known(),)))


def make(wanted: Wanted) -> Made:
    """Look at a mail; where something is said of it, make a template and show what it reads in this and in others."""
    first = wanted.mails[0]
    look = _look(first, _reading(first, wanted.at))
    if wanted.draft is None:
        return Made(look=look)
    body = toml(wanted.draft, look.subject)
    try:
        template = load(body, wanted.draft.name)
    except Broken as trouble:
        return Made(look=look, problem=str(trouble))
    reads = tuple(_reads(template, mail, _reading(mail, wanted.at), wanted.at) for mail in wanted.mails)
    return Made(look=look, body=body, reads=reads)


def toml(draft: Draft, subject: str) -> str:
    """Write a template file; `subject`: of the mail in which the number stands."""
    pattern = pattern_of(draft.number, subject) if draft.number else ""
    known = [f"sender = {_value(draft.senders)}"]
    if draft.by_number and pattern:
        known.append(f"subject = {_value(pattern)}")
    head = [
        f"name = {_value(draft.name)}", f"known = [{{ {', '.join(known)} }}]", f"required = {_value(draft.required)}",
        *(["answers = true"] if draft.answers else []),
    ]  # fmt: skip
    zone = ["", "[times]", f"zone = {_value(draft.zone)}", *(['first = "month"'] if draft.month_first else [])]
    words = [f"{state.value} = {_value(said)}" for state, said in draft.status_words.items() if said]
    states = ["", "[status_words]", *words] if words else []
    return "\n".join([*head, *_fields(draft, pattern), *states, *zone]) + "\n"


def _fields(draft: Draft, pattern: str) -> Iterator[str]:
    for field in PartnerField:
        labels = [label for label, meant in draft.labels.items() if meant is field]
        patterns = [pattern] if pattern and field is PartnerField.NUMBER else []
        if labels or patterns:
            yield from ("", f"[fields.{field.value}]")
            yield from ([f"labels = {_value(labels)}"] if labels else [])
            yield from ([f"patterns = {_value(patterns)}"] if patterns else [])


def _value(told: str | Sequence[str]) -> str:
    """Write a basic string or a list of them (TOML 1.0), of one clean line each."""
    if isinstance(told, str):
        return json.dumps(clean_line(told, 1_000), ensure_ascii=False)
    return f"[{', '.join(_value(one) for one in told)}]"


def _look(content: bytes, reading: Reading) -> Look:
    told, subject = lines(content), (reading.subject or "")[:500]
    found: dict[str, Label] = {}
    for label, value in (*pairs(told.sure), *pairs(told.text)):
        meant = _SHARED.get(plain(label))
        field = PartnerField(meant) if meant in set(PartnerField) else None
        found.setdefault(plain(label), Label(text=label, value=value[:_VALUE], field=field))
        if len(found) >= _LABELS:
            break
    labels = tuple(found.values())
    stated = [one.value for one in labels if one.field is PartnerField.NUMBER]
    return Look(
        subject=subject, sender=((reading.from_ and reading.from_.address) or "").lower(),
        numbers=tuple(dict.fromkeys((*candidates(subject), *stated)))[:10], kinds=tuple(kinds(content)), labels=labels,
    )  # fmt: skip


def _reads(template: Template, content: bytes, reading: Reading, at: datetime) -> Reads:
    filled = Filled(template, reading.subject or "", lines(content), at.date())
    ticket = filled.ticket()
    values = {
        **{field: filled.first(field.value) for field in PartnerField},
        PartnerField.CIRCUITS: ", ".join(ticket.circuits),
        PartnerField.WINDOW: "; ".join(map(_window, ticket.windows)),
    }
    return Reads(
        subject=(reading.subject or "")[:500], known=bool(known_by(content, reading, [template])),
        lacking=tuple(PartnerField(one) for one in template.required if not filled.found.get(one)),
        values=tuple((field, value[:_VALUE]) for field, value in values.items() if value), status=ticket.status,
    )  # fmt: skip


def _window(window: Window) -> str:
    return " – ".join(f"{side:%Y-%m-%d %H:%M} UTC" if side else "?" for side in (window.start, window.end))


def _reading(content: bytes, at: datetime) -> Reading:
    original = OriginalRef(media_type=MAIL, size=len(content), sha256="")
    context = Context(id=None, channel="desk", received_at=at, due_at=at + timedelta(hours=2), original=original)
    return read(content, MAIL, context)
