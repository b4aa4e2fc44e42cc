"""What goes into which field of a ticket system: templates with a fixed list of placeholders, no code in them."""

import re
from collections.abc import Mapping
from typing import Any

from config.backends import PLACEHOLDERS, Mapped
from records.deliveries import Ticket, Verb

Values = Mapping[str, Mapping[str, str | int | bool]]

_PLACEHOLDER = re.compile(r"\{(" + "|".join(sorted(PLACEHOLDERS)) + r")\}")
_ABOUT = 80  # characters of the customer's words in a title
_ELSE = "*"

#: The body of a ticket where the site wants no other: a line whose placeholders are all empty is left out.
TEXT = """\
{text}

{number}, {channel}, received {received_at}, record due {due_at}
Urgency: {urgency}
Service: {service}
Symptom: {symptom}
Since: {since}
Name: {name}
Organization: {organization}
Phone: {phone}
E-mail: {email}
Messenger: {messenger}
Line: {line}
Account: {account}
Address: {address}
Node: {node}
Equipment: {equipment}
Their number: {reference}"""
TITLE = "[{number}] {service} {symptom} {city} {about}"


def facts(ticket: Ticket) -> dict[str, str]:
    """Give the value of every placeholder; "" where nothing is known."""
    record = ticket.record
    reporter, affected, route = record.reporter, record.affected, record.classification.route
    place = affected.address
    words: dict[str, object] = {
        "number": ticket.external_id, "earlier": ticket.earlier, "text": ticket.text,
        "description": record.description, "about": " ".join(ticket.text.split())[:_ABOUT],
        "order": record.order, "channel": record.channel, "language": record.language,
        "received_at": record.received_at.isoformat(timespec="seconds"),
        "due_at": record.due_at.isoformat(timespec="seconds"),
        "name": reporter.name, "phone": reporter.phone, "email": reporter.email,
        "organization": reporter.organization, "messenger": reporter.messenger,
        "line": affected.line, "account": affected.account, "node": affected.node, "equipment": affected.equipment,
        "city": place.city, "street": place.street, "house": place.house, "building": place.building,
        "entrance": place.entrance, "flat": place.flat,
        "address": ", ".join(filter(None, (place.city, place.street, place.house, place.building, place.flat))),
        "service": record.service, "symptom": record.symptom, "urgency": record.urgency, "since": record.since,
        "reference": record.reference, "group": route.group if route else None,
        "company": route.company if route else None,
    }  # fmt: skip
    return {name: "" if word is None else str(word) for name, word in words.items()}


def note(ticket: Ticket, verb: Verb, settings: Mapped) -> str:
    """Say a follow-up or a withdrawal: its own number in the first line, by which it is known again."""
    if verb is Verb.WITHDRAW:
        return f"{ticket.external_id} withdrawn\n\n{render(settings.withdrawal, facts(ticket))}"
    return f"{ticket.external_id}\n\n{render(settings.note, facts(ticket))}"


class Template:
    """The fields of one kind with the site's changes on them."""

    def __init__(self, settings: Mapped, fields: Mapping[str, str], values: Values) -> None:
        self._fields = {**fields, **settings.fields}
        self._values = {**values, **settings.values}

    def filled(self, ticket: Ticket) -> dict[str, Any]:
        """Give what is sent, nested where a field's name has dots; a field that is empty is left out."""
        known = facts(ticket)
        flat = {where: self._value(where, template, known) for where, template in self._fields.items()}
        return nested({where: value for where, value in flat.items() if value != ""})

    def _value(self, where: str, template: str, known: Mapping[str, str]) -> str | int | bool:
        text = render(template, known)
        table = self._values.get(where)
        return text if table is None else table.get(text, table.get(_ELSE, text))


def render(template: str, known: Mapping[str, str]) -> str:
    """Fill in a template; a line is left out where it has placeholders and all of them are empty."""
    lines = [
        _PLACEHOLDER.sub(lambda found: known[found[1]], line)
        for line in template.split("\n")
        if not (names := _PLACEHOLDER.findall(line)) or any(known[name] for name in names)
    ]
    return re.sub(r" {2,}", " ", "\n".join(lines)).strip() if len(lines) == 1 else "\n".join(lines).strip()


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Make a tree of names with dots: {"a.b": 1} is {"a": {"b": 1}}."""
    tree: dict[str, Any] = {}
    for where, value in flat.items():
        *above, last = where.split(".")
        branch = tree
        for name in above:
            branch = branch.setdefault(name, {})
        branch[last] = value
    return tree
