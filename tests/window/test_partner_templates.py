"""Templates of partners' mail made at the desk: by seniors, with a preview, kept where they read their own mail."""

from typing import Any

import pytest

from records.arrival import Receipt
from records.people import Role
from storage import partner_templates
from tests.partner_mail import ticket
from tests.storage.reports import card
from tests.window.front import HTML, Client, Window

ACME = ticket("INC-20417", "Fault {number} opened", sender="NOC <noc@acme.example>")
GOOD = {
    "name": "Acme", "senders": "acme.example", "number": "INC-20417", "zone": "Europe/Moscow", "required": "number",
    "label-0": "Номер заявки", "field-0": "number", "label-1": "Суть обращения", "field-1": "description",
    "word-completed": "back in service, done", "answers": "1",
}  # fmt: skip


@pytest.fixture
def mail(either: Window) -> Receipt:
    return either.arrive(ACME, "message/rfc822")


def send(client: Client, mail: Receipt, button: str = "save", **changes: Any) -> Any:
    data = {**GOOD, button: "1", **changes}
    return client.post(f"/reports/{mail.id}/template", data=data, headers=HTML)


def kept(window: Window) -> list[partner_templates.Kept]:
    with window.database.read() as tx:
        return partner_templates.templates(tx)


def test_the_form_begins_with_what_the_mail_shows(either: Window, mail: Receipt) -> None:
    page = either.client("senior").get(f"/reports/{mail.id}/template", headers=HTML)
    assert page.status_code == 200
    assert 'value="acme.example"' in page.text
    assert 'value="INC-20417"' in page.text
    assert "Суть обращения" in page.text
    assert '<option value="description" selected>' in page.text


def test_a_preview_shows_what_is_read_and_keeps_nothing(either: Window, mail: Receipt) -> None:
    page = send(either.client("senior"), mail, "preview")
    assert page.status_code == 200
    assert "INC-20417</dd>" in page.text
    assert "не работает интернет</dd>" in page.text
    assert kept(either) == []


def test_a_template_is_kept_with_its_author_and_given_to_readers(either: Window, mail: Receipt) -> None:
    client = either.client("senior")
    assert send(client, mail).headers["location"] == "/partners?made=acme"
    assert send(client, mail, name="ACME", answers="").status_code == 303
    [one] = kept(either)
    assert (one.slug, one.version, one.author, one.enabled) == ("acme", 2, "senior", True)
    with either.database.read() as tx:
        assert partner_templates.given(tx) == (one.body,)
    assert "acme" in client.get("/partners", headers=HTML).text
    exported = client.get("/partners/acme.toml")
    assert exported.text == one.body
    assert exported.headers["content-disposition"].startswith("attachment")


def test_a_template_is_closed_and_opened(either: Window, mail: Receipt) -> None:
    client = either.client("senior")
    send(client, mail)
    for state, given in (("close", 0), ("open", 1)):
        assert client.post(f"/partners/acme/{state}", data={}, headers=HTML).status_code == 303
        with either.database.read() as tx:
            assert len(partner_templates.given(tx)) == given
    assert [one.version for one in kept(either)] == [3]
    assert client.post("/partners/nobody/close", data={}, headers=HTML).status_code == 404
    assert client.get("/partners/nobody.toml").status_code == 404


@pytest.mark.parametrize(("changes", "says"), [
    ({"name": " "}, "at most 100 characters"),
    ({"name": "—"}, "at most 100 characters"),
    ({"senders": "com"}, "ours are none"),
    ({"senders": "acme.example gmail.com"}, "write the whole address"),
    ({"senders": "faultgate.localhost"}, "ours are none"),
    ({"senders": "noc@faultgate.localhost"}, "ours are none"),
    ({"senders": "acme.example, 'x'"}, "ours are none"),
    ({"senders": "beta.example"}, "this very mail is not known"),
    ({"zone": "Moscow"}, "time zone"),
    ({"required": ["number", "circuits"]}, "does not find what it requires"),
    ({"by_number": "1", "number": "ZZZ-1"}, "this very mail is not known"),
])  # fmt: skip
def test_what_can_t_work_is_not_kept(window: Window, changes: dict[str, Any], says: str) -> None:
    page = send(window.client("senior"), window.arrive(ACME, "message/rfc822"), **changes)
    assert page.status_code == 422
    assert says in page.text
    assert kept(window) == []


@pytest.mark.parametrize("role", [Role.CLERK])
def test_only_seniors_make_templates(window: Window, role: Role) -> None:
    client, mail = window.client(role.value), window.arrive(ACME, "message/rfc822")
    for path in ("/partners", "/partners/acme.toml", f"/reports/{mail.id}/template"):
        assert client.get(path, headers=HTML).status_code == 403
    assert send(client, mail).status_code == 403
    assert client.post("/partners/acme/close", data={}, headers=HTML).status_code == 403


def test_what_is_no_mail_or_kills_its_child_is_told(window: Window) -> None:
    client = window.client("senior")
    for content, media_type in ((b"%PDF-1.7", "application/pdf"), (ACME + b"deadly", "message/rfc822")):
        report = window.arrive(content, media_type)
        assert client.get(f"/reports/{report.id}/template", headers=HTML).status_code == 422
    assert card(window.database, report.report) is not None


def test_a_mail_can_write_nothing_into_a_template_or_a_page(window: Window) -> None:
    hostile = ticket('"] [fields', "<b>{number}", "</pre><script>", sender='"<script>" <noc@acme.example>')
    client, mail = window.client("senior"), window.arrive(hostile, "message/rfc822")
    page = send(client, mail, "preview", name='A"\n[times]\nzone = "x"', **{"label-0": 'x"]\n[[known]]'})
    assert "<script>" not in page.text.replace('<script type="module"', "")
    assert "[[known]]" not in [line.strip() for line in page.text.splitlines()]


def test_each_change_stands_in_the_audit_log(window: Window) -> None:
    client = window.client("senior")
    send(client, window.arrive(ACME, "message/rfc822"))
    client.post("/partners/acme/close", data={}, headers=HTML)
    log = window.client("admin").get("/audit", headers=HTML).text
    assert "template made" in log
    assert "template closed" in log
