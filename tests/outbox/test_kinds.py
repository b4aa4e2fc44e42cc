"""Each system's own ways, as its documentation tells them; the fakes say where that is."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config import backends as kinds
from outbox.backends import Backend, backend
from records.arrival import TryAgain
from records.deliveries import Refused
from records.words import Urgency
from tests.outbox.fakes.glpi import Glpi
from tests.outbox.fakes.helix import Helix
from tests.outbox.fakes.jira import FIELD, Jira
from tests.outbox.fakes.server import Asked, Told, running
from tests.outbox.fakes.servicenow import ServiceNow
from tests.outbox.fakes.zammad import Zammad
from tests.outbox.fakes.znuny import Znuny
from tests.outbox.rigs import secret, tools
from tests.outbox.situations import fault_record, ticket

LONG = replace(ticket(7), text="x" * 2000, record=fault_record(urgency=Urgency.URGENT))


def wired(settings: kinds.External) -> Backend:
    return backend("desk", settings, tools())


def znuny(url: str, folder: Path, word: str = "right", **changes: Any) -> Backend:
    return wired(kinds.Znuny(url=url, user="gate", password=secret(folder, word), **changes))


def helix(url: str, folder: Path, **changes: Any) -> Backend:
    password = secret(folder, "right")
    return wired(kinds.Helix(url=url, user="gate", password=password, first_name="F", last_name="G", **changes))


def jira(url: str, folder: Path, **changes: Any) -> Backend:
    house = {"user": "gate@isp.example", "service_desk": "4", "request_type": "17", "id_field": FIELD, "lag": 0.0}
    return wired(kinds.JiraServiceManagement(url=url, token=secret(folder, "right"), **{**house, **changes}))


def test_znuny_s_errors_come_with_status_200(tmp_path: Path) -> None:
    with running(Znuny()) as url:
        with pytest.raises(Refused, match=r"desk says TicketCreate\.InvalidParameter: .*Queue parameter is invalid"):
            znuny(url, tmp_path, queue="Nowhere").create(ticket(7))
        with pytest.raises(TryAgain, match=r"AuthFail: .*are the credentials of backends\.desk right"):
            znuny(url, tmp_path, word="wrong").find("FR-2026-0000007")


def test_znuny_s_password_is_in_no_address(tmp_path: Path) -> None:
    asked: list[Asked] = []

    class Listening(Znuny):
        def answer(self, one: Asked) -> Told:
            asked.append(one)
            return super().answer(one)

    with running(Listening()) as url:
        desk = znuny(f"{url}", tmp_path)
        desk.create(ticket(7))
        desk.withdraw(ticket(8, after=7))
    assert {one.method for one in asked} == {"POST"}
    assert {query for one in asked for query in one.query} == set()


def test_znuny_without_the_dynamic_field_opens_nothing(tmp_path: Path) -> None:
    fake = Znuny(field="Other")
    with running(fake) as url:
        znuny(url, tmp_path, id_field="Other").create(ticket(6))
        with pytest.raises(TryAgain, match="does not search by our number"):
            znuny(url, tmp_path).find("FR-2026-0000007")
    assert len(fake.tickets) == 1


def test_jira_s_comments_are_read_page_by_page(tmp_path: Path) -> None:
    fake = Jira()
    with running(fake) as url:
        desk = jira(url, tmp_path)
        desk.create(ticket(7))
        for _ in range(2):
            for follow_up in (8, 9, 10, 11, 12):
                desk.amend(ticket(follow_up, after=7))
    assert len(fake.comments["SD-1"]) == 5
    assert {one["public"] for one in fake.comments["SD-1"]} == {False}


def test_jira_without_a_way_to_cancelled_goes_to_a_person(tmp_path: Path) -> None:
    fake = Jira()
    with running(fake) as url:
        desk = jira(url, tmp_path, cancelled="Gone")
        desk.create(ticket(7))
        with pytest.raises(Refused, match="no way leads from the ticket's status to Gone"):
            desk.withdraw(ticket(8, after=7))
        assert jira(url, tmp_path, cancelled="Cancel request").withdraw(ticket(8, after=7)).external_id == "SD-1"
    assert fake.issues["SD-1"]["fields"]["status"] == {"name": "Canceled"}


def test_jira_takes_a_short_summary_and_an_unknown_field_is_told(tmp_path: Path) -> None:
    fake = Jira()
    with running(fake) as url:
        jira(url, tmp_path, fields={"summary": "{text}"}).create(LONG)
        with pytest.raises(TryAgain, match="Error in the JQL Query"):
            jira(url, tmp_path, id_field="customfield_1").check()
    assert len(fake.issues["SD-1"]["fields"]["summary"]) == 255


def test_a_data_center_takes_a_bearer(tmp_path: Path) -> None:
    heard: list[str] = []

    class Center(Jira):
        def answer(self, asked: Asked) -> Told:
            heard.append(asked.headers["authorization"])
            return Told(body={"issues": []})

    with running(Center()) as url:
        assert jira(url, tmp_path, user=None, search="rest/api/2/search").find("FR-2026-0000007") is None
    assert heard == ["Bearer right"]


@pytest.mark.parametrize("staging", [None, "u_faults"])
def test_servicenow_by_its_table_or_an_import_set(tmp_path: Path, staging: str | None) -> None:
    fake = ServiceNow()
    with running(fake) as url:
        desk = wired(kinds.ServiceNow(url=url, token=secret(tmp_path, "right"), import_table=staging))
        assert desk.create(LONG).external_id == "INC0000001"
        desk.withdraw(ticket(8, after=7))
        assert desk.status("FR-2026-0000007") == "cancelled"
    (row,) = fake.rows.values()
    assert (row["urgency"], row["correlation_id"], row["state"]) == ("1", "FR-2026-0000007", "8")


def test_servicenow_s_import_errors_and_deaf_states_go_to_a_person(tmp_path: Path) -> None:
    class Strict(ServiceNow):
        def _import(self, row: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
            return {"status": "error", "error_message": "mandatory field caller_id"}

        def _update(self, key: str, changes: dict[str, Any]) -> None:
            super()._update(key, {"work_notes": changes["work_notes"]})

    with running(Strict()) as url:
        token = secret(tmp_path, "right")
        with pytest.raises(Refused, match="imports nothing: mandatory field caller_id"):
            wired(kinds.ServiceNow(url=url, token=token, import_table="u_faults")).create(ticket(7))
        desk = wired(kinds.ServiceNow(url=url, token=token))
        desk.create(ticket(7))
        with pytest.raises(Refused, match="does not set the state 8"):
            desk.withdraw(ticket(8, after=7))


def test_servicenow_with_a_column_that_is_not_there_opens_nothing(tmp_path: Path) -> None:
    fake = ServiceNow()
    with running(fake) as url:
        token = secret(tmp_path, "right")
        wired(kinds.ServiceNow(url=url, token=token)).create(ticket(6))
        desk = wired(kinds.ServiceNow(url=url, token=token, id_field="u_number"))
        with pytest.raises(TryAgain, match="does not search by our number"):
            desk.find("FR-2026-0000007")
        with pytest.raises(TryAgain, match=r"backends\.desk\.id_field"):
            desk.check()


def test_helix_keeps_a_session_and_logs_in_again_when_it_ends(tmp_path: Path) -> None:
    fake = Helix()
    with running(fake) as url:
        desk = helix(url, tmp_path, fields={"Description": "{text}"})
        desk.create(LONG)
        desk.amend(ticket(8, after=7))
        assert fake.logins == 1
        fake.logins += 1  # ours has ended
        assert desk.find("FR-2026-0000007") == "INC000000000001"
        assert fake.logins == 3
    incident = fake.incidents["INC000000000001"]
    assert (len(incident["Description"]), incident["Urgency"]) == (100, "1-Critical")


def test_helix_takes_our_number_by_another_name_where_it_creates(tmp_path: Path) -> None:
    class Joined(Helix):
        def _create(self, values: dict[str, Any]) -> Told:
            return super()._create({**values, self.field: values.pop("Vendor_Ticket_Number")})

    with running(Joined()) as url:
        desk = helix(url, tmp_path, id_field_create="Vendor_Ticket_Number")
        assert desk.create(ticket(7)).external_id == desk.find("FR-2026-0000007")


@pytest.mark.parametrize("answer", [b"", b"<html>Sign in</html>", b'{"x": 1}', "ключ".encode()])
def test_helix_without_a_token_is_tried_again(tmp_path: Path, answer: bytes) -> None:
    class Portal(Helix):
        def _login(self, _: dict[str, str]) -> Told:
            return Told(body=answer)

    with running(Portal()) as url, pytest.raises(TryAgain, match="answers the login with no token"):
        helix(url, tmp_path).check()


def test_glpi_s_session_is_renewed_and_its_texts_are_html(tmp_path: Path) -> None:
    fake = Glpi()
    with running(fake) as url:
        desk = wired(
            kinds.Glpi(url=url, user_token=secret(tmp_path, "right"), app_token=secret(tmp_path, "app", "app"))
        )
        desk.create(replace(LONG, text="<b>a\nb"))
        fake.session = "another"
        desk.withdraw(ticket(8, after=7))
        desk.withdraw(ticket(8, after=7))
        assert desk.status("FR-2026-0000007") == "cancelled"
    [made], [said] = fake.tickets.values(), fake.followups.values()
    assert made["content"].startswith("<p>&lt;b&gt;a<br>b<br>")
    assert (made["urgency"], made["status"]) == (5, 5)
    assert len(said) == 1


def test_an_older_zammad_gives_whole_tickets(tmp_path: Path) -> None:
    class Old(Zammad):
        def _search(self, query: dict[str, str]) -> Any:
            return [{"id": key} for key in super()._search(query)["tickets"]]

    with running(Old()) as url:
        settings = kinds.Zammad(url=url, token=secret(tmp_path, "right"))
        made = wired(settings).create(ticket(7)).external_id
        assert wired(settings).find("FR-2026-0000007") == made
        assert wired(settings).find("FR-2026-0000008") is None
