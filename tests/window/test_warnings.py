"""Promises and warnings at the desk and in the API: who sees what, what he has dealt with, what the report shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from config.settings import Settings
from records.clocks import Promise
from records.people import Role
from records.words import Urgency
from storage import promises, ringing
from storage.database import Transaction
from storage.rows import micros
from tests.window.front import HTML, Window

Opened = Callable[..., Window]
HOUR = timedelta(hours=1)
URL = "/api/v1/warnings"


def begin(window: Window, report: int, promise: Promise, at: datetime) -> None:
    def work(tx: Transaction) -> None:
        promises.begin(tx, report, promise, micros(at), Urgency.NORMAL)

    window.database.write(work)


def ring(window: Window) -> None:
    window.database.write(partial(ringing.ring, now=window.now, clocks=Settings().promises()))


def warned(window: Window) -> str:
    """A report whose record is half due, whose dispatch is broken, and whose answer is near its end."""
    number = window.report()
    report = int(number.rpartition("-")[2])
    begin(window, report, Promise.DISPATCH, window.now)
    begin(window, report, Promise.ANSWER, window.now - 54 * HOUR)
    window.later(minutes=61)
    ring(window)
    return number


def test_each_sees_what_is_for_him_and_those_before_him(either: Window) -> None:
    number = warned(either)
    found = {}
    for login in ("clerk", "senior", "supervisor"):
        lines = either.client(login).get(URL).json()["warnings"]
        found[login] = [(one["told"]["promise"], one["told"]["stage"], one["role"]) for one in lines]
        assert {one["told"]["id"] for one in lines} == {number}
    assert found["clerk"] == [("record", 50, "clerk")]
    assert found["supervisor"] == [
        ("dispatch", 100, "supervisor"), ("record", 50, "clerk"), ("answer", 75, "senior"),
    ]  # fmt: skip
    assert len(found["senior"]) == 2
    assert either.client("clerk").get(URL, params={"role": "senior"}).status_code == 403
    assert len(either.client("supervisor").get(URL, params={"role": "senior"}).json()["warnings"]) == 1


def test_what_somebody_has_dealt_with_is_off_the_list_and_in_the_log(either: Window) -> None:
    warned(either)
    clerk, supervisor = either.client("clerk"), either.client("supervisor")
    [first, *_] = supervisor.get(URL).json()["warnings"]
    assert clerk.post(f"{URL}/{first['warning']}/done").status_code == 404  # it is not for him
    assert supervisor.post(f"{URL}/{first['warning']}/done").status_code == 204
    assert supervisor.post(f"{URL}/{first['warning']}/done").status_code == 404
    assert len(supervisor.get(URL).json()["warnings"]) == 2
    assert either.log()[-1] == ("supervisor", "deal")
    ring(either)
    assert len(supervisor.get(URL).json()["warnings"]) == 2  # and does not come back


def test_a_report_tells_its_promises(either: Window) -> None:
    number = warned(either)
    clerk = either.client("clerk", **HTML)
    told = clerk.get(f"/api/v1/reports/{number}", headers={"accept": "application/json"}).json()["promises"]
    assert [(one["promise"], one["stage"]) for one in told] == [("record", 50), ("dispatch", 100), ("answer", 75)]
    page = clerk.get(f"/reports/{number}").text
    assert "overdue by 1 min" in page
    assert page.count("<progress") == 3
    queue = clerk.get("/").text
    assert "dispatch: overdue by 1 min" in queue.replace("\n", "")
    story = clerk.get(f"/reports/{number}").text
    assert "dispatch: overdue" in story


def test_the_page_lists_and_takes_off(either: Window) -> None:
    number = warned(either)
    senior = either.client("senior", **HTML)
    page = senior.get("/warnings").text
    assert number in page
    assert "75 % of its time gone" in page
    [warning] = [one["warning"] for one in senior.get(URL).json()["warnings"] if one["role"] == Role.SENIOR]
    answer = senior.post(f"/warnings/{warning}/done", data={"for": "senior"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/warnings?for=senior&notice=dealt")
    assert "Nobody is warned of anything." in senior.get("/warnings?for=senior").text
