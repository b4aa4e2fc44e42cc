"""A clerk's order waits for a senior where the admin asks for it; nobody says yes to his own."""

from functools import partial

import pytest
from msgspec.structs import replace

from records.people import Person
from records.standing import Level, State
from records.tasks import Step
from records.words import Urgency
from storage import corrections
from storage.corrections import Conflict
from storage.database import Database
from tests.storage.reports import (
    ADMIN,
    CLERK,
    INCIDENT,
    OTHER,
    SENIOR,
    SOON,
    Profile,
    card,
    events,
    newest,
    settled,
    waiting,
)  # fmt: skip


@pytest.fixture
def report(database: Database, profile: Profile) -> int:
    return settled(database, profile)


def save(database: Database, report: int, by: Person, base: int = 1) -> int:
    made = replace(newest(database, report).record, description="Другое", classification=INCIDENT)
    return database.write(
        partial(corrections.correct, report=report, base=base, record=made, by=by, at=SOON, approval=True)
    )


def approve(database: Database, report: int, version: int, by: Person) -> None:
    database.write(partial(corrections.approve, report=report, version=version, by=by, at=SOON))


def test_a_clerk_s_order_waits_and_nothing_leaves_for_it(database: Database, report: int) -> None:
    assert save(database, report, CLERK) == 2

    stands = card(database, report)
    assert (stands.state, stands.level, stands.version) == (State.APPROVAL, Level.SENIOR, 2)
    assert waiting(database) == []
    assert not newest(database, report).approved


@pytest.mark.parametrize(
    "work",
    [
        partial(corrections.refuse, base=1, by=CLERK, at=SOON, remark=None, approval=True),
        partial(corrections.urge, base=1, by=CLERK, at=SOON, urgency=Urgency.URGENT, approval=True),
    ],
    ids=["refused", "urged"],
)
def test_whatever_order_a_clerk_gives_waits(database: Database, report: int, work: "partial[int]") -> None:
    database.write(partial(work, report=report))

    assert card(database, report).state is State.APPROVAL
    assert waiting(database) == []


def test_an_emergency_goes_at_once_and_no_clerk_makes_one(database: Database, profile: Profile) -> None:
    pressing = settled(database, profile, b"7", urgency=Urgency.URGENT)
    save(database, pressing, CLERK)
    assert waiting(database)[-1] == ("classify", pressing)
    assert card(database, pressing).state is not State.APPROVAL
    database.write(partial(corrections.refuse, report=pressing, base=2, by=CLERK, at=SOON, remark=None, approval=True))
    assert card(database, pressing).state is State.APPROVAL  # to give one up is no emergency


def test_a_follow_up_waits_too(database: Database, profile: Profile, report: int) -> None:
    other = settled(database, profile, b"2")
    database.write(partial(corrections.merge, report=other, base=1, into=report, by=CLERK, at=SOON, approval=True))

    assert card(database, other).state is State.APPROVAL


@pytest.mark.parametrize("by", [SENIOR, ADMIN])
def test_a_senior_s_own_needs_none(database: Database, report: int, by: Person) -> None:
    save(database, report, by)

    assert card(database, report).state is State.SETTLED
    assert waiting(database) == [(Step.CLASSIFY, report)]


def test_yes_lets_it_go(database: Database, report: int) -> None:
    save(database, report, CLERK)
    approve(database, report, 2, SENIOR)

    assert newest(database, report).approved
    assert card(database, report).state is State.SETTLED
    assert waiting(database) == [(Step.CLASSIFY, report)]
    assert events(database, report)[-1][:2] == ("sara", "approved")


def test_no_gives_it_back_with_the_remark(database: Database, report: int) -> None:
    save(database, report, CLERK)
    database.write(partial(corrections.decline, report=report, version=2, by=SENIOR, at=SOON, remark="адрес неполный"))

    stands = card(database, report)
    assert (stands.state, stands.level, stands.remark) == (State.REVIEW, Level.CLERK, "адрес неполный")
    assert waiting(database) == []
    assert not newest(database, report).approved
    assert events(database, report)[-1] == ("sara", "declined", "адрес неполный")

    save(database, report, CLERK, base=2)
    assert card(database, report).state is State.APPROVAL  # the next one waits again


@pytest.mark.parametrize("by", [CLERK, OTHER])
def test_a_clerk_approves_nothing(database: Database, report: int, by: Person) -> None:
    save(database, report, CLERK)

    with pytest.raises(PermissionError):
        approve(database, report, 2, by)
    assert card(database, report).state is State.APPROVAL


def test_nobody_approves_his_own(database: Database, report: int) -> None:
    """He was made a senior meanwhile."""
    save(database, report, CLERK)
    promoted = replace(CLERK, role=SENIOR.role)

    for decide in (corrections.approve, corrections.decline):
        with pytest.raises(PermissionError):
            database.write(partial(decide, report=report, version=2, by=promoted, at=SOON, remark="x"))
    assert card(database, report).state is State.APPROVAL


def test_twice_or_never_asked_is_told(database: Database, report: int) -> None:
    with pytest.raises(LookupError):
        approve(database, report, 1, SENIOR)
    save(database, report, CLERK)
    approve(database, report, 2, SENIOR)
    with pytest.raises(LookupError):
        approve(database, report, 2, ADMIN)
    assert waiting(database) == [(Step.CLASSIFY, report)]


def test_what_was_changed_meanwhile_is_not_approved(database: Database, report: int) -> None:
    save(database, report, CLERK)
    save(database, report, OTHER, base=2)

    with pytest.raises(Conflict):
        approve(database, report, 2, SENIOR)
    approve(database, report, 3, SENIOR)
    assert card(database, report).state is State.SETTLED
