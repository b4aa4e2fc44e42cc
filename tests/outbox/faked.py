"""Rigs of the kinds whose other side is a fake."""

from base64 import b64decode
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from config import backends as kinds
from config.settings import Backend as Settings
from tests.outbox.fakes.glpi import Glpi
from tests.outbox.fakes.helix import Helix
from tests.outbox.fakes.jira import FIELD, Jira
from tests.outbox.fakes.server import Fake, running
from tests.outbox.fakes.servicenow import ServiceNow
from tests.outbox.fakes.zammad import Zammad
from tests.outbox.fakes.znuny import Znuny
from tests.outbox.faulty import faulty
from tests.outbox.rigs import Files, Rig, over, secret


def rig(
    stack: ExitStack,
    fake: Fake,
    settings: Callable[[str], Settings],
    texts: Callable[[str], list[list[str]]],
    files: Callable[[str], Files],
) -> Rig:
    """Wire a fake; `settings` takes a URL, `texts` gives the notes' texts of each ticket that holds a number.

    `files` gives those of a number's tickets.
    """
    line = stack.enter_context(faulty(stack.enter_context(running(fake))))

    def said(earlier: str, number: str) -> int:
        return sum(text.startswith(number) for notes in texts(earlier) for text in notes)

    return over(line, settings(line.url), lambda number: len(texts(number)), said, files)


def zammad(stack: ExitStack, folder: Path) -> Rig:
    fake = Zammad()
    token = secret(folder, "right")
    return rig(
        stack, fake, lambda url: kinds.Zammad(url=url, token=token, timeout=1),
        lambda number: [
            [str(one["subject"]) for one in fake.articles[key]]
            for key, ticket in fake.tickets.items() if ticket[fake.field] == number
        ],
        lambda number: [
            (file["filename"], b64decode(file["data"])) for key, ticket in fake.tickets.items()
            if ticket[fake.field] == number for one in fake.articles[key] for file in one.get("attachments", [])
        ],
    )  # fmt: skip


def znuny(stack: ExitStack, folder: Path) -> Rig:
    fake = Znuny()
    password = secret(folder, "right")
    return rig(
        stack, fake, lambda url: kinds.Znuny(url=url, user="gate", password=password, timeout=1),
        lambda number: [
            [str(one["Subject"]) for one in ticket["Article"]]
            for ticket in fake.tickets.values() if ticket["DynamicField"][0]["Value"] == number
        ],
        lambda number: [
            (file["Filename"], b64decode(file["Content"])) for ticket in fake.tickets.values()
            if ticket["DynamicField"][0]["Value"] == number
            for one in ticket["Article"] for file in one.get("Attachment", [])
        ],
    )  # fmt: skip


def servicenow(stack: ExitStack, folder: Path) -> Rig:
    fake = ServiceNow()
    token = secret(folder, "right")
    return rig(
        stack, fake, lambda url: kinds.ServiceNow(url=url, token=token, timeout=1),
        lambda number: [
            [one["value"] for one in fake.journal if one["element_id"] == key]
            for key, row in fake.rows.items() if row[fake.column] == number
        ],
        lambda number: [
            file for key, row in fake.rows.items() if row[fake.column] == number for file in fake.files.get(key, [])
        ],
    )  # fmt: skip


def helix(stack: ExitStack, folder: Path) -> Rig:
    fake = Helix()
    password = secret(folder, "right")
    return rig(
        stack, fake,
        lambda url: kinds.Helix(
            url=url, user="gate", password=password, first_name="Fault", last_name="Gate", timeout=1
        ),
        lambda number: [
            [str(one["Description"]) for one in fake.logs if one["Incident Number"] == key]
            for key, incident in fake.incidents.items() if incident[fake.field] == number
        ],
        lambda number: [
            file for key, incident in fake.incidents.items() if incident[fake.field] == number
            for file in fake.files.get(key, [])
        ],
    )  # fmt: skip


def jira(stack: ExitStack, folder: Path) -> Rig:
    fake = Jira()
    token = secret(folder, "right")
    return rig(
        stack, fake,
        lambda url: kinds.JiraServiceManagement(
            url=url, token=token, user="gate@isp.example", service_desk="4", request_type="17", id_field=FIELD, lag=0,
            timeout=1,
        ),
        lambda number: [
            [str(one["body"]) for one in fake.comments[key]]
            for key, issue in fake.issues.items() if issue["fields"][FIELD] == number
        ],
        lambda number: [
            file for key, issue in fake.issues.items() if issue["fields"][FIELD] == number
            for file in fake.files.get(key, [])
        ],
    )  # fmt: skip


def glpi(stack: ExitStack, folder: Path) -> Rig:
    fake = Glpi()
    user, app = secret(folder, "right"), secret(folder, "app", "app")
    return rig(
        stack, fake, lambda url: kinds.Glpi(url=url, user_token=user, app_token=app, timeout=1),
        lambda number: [
            [str(one["content"]).removeprefix("&lt;p&gt;") for one in fake.followups[key]]
            for key, ticket in fake.tickets.items() if ticket["externalid"] == number
        ],
        lambda number: [
            file for key, ticket in fake.tickets.items() if ticket["externalid"] == number
            for file in fake.files.get(key, [])
        ],
    )  # fmt: skip
