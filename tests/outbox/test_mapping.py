"""What goes into which field: templates that hold no code, and values by table."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.backends import PLACEHOLDERS, RequestTracker
from config.secrets import Secret
from outbox.backends.mapping import TEXT, TITLE, Template, facts, nested, note, render
from records.deliveries import Verb
from records.record import Affected, Classification, PostalAddress, Reporter, Route
from records.words import Service, Symptom, Urgency
from tests.outbox.situations import fault_record, ticket

FULL = replace(
    ticket(7, after=3),
    text="No internet\nsince Tuesday",
    record=fault_record(
        reporter=Reporter(name="Галина", phone="+79161234567", organization="ООО", messenger="@g"),
        affected=Affected(
            line="+74951234567", account="4411", node="TVR-1", equipment="ONT",
            address=PostalAddress(city="Тверь", street="Ленина", house="64/1", building="2", entrance="1", flat="5"),
        ),
        service=Service.BROADBAND, symptom=Symptom.NO_SERVICE, urgency=Urgency.URGENT, since=date(2026, 11, 17),
        reference="INC1", classification=Classification(route=Route(line=2, group="Access", company="Volga")),
    ),
)  # fmt: skip


def settings(**changes: object) -> RequestTracker:
    return RequestTracker(url="https://rt.example.net", token=Secret(env="RT"), **changes)  # type: ignore[arg-type]


def test_every_placeholder_has_a_value_and_no_other() -> None:
    assert facts(FULL).keys() == facts(ticket(1)).keys() == PLACEHOLDERS
    assert {name for name, value in facts(FULL).items() if not value} == {"email"}


def test_the_worked_title_and_text() -> None:
    known = facts(FULL)

    assert render(TITLE, known) == "[FR-2026-0000007] broadband no_service Тверь No internet since Tuesday"
    text = render(TEXT, known)
    assert text.startswith("No internet\nsince Tuesday\n\nFR-2026-0000007, mail, received 2026-11-21T07:03:11+00:00")
    assert "Address: Тверь, Ленина, 64/1, 2, 5\n" in text
    assert "E-mail" not in text  # of what is not known there is no line


def test_the_site_s_templates_and_values_are_laid_over_the_kind_s() -> None:
    mapping = {
        "fields": {"Queue": "{service}", "CustomFields.Group": "{company}: {group}", "Priority": "", "Due": "{since}"},
        "values": {"Queue": {"broadband": "Net", "*": "Desk"}},
    }
    template = Template(settings(**mapping), {"Subject": "{number}", "Priority": "{urgency}"}, {})

    assert template.filled(FULL) == {
        "Subject": "FR-2026-0000007", "Queue": "Net", "CustomFields": {"Group": "Volga: Access"}, "Due": "2026-11-17",
    }  # fmt: skip
    assert template.filled(ticket(8)) == {"Subject": "FR-2026-0000008", "Queue": "Desk"}


def test_values_may_be_numbers_and_truths() -> None:
    values = {"urgency": {"urgent": 5}, "always": {"no": False}}
    template = Template(settings(fields={"urgency": "{urgency}", "always": "no"}, values=values), {}, {})

    assert template.filled(FULL) == {"urgency": 5, "always": False}


def test_an_unknown_placeholder_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"Subject: no placeholder is named \{phone_number\}: there are about"):
        settings(fields={"Subject": "{phone_number}"})
    wiring = b'kind="request_tracker"\nurl="https://x"\ntoken={env="T"}\nnote="{x.__class__}"'
    with pytest.raises(msgspec.ValidationError, match="note: no placeholder"):
        msgspec.toml.decode(wiring, type=RequestTracker)


@given(st.text())
def test_what_the_customer_writes_is_never_a_template(text: str) -> None:
    known = {**facts(FULL), "text": text + "{number}{{text}}"}

    assert render("<{text}>", known) == f"<{text}{{number}}{{{{text}}}}>".strip() or "  " in text


def test_a_note_begins_with_its_own_number() -> None:
    assert note(FULL, Verb.AMEND, settings()) == "FR-2026-0000007\n\nNo internet\nsince Tuesday"
    told = note(FULL, Verb.WITHDRAW, settings(withdrawal="Клиент отменяет {earlier}."))
    assert told == "FR-2026-0000007 withdrawn\n\nКлиент отменяет FR-2026-0000003."


def test_names_with_dots_are_a_tree() -> None:
    assert nested({"a.b": 1, "a.c": 2, "d": 3}) == {"a": {"b": 1, "c": 2}, "d": 3}
