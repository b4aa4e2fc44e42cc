"""Forms: they come from pages of ours, and what somebody typed outlives his session."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from desk.fields import LONGEST_PARAGRAPH
from tests.window.front import HTML, PASSWORD, Window, field

Opened = Callable[..., Window]
CHANGE = ("/account/language", {"language": "it"})


class Hidden(HTMLParser):
    """The fields of a page's form, as a browser without scripts would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action, self._open = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
        elif tag in ("input", "textarea") and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""
            self._open = str(given["name"]) if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.fields[self._open] += data.removeprefix("\n")  # HTML drops the first line end of a textarea

    def handle_endtag(self, tag: str) -> None:
        self._open = "" if tag == "textarea" else self._open


def the_form(page: str, action: str) -> Hidden:
    """Give a page's form that goes to this path."""
    begin = page.index(f'<form method="post" action="{action}"')
    return Hidden(page[begin : page.index("</form>", begin)])


def test_a_form_needs_the_token_of_its_session(window: Window) -> None:
    path, form = CHANGE
    client, other = window.client("clerk"), window.client("clerk")
    token = client.headers.pop("x-csrf-token")
    foreign = other.headers["x-csrf-token"]
    assert token != foreign
    for given in ({}, {"csrf": ""}):
        assert client.post(path, data={**form, **given}, headers=HTML).status_code == 403
    for wrong in (foreign, token[:-1], "x", "Я"):
        assert client.post(path, data={**form, "csrf": wrong}, headers=HTML).status_code == 401
    assert client.post(path, data=form, headers={**HTML, "x-csrf-token": foreign}).status_code == 401
    assert window.rows("SELECT language FROM people WHERE login = 'clerk'") == [{"language": "en"}]
    assert client.post(path, data={**form, "csrf": token}, headers=HTML).status_code == 303
    assert client.post(path, data=form, headers={**HTML, "x-csrf-token": token}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://desk.localhost.evil.example"},
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    ],
)  # fmt: skip
def test_a_form_of_another_site_is_refused_even_at_the_door(window: Window, headers: dict[str, str]) -> None:
    path, form = CHANGE
    assert window.client("clerk").post(path, data=form, headers={**HTML, **headers}).status_code == 403
    entry = {"login": "clerk", "password": PASSWORD}
    assert window.client().post("/sign-in", data=entry, headers={**HTML, **headers}).status_code == 403


def test_a_form_of_our_own_origin_is_taken(opened: Opened) -> None:
    path, form = CHANGE
    window = opened(public_url="https://desk.example.net")
    client = window.client("clerk")
    for origin in ("https://desk.example.net", "https://DESK.example.net"):
        assert client.post(path, data=form, headers={**HTML, "origin": origin}).status_code == 303


def test_what_is_only_looked_at_needs_no_token(window: Window) -> None:
    client = window.client("clerk")
    del client.headers["x-csrf-token"]
    assert client.get("/account", headers=HTML).status_code == 200


def test_a_form_that_comes_too_late_is_sent_after_signing_in_again(window: Window) -> None:
    client = window.client("clerk")
    typed = {"language": "zh", "text": 'first line\n\nthird <b>&amp; "line"', "empty": ""}
    stale = {"csrf": client.headers.pop("x-csrf-token"), **typed}
    window.later(hours=2)
    page = client.post("/account/language", data=stale, headers=HTML)
    assert page.status_code == 401
    kept = Hidden(page.text)
    assert {name: kept.fields[name] for name in typed} == typed
    assert kept.fields["again"] == "/account/language"
    assert "csrf" not in kept.fields or not kept.fields["csrf"]
    wrong = client.post("/sign-in", data={**kept.fields, "login": "clerk", "password": "wrong"}, headers=HTML)
    kept = Hidden(wrong.text)  # a slip loses nothing either
    page = client.post("/sign-in", data={**kept.fields, "login": "clerk", "password": PASSWORD}, headers=HTML)
    assert page.status_code == 200
    again = the_form(page.text, "/account/language")
    assert {name: again.fields[name] for name in typed} == typed
    assert "password" not in again.fields
    assert client.post(again.action, data=again.fields, headers=HTML).status_code == 303
    assert window.rows("SELECT language FROM people WHERE login = 'clerk'") == [{"language": "zh"}]


def test_a_form_of_a_window_whose_session_was_replaced_in_another_goes_on(window: Window) -> None:
    client = window.client("clerk")
    stale = client.headers.pop("x-csrf-token")
    client.sign_in("clerk")  # in another window, with the same cookies
    del client.headers["x-csrf-token"]
    assert len(window.rows("SELECT * FROM sessions")) == 1
    page = client.post("/account/language", data={"csrf": stale, "language": "zh"}, headers=HTML)
    kept = the_form(page.text, "/sign-in")
    assert (page.status_code, kept.fields["language"]) == (401, "zh")
    page = client.post("/sign-in", data={**kept.fields, "login": "clerk", "password": PASSWORD}, headers=HTML)
    again = the_form(page.text, "/account/language")
    assert client.post(again.action, data=again.fields, headers=HTML).status_code == 303


def test_a_late_form_leads_nowhere_else(window: Window) -> None:
    client = window.client()
    entry = {"login": "clerk", "password": PASSWORD, "again": "https://evil.example/steal", "secret": "x"}
    assert "evil.example" not in client.post("/sign-in", data=entry, headers=HTML).text


def test_a_script_is_told_and_signs_in_again(window: Window) -> None:
    client = window.client("clerk")
    window.later(hours=2)
    late = client.put("/drafts/review/FR-1", json={"reporter.name": "Иван"})
    assert (late.status_code, late.headers["content-type"]) == (401, "application/problem+json")
    assert client.sign_in("clerk").json()["login"] == "clerk"
    assert client.put("/drafts/review/FR-1", json={"reporter.name": "Иван"}).status_code == 204


def test_drafts_are_kept_for_their_writer_until_they_are_sent(either: Window) -> None:
    client, other = either.client("clerk"), either.client("senior")
    client.put("/drafts/review/FR-1", json={"a": "первый"})
    client.put("/drafts/review/FR-1", json={"a": "второй \0"})
    either.later(hours=3)
    client.sign_in("clerk")
    assert client.get("/drafts/review/FR-1").json() == {"a": "второй \0"}
    assert other.get("/drafts/review/FR-1").status_code == 401  # three hours later
    other.sign_in("senior")
    assert other.get("/drafts/review/FR-1").status_code == 404
    assert client.delete("/drafts/review/FR-1").status_code == 204
    assert client.get("/drafts/review/FR-1").status_code == 404


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
def test_a_draft_is_json(window: Window, body: bytes) -> None:
    assert window.client("clerk").put("/drafts/x", content=body).status_code == 422


def test_drafts_and_sessions_of_long_ago_are_forgotten(either: Window) -> None:
    either.client("clerk").put("/drafts/x", json=1)
    either.later(days=16)
    either.client("clerk")
    assert either.rows("SELECT * FROM drafts") == []
    assert len(either.rows("SELECT * FROM sessions")) == 1


def test_the_page_s_token_is_the_script_s(window: Window) -> None:
    client = window.client("clerk")
    page = client.get("/account", headers=HTML).text
    assert field(page, "csrf") == client.headers["x-csrf-token"]


@pytest.mark.parametrize("char", ["x", "Я", "网", "\N{SNAKE}"])
def test_the_longest_description_is_saved_in_any_script_and_never_cut(window: Window, char: str) -> None:
    clerk, number = window.client("clerk"), window.report()
    path, text = f"/reports/{number}/review", char * LONGEST_PARAGRAPH
    page = clerk.get(path, headers=HTML).text
    assert not re.search(r"<textarea[^>]*description[^>]*maxlength", page)  # a browser would cut what is pasted
    draft = clerk.put(f"/drafts/review/{number}", json={"base": 1, "values": {"description": text}})
    assert draft.status_code == 204
    form = {"base": "1", "order": "report", "urgency": "normal", "reporter.name": "Иванов Иван"}
    longer = clerk.post(path, data={**form, "description": f"{text}x"}, headers=HTML)
    assert longer.status_code == 422
    assert f"{text}x" in longer.text
    assert clerk.post(path, data={**form, "description": text}, headers=HTML).status_code == 303
    [row] = window.rows("SELECT body FROM records WHERE version = 2")
    assert text in row["body"]
