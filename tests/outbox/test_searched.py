"""What keeps one report one ticket where the system itself does not: duplicates, a search that lags or lies."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from config import backends as kinds
from outbox.backends import Backend, backend
from records.arrival import TryAgain
from records.deliveries import Verb
from tests.outbox.fakes.jira import FIELD, Jira
from tests.outbox.fakes.server import running
from tests.outbox.fakes.zammad import Zammad
from tests.outbox.rigs import secret, tools
from tests.outbox.situations import ticket


@pytest.fixture
def stack() -> ExitStack:
    return ExitStack()


def zammad(stack: ExitStack, fake: Zammad, folder: Path, **changes: str) -> Backend:
    url = stack.enter_context(running(fake))
    token = secret(folder, "right")
    return backend("desk", kinds.Zammad(url=url, token=token, timeout=5, **changes), tools())  # type: ignore[arg-type]


def jira(url: str, folder: Path, lag: float) -> Backend:
    settings = kinds.JiraServiceManagement(
        url=url, token=secret(folder, "right"), user="gate@isp.example", service_desk="4", request_type="17",
        id_field=FIELD, lag=lag,
    )  # fmt: skip
    return backend("desk", settings, tools())


def test_a_second_ticket_is_flagged_once_and_the_oldest_stays(stack: ExitStack, tmp_path: Path) -> None:
    fake = Zammad()
    with stack:
        first, second = zammad(stack, fake, tmp_path), zammad(stack, fake, tmp_path)
        made = first.create(ticket(7))
        assert second.create(ticket(7)).external_id == made.external_id  # two machines at once
        for _ in range(3):
            third = zammad(stack, fake, tmp_path)
            assert third.find("FR-2026-0000007") == made.external_id

    flags = [one["subject"] for one in fake.articles[2][1:]]
    assert flags == [f"FR-2026-0000007: the same report as ticket {made.external_id}, opened twice by mistake"]
    assert len(fake.articles[1]) == 1


def test_a_field_that_is_not_there_opens_nothing(stack: ExitStack, tmp_path: Path) -> None:
    """Without its filter such a system gives all tickets: none of them ours, so nobody may believe in "none"."""
    fake = Zammad()
    with stack:
        zammad(stack, fake, tmp_path).create(ticket(7))
        misspelt = zammad(stack, fake, tmp_path, id_field="externalid")
        for _ in range(3):
            with pytest.raises(TryAgain, match=r"does not search by our number: is backends\.desk\.id_field right"):
                misspelt.find("FR-2026-0000008")
        with pytest.raises(TryAgain, match="id_field"):
            misspelt.check()

    assert len(fake.tickets) == 1


def test_a_ticket_that_lost_our_number_goes_to_a_person(stack: ExitStack, tmp_path: Path) -> None:
    class Forgetful(Zammad):
        def _create(self, ticket: dict[str, object]) -> object:  # type: ignore[override]
            ticket.pop(self.field)
            return super()._create(ticket)

    with stack:
        desk = zammad(stack, Forgetful(), tmp_path)
        with pytest.raises(Exception, match="ticket 22001 does not keep our number FR-2026-0000007") as refusal:
            desk.create(ticket(7))
    assert type(refusal.value).__name__ == "Refused"


def test_none_is_not_believed_while_the_search_may_lag(tmp_path: Path) -> None:
    fake = Jira()
    with running(fake) as url:
        desk = jira(url, tmp_path, lag=0.3)
        with pytest.raises(TryAgain, match="not sure yet: its search lags"):
            desk.find("FR-2026-0000007")  # an earlier process may have just opened one
        time.sleep(0.3)
        assert desk.find("FR-2026-0000007") is None


def test_what_was_sent_unheard_is_waited_for(tmp_path: Path) -> None:
    fake = Jira()
    with running(fake) as url:
        desk = jira(url, tmp_path, lag=0.0)
        fake.blind = 1
        made = desk.create(ticket(7))  # the search does not know it yet, but we do
        fake.blind = 1
        assert desk.find("FR-2026-0000007") == made.external_id
        assert desk.amend(ticket(8, after=7)).external_id == made.external_id


def test_a_note_is_known_by_its_beginning_alone(stack: ExitStack, tmp_path: Path) -> None:
    """A customer who quotes a number, or whose number begins like another, hides nothing."""
    fake = Zammad()
    with stack:
        desk = zammad(stack, fake, tmp_path)
        desk.create(ticket(7))
        fake.articles[1] += [
            {"subject": "see FR-2026-0000008"},
            {"subject": "FR-2026-00000081"},
            {"subject": "FR-2026-0000008/2"},
            {"subject": None},
        ]
        desk.amend(ticket(8, after=7))
        desk.amend(ticket(8, after=7))

    assert [one["subject"] for one in fake.articles[1]].count("FR-2026-0000008") == 1


def test_a_withdrawal_leaves_alone_what_is_finished(stack: ExitStack, tmp_path: Path) -> None:
    fake = Zammad()
    with stack:
        desk = zammad(stack, fake, tmp_path, cancelled="removed")
        desk.create(ticket(7))
        fake.tickets[1]["state"] = "closed"
        assert desk.status("FR-2026-0000007") == "closed"
        desk.withdraw(ticket(9, after=7))

        assert fake.tickets[1]["state"] == "closed"
        assert desk.status("FR-2026-0000007") == "cancelled"


def test_the_site_s_words_of_status_are_understood(stack: ExitStack, tmp_path: Path) -> None:
    fake = Zammad()
    with stack:
        desk = zammad(stack, fake, tmp_path, statuses={"warten": "held"})  # type: ignore[arg-type]
        desk.create(ticket(7))
        for state, told in (
            ("open", "inProgress"),
            ("pending reminder", "pending"),
            ("warten", "held"),
            ("?", "inProgress"),
        ):
            fake.tickets[1]["state"] = state
            assert desk.status("FR-2026-0000007") == told


def test_a_preview_shows_what_would_be_sent_and_sends_nothing(stack: ExitStack, tmp_path: Path) -> None:
    fake = Zammad()
    with stack:
        desk = zammad(stack, fake, tmp_path)
        assert '"external_id": "FR-2026-0000007"' in desk.preview(ticket(7), Verb.CREATE)  # type: ignore[attr-defined]
        told = desk.preview(ticket(8, after=7), Verb.WITHDRAW)  # type: ignore[attr-defined]
    assert told.startswith("FR-2026-0000008 withdrawn\n\nThe customer cancels.")
    assert fake.tickets == {}
