"""What customers say of what was done: counted once for each report."""

from datetime import datetime, timedelta
from functools import partial

from records.deliveries import Delivery, Kind, Reply, Verb
from records.numbers import number
from records.record import Classification
from records.words import Disposition, Service
from storage import verdicts, versions
from storage.database import Database
from storage.deliveries import add_delivery
from storage.rows import micros
from storage.verdicts import Tally
from tests.storage.reports import AT, INCIDENT, Profile, decide, kept, newest, read, record

FIX = Classification(disposition=Disposition.TYPICAL_FIX, solution="wifi-2g")


def reported(database: Database, profile: Profile, subject: str, service: Service, *, fix: bool) -> int:
    report = kept(database, profile, f"Subject: {subject}\r\n\r\nx".encode())
    decide(database, read(database, report, record(service=service)), FIX if fix else INCIDENT)
    if fix:
        replied(database, report, Kind.SOLUTION)
    return report


def replied(database: Database, report: int, kind: Kind) -> None:
    reply = Reply(kind=kind, to="g@mail.example", language="ru", record_id=number(report, AT), received_at=AT)
    one = Delivery(id=0, report=report, verb=Verb.REPLY, backend="replies", key=f"{kind}/{report}", reply=reply)
    database.write(partial(add_delivery, delivery=one, at=micros(AT)))


def give(database: Database, report: int, *, solved: bool, at: datetime = AT) -> bool:
    return database.write(partial(verdicts.give, report=report, solved=solved, way="mail", at=at))


def test_the_first_answer_counts(database: Database, profile: Profile) -> None:
    report = reported(database, profile, "one", Service.IPTV, fix=False)
    replied(database, report, Kind.SOLVED_QUESTION)

    assert give(database, report, solved=False)
    assert not give(database, report, solved=True)

    with database.read() as tx:
        assert verdicts.asked(tx, report)
        assert verdicts.by_week(tx, AT) == [tally("2026-11-16", 0, 1)]


def test_what_was_advised_and_what_was_done_are_two_questions(database: Database, profile: Profile) -> None:
    """The steps were in vain, and then the engineers came."""
    report = reported(database, profile, "one", Service.IPTV, fix=True)
    again = partial(versions.add, report=report, record=newest(database, report).record, at=AT)
    version = database.write(again)
    database.write(partial(versions.decide, report=report, version=version, decision=INCIDENT, at=AT))

    assert give(database, report, solved=False)
    replied(database, report, Kind.SOLVED_QUESTION)
    assert give(database, report, solved=True)

    with database.read() as tx:
        assert verdicts.by_solution(tx, AT) == [tally("wifi-2g", 0, 1)]
        assert verdicts.by_service(tx, AT) == [tally("iptv", 1, 0)]
        assert verdicts.by_week(tx, AT) == [tally("2026-11-16", 1, 0)]


def test_answers_are_counted_by_week_service_and_solution(database: Database, profile: Profile) -> None:
    """2026-11-20 is a Friday: three days later begins another week."""
    cases = [
        (Service.BROADBAND, True, True, AT), (Service.BROADBAND, True, False, AT),
        (Service.IPTV, False, True, AT + timedelta(days=2, hours=14, minutes=59)),
        (Service.BROADBAND, True, True, AT + timedelta(days=2, hours=15)),
        (Service.TELEPHONY, False, False, AT - timedelta(days=90)),
    ]  # fmt: skip
    for place, (service, fix, solved, at) in enumerate(cases):
        give(database, reported(database, profile, str(place), service, fix=fix), solved=solved, at=at)

    since = AT - timedelta(days=30)
    with database.read() as tx:
        weeks, services = verdicts.by_week(tx, since), verdicts.by_service(tx, since)
        solutions = verdicts.by_solution(tx, since)

    assert weeks == [tally("2026-11-23", 1, 0), tally("2026-11-16", 2, 1)]
    assert services == [tally("broadband", 2, 1), tally("iptv", 1, 0)]
    assert solutions == [tally("wifi-2g", 2, 1), tally("", 1, 0)]


def tally(name: str, helped: int, not_helped: int) -> Tally:
    return Tally(name=name, helped=helped, not_helped=not_helped)
