"""Signing in: who may, how often one may guess, how long it lasts; sessions and their cookies."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest

from desk.sign_in import PER_LOGIN
from desk.visit import hashed
from records.people import Role
from tests.window.front import HTML, PASSWORD, Client, Window, field

Opened = Callable[..., Window]


def cookie(answer: object, name: str = "faultgate") -> SimpleCookie:
    found: SimpleCookie = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):  # type: ignore[attr-defined]
        found.load(header)
    assert name in found
    return found


def test_a_person_signs_in_and_out(either: Window) -> None:
    client = either.client()
    assert client.get("/", headers=HTML).headers["location"] == "/sign-in?next=/"
    assert client.get("/sign-in", headers=HTML).status_code == 200
    entered = client.post("/sign-in", data={"login": " Clerk ", "password": PASSWORD, "next": "/audit"}, headers=HTML)
    assert (entered.status_code, entered.headers["location"]) == (303, "/audit")
    page = client.get("/account", headers=HTML)
    assert page.status_code == 200
    left = client.post("/sign-out", data={"csrf": field(page.text, "csrf")}, headers=HTML)
    assert left.headers["location"] == "/sign-in"
    assert client.get("/account", headers=HTML).status_code == 303
    assert [what for _, what in either.log()] == ["sign-in", "sign-out"]


def test_unknown_people_and_wrong_passwords_are_answered_alike(window: Window) -> None:
    client = window.client()
    answers = [
        client.post("/sign-in", data={"login": "x", "password": password, "next": "/"}, headers=HTML)
        for password in ("nothing",)
    ] + [
        client.post("/sign-in", data={"login": login, "password": "wrong"}, headers=HTML)
        for login in ("clerk", "nobody")
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = {answer.text.replace('value="clerk"', "").replace('value="nobody"', "") for answer in answers[1:]}
    assert len(bodies) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_a_closed_account_is_nobody_s(window: Window) -> None:
    person = window.person("gone", Role.CLERK)
    window.database.write(lambda tx: tx.run("UPDATE people SET active = 0 WHERE id = :id", id=person))
    assert window.client().sign_in("gone").status_code == 401


def test_only_the_hash_of_a_token_is_kept_and_each_sign_in_has_a_new_one(either: Window) -> None:
    client = either.client()
    client.cookies.set("faultgate", "chosen-by-another", domain="desk.localhost", path="/")
    client.sign_in("clerk")
    token = client.cookies.get("faultgate", domain="desk.localhost")
    [row] = either.rows("SELECT token FROM sessions")
    assert row["token"] == hashed(str(token))
    assert len(str(token)) >= 43  # 256 bits
    other = either.client()
    other.cookies.set("faultgate", str(token), domain="desk.localhost", path="/")
    assert other.get("/account", headers=HTML).status_code == 200
    other.headers["x-csrf-token"] = client.headers["x-csrf-token"]
    other.sign_in("clerk")
    assert other.cookies.get("faultgate", domain="desk.localhost") != token


def test_the_cookie_is_the_browser_s_alone_and_secure_behind_https(opened: Opened) -> None:
    plain = cookie(opened().client().sign_in("clerk"))["faultgate"]
    assert plain["httponly"]
    assert (plain["samesite"], plain["path"], plain["secure"], plain["domain"]) == ("lax", "/", "", "")


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(opened: Opened) -> None:
    client = opened(public_url="https://desk.example.net").client()
    answer = client.sign_in("clerk")
    morsel = cookie(answer, "__Host-faultgate")["__Host-faultgate"]
    assert morsel["secure"]
    assert (morsel["path"], morsel["domain"]) == ("/", "")
    assert "max-age" in answer.headers["strict-transport-security"]
    assert client.get("/account", headers=HTML).status_code == 200


def test_a_session_ends_when_it_is_idle_and_in_the_end_always(opened: Opened) -> None:
    window = opened(idle=60, session=150)
    client = window.client("clerk")
    for _ in range(2):
        window.later(minutes=59)
        assert client.get("/account", headers=HTML).status_code == 200
    window.later(minutes=33)
    assert client.get("/account", headers=HTML).status_code == 303  # 151 minutes, never idle
    client = window.client("clerk")
    window.later(minutes=60)
    assert client.get("/account", headers=HTML).status_code == 303


def test_a_login_can_be_guessed_only_so_often(either: Window) -> None:
    for number in range(PER_LOGIN):
        client = Client(either.app, client=(f"198.51.100.{number}", 1), base_url="http://desk.localhost")
        assert client.sign_in("clerk", "wrong").status_code == 401
    answer = either.client().sign_in("clerk")  # right, but too late
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60 + 1
    assert either.client().sign_in("senior").status_code == 200
    page = either.client().post("/sign-in", data={"login": "clerk", "password": PASSWORD}, headers=HTML)
    assert page.status_code == 429
    assert "text/html" in page.headers["content-type"]
    either.later(minutes=15, seconds=1)
    assert either.client().sign_in("clerk").status_code == 200


def test_nobody_is_known_by_being_guessed_more_often(window: Window) -> None:
    for _ in range(PER_LOGIN):
        window.client().sign_in("nobody", "wrong")
    assert window.client().sign_in("nobody", "wrong").status_code == 429


def test_an_address_guesses_only_so_often(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.sign_in.PER_PEER", 4)
    client = window.client()
    for number in range(4):
        assert client.sign_in(f"somebody-{number}", "wrong").status_code == 401
    assert client.sign_in("clerk").status_code == 429
    elsewhere = Client(window.app, client=("198.51.100.7", 1), base_url="http://desk.localhost")
    assert elsewhere.sign_in("clerk").status_code == 200


def test_what_was_right_is_counted_no_more(window: Window) -> None:
    for _ in range(2):
        for _ in range(PER_LOGIN - 1):
            window.client().sign_in("clerk", "wrong")
        assert window.client().sign_in("clerk").status_code == 200
    window.client().sign_in("clerk", "a password typed as the login")
    assert "clerk" not in str(window.rows("SELECT login, peer FROM guesses"))


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", ""]
)
def test_nobody_is_sent_elsewhere(window: Window, path: str) -> None:
    client = window.client()
    answer = client.post("/sign-in", data={"login": "clerk", "password": PASSWORD, "next": path}, headers=HTML)
    assert answer.headers["location"] == "/"
    assert client.get("/sign-in", params={"next": path}, headers=HTML).headers["location"] == "/"


def test_links_do_not_come_from_the_host_header(window: Window) -> None:
    answer = window.client().get("/account", headers={**HTML, "host": "evil.example"})
    assert answer.headers["location"].startswith("/sign-in?next=")
    assert "evil" not in window.client().get("/sign-in", headers={**HTML, "host": "evil.example"}).text


def test_the_language_is_chosen_before_signing_in(window: Window) -> None:
    client = window.client()
    chosen = client.get("/sign-in", params={"language": "it", "next": "/account"}, headers=HTML)
    assert chosen.headers["location"] == "/sign-in?next=/account"
    assert client.get("/sign-in", headers=HTML).headers["content-language"] == "it"
    assert window.client().get("/sign-in", headers={**HTML, "accept-language": "xx, zh-CN;q=0.8"}).headers[
        "content-language"
    ] == "zh"  # fmt: skip
