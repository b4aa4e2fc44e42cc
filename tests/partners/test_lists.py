"""Lists of tickets: filters, order, pages, by TMF630."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from partners.errors import Fault
from partners.patterns import matcher
from records.status import Status
from tests.partners.house import House, ticket
from tests.partners.test_tickets import create, stand
from tests.partners.window import TICKETS

PARTY = {"@type": "PartyRef", "id": "7", "name": "Anna Brown"}
OWNER = {"@type": "RelatedPartyRefOrPartyRoleRef", "role": "Owner", "partyOrPartyRole": PARTY}


@pytest.fixture
def north(embedded: House) -> TestClient:
    return four_tickets(embedded)


def four_tickets(house: House) -> TestClient:
    """A-1 … A-4, an hour apart by their wish, A-2 pending, A-4 held, one of another partner beside."""
    client = house.client("north")
    for place, severity in enumerate(("Critical", "Minor", "Major", "Critical"), 1):
        wish = {"requestedResolutionDate": f"2026-11-28T0{place}:00:00+03:00", "name": f"line {place}"}
        sent = ticket(f"A-{place}", severity=severity, **wish, **({"relatedParty": [OWNER]} if place == 3 else {}))
        made = create(client, sent)
        if place in (2, 4):
            stand(house, made, Status.PENDING if place == 2 else Status.HELD)
    create(house.client("south"), ticket("A-1"))
    return client


def found(client: TestClient, query: str) -> list[str]:
    """Give the last letters of the numbers that a query finds."""
    answer = client.get(f"{TICKETS}?{query}")
    assert answer.status_code == 200, answer.text
    return [one["externalIdentifier"][0]["id"][-1] for one in answer.json()]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "1234"),
        ("status=pending", "2"),
        ("status=pending,held", "24"),
        ("status=pending;status=held", "24"),
        ("status.ne=acknowledged", "24"),
        ("severity=Critical&status=held", "4"),
        ("severity.eq=Critical", "14"),
        ("externalIdentifier.id=A-3", "3"),
        ("relatedParty.role=Owner", "3"),
        ("relatedParty.partyOrPartyRole.name=Anna+Brown", "3"),
        ("relatedParty.partyOrPartyRole.id.gt=6", "3"),
        ("requestedResolutionDate.gt=2026-11-28T02:00:00%2B03:00", "34"),
        ("requestedResolutionDate.gt=2026-11-28T03:00:00%2B03:00", "4"),
        ("requestedResolutionDate.gte=2026-11-28T03:00:00%2B03:00", "34"),
        ("requestedResolutionDate.lt=2026-11-28T00:00:00Z", "12"),
        ("requestedResolutionDate.lte=2026-11-28T00:00:00Z", "123"),
        ("requestedResolutionDate.lte=2026-11-27T23:00:00Z", "12"),
        ("requestedResolutionDate%3E=2026-11-27T23:30:00Z", "34"),
        ("requestedResolutionDate%3C2026-11-27T23:30:00Z", "12"),
        ("name.regex=^line%20[23]$", "23"),
        ("name*=l.*3", "3"),
        ("sort=severity,-name", "4132"),
        ("sort=-name&limit=2", "43"),
        ("offset=1&limit=2", "23"),
        ("offset=9", ""),
        ("limit=0", ""),
        ("name=", ""),
    ],
)
def test_a_query_finds(north: TestClient, query: str, numbers: str) -> None:
    assert "".join(found(north, query)) == numbers


def test_pages_are_counted_and_linked(house: House) -> None:
    north = four_tickets(house)
    assert found(north, "offset=1&limit=2") == ["2", "3"]
    assert found(north, "status=pending,held&sort=-name") == ["4", "2"]
    answer = north.get(f"{TICKETS}?severity=Critical,Minor&limit=1&offset=1&fields=id")
    assert (answer.headers["x-total-count"], answer.headers["x-result-count"]) == ("3", "1")
    places = dict(re.findall(r'<[^>]*[?&]offset=(\d+)[^>]*>; rel="(\w+)"', answer.headers["link"]))
    assert places == {"0": "prev", "2": "last"} or set(places.values()) >= {"last"}
    links = re.findall(r'<([^>]*)>; rel="next"', answer.headers["link"])
    assert links == [f"https://tickets.example{TICKETS}?severity=Critical,Minor&fields=id&offset=2&limit=1"]
    assert north.get(links[0].removeprefix("https://tickets.example")).headers["x-result-count"] == "1"
    assert "link" not in north.get(TICKETS).headers


def test_a_link_holds_no_sign_that_ends_it(north: TestClient) -> None:
    link = north.get(f"{TICKETS}?creationDate>2000-01-01&limit=1").headers["link"]
    assert f"<https://tickets.example{TICKETS}?creationDate%3E2000-01-01&offset=0&limit=1>" in link


def test_pages_before_and_after_a_ticket(north: TestClient) -> None:
    numbers = [one["id"] for one in north.get(f"{TICKETS}?fields=id").json()]
    assert found(north, f"after={numbers[1]}") == ["3", "4"]
    assert found(north, f"before={numbers[1]}") == ["1"]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red", "limit=x", "limit=-1", "offset=1e3", "limit=", "fields=colour", "sort=colour", "filter=$[?(@.x)]",
        "status", "name.regex=(a%2B)%2B$", "name.regex=a{9}", "name.regex=[", "name.regex=[z-a]",
        "&".join(["name=x"] * 51), "name=" + "x" * 1001,
    ],
)  # fmt: skip
def test_a_query_that_can_t_be_answered_is_refused(north: TestClient, query: str) -> None:
    answer = north.get(f"{TICKETS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalidValue"), answer.text


@pytest.mark.parametrize(
    ("pattern", "text", "holds"),
    [
        ("ab", "xaby", True), ("^ab", "xab", False), ("ab$", "abx", False), ("^a.*b$", "a\nb", True),
        ("a.c", "abc", True), (r"a\.c", "abc", False), ("[^0-9]", "42", False), ("", "x", True), ("a.*a$", "a", False),
        (r"\$$", "5$", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, text: str, *, holds: bool) -> None:
    assert matcher(pattern)(text) is holds


@pytest.mark.parametrize("pattern", ["(a)", "a+", "a?", "a*", "a|b", "a{2}", r"\d", r"\1", "a^b", "a$b"])
def test_patterns_that_could_take_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(Fault):
        matcher(pattern)


def test_a_hostile_pattern_is_linear() -> None:
    assert not matcher(".*".join(["a"] * 200) + ".*b")("a" * 10_000)


def test_hostile_words_in_a_query_are_only_words(north: TestClient) -> None:
    for words in ("' OR 1=1 --", "%", "_", "\\", "\x00", "x" * 900, "\ud83d\ude00"):
        value: Any = quote(words, errors="replace")
        assert north.get(f"{TICKETS}?name={value}").json() == []
