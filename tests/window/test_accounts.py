"""Accounts: the admin's page, one's own, and what ends sessions."""

from collections.abc import Callable

import pytest

from desk.passwords import Passwords, objection
from records.people import Role
from tests.window.front import HTML, PASSWORD, Window

NEW = {"login": "Vera.P", "name": "Вера <b>", "role": "senior", "password": "another long one"}
Act = Callable[[Window, int], object]


def id_of(window: Window, login: str) -> int:
    [row] = window.rows("SELECT id FROM people WHERE login = :login", login=login)
    return int(row["id"])


def test_an_admin_makes_an_account(either: Window) -> None:
    admin = either.client("admin")
    assert admin.post("/accounts", data=NEW, headers=HTML).status_code == 303
    page = admin.get("/accounts", headers=HTML).text
    assert "vera.p" in page
    assert "Вера &lt;b&gt;" in page
    assert either.client().sign_in("VERA.P", NEW["password"]).status_code == 200
    assert ("admin", "account made") in either.log()


@pytest.mark.parametrize(
    ("wrong", "say"),
    [
        ({"login": "admin"}, "This login is taken"),
        ({"login": "a"}, "A login has 2 to 64"),
        ({"login": "a b"}, "A login has 2 to 64"),
        ({"password": "short"}, "A password has 10 to 200"),
        ({"password": "x" * 201}, "A password has 10 to 200"),
        ({"login": "a.long.login", "password": "A.LONG.LOGIN"}, "must not be the login"),
        ({"role": "king"}, "Choose a role"),
    ],
)
def test_what_is_no_account_is_told_and_nothing_typed_is_lost(window: Window, wrong: dict[str, str], say: str) -> None:
    answer = window.client("admin").post("/accounts", data={**NEW, **wrong}, headers=HTML)
    assert answer.status_code == 422
    assert say in answer.text
    assert 'value="Вера &lt;b&gt;"' in answer.text
    assert len(window.rows("SELECT * FROM people")) == len(Role)


@pytest.mark.parametrize(
    ("act", "form"), [("role", {"role": "senior"}), ("password", {"password": "yet another one"}), ("close", {})]
)
def test_whatever_changes_an_account_ends_its_sessions(either: Window, act: str, form: dict[str, str]) -> None:
    clerk, admin = either.client("clerk"), either.client("admin")
    assert clerk.get("/account", headers=HTML).status_code == 200
    done = admin.post(f"/accounts/{id_of(either, 'clerk')}/{act}", data=form, headers=HTML)
    assert done.status_code == 303
    assert clerk.get("/account", headers=HTML).status_code == 303
    assert admin.get("/account", headers=HTML).status_code == 200


def test_a_closed_account_is_opened_again(either: Window) -> None:
    admin, clerk = either.client("admin"), id_of(either, "clerk")
    admin.post(f"/accounts/{clerk}/close", data={}, headers=HTML)
    assert either.client().sign_in("clerk").status_code == 401
    admin.post(f"/accounts/{clerk}/open", data={}, headers=HTML)
    assert either.client().sign_in("clerk").status_code == 200


@pytest.mark.parametrize(("act", "form"), [("close", {}), ("role", {"role": "clerk"})])
def test_the_last_admin_stays(either: Window, act: str, form: dict[str, str]) -> None:
    admin = either.client("admin")
    answer = admin.post(f"/accounts/{id_of(either, 'admin')}/{act}", data=form, headers=HTML)
    assert answer.status_code == 422
    assert "last admin" in answer.text
    assert admin.get("/accounts", headers=HTML).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/999/close", "/accounts/1/crown", "/accounts/0/close", "/accounts/x/close"])
def test_what_is_not_there_can_t_be_changed(window: Window, path: str) -> None:
    assert window.client("admin").post(path, data={}, headers=HTML).status_code in (404, 422)


def test_one_changes_one_s_own_password(window: Window) -> None:
    clerk = window.client("clerk")
    new = {"password": "a longer password", "again": "a longer password"}
    wrong = clerk.post("/account/password", data={"old": "guess", **new}, headers=HTML)
    assert "present password is wrong" in wrong.text
    differ = clerk.post("/account/password", data={"old": PASSWORD, **new, "again": "x"}, headers=HTML)
    assert "differ" in differ.text
    assert clerk.post("/account/password", data={"old": PASSWORD, **new}, headers=HTML).status_code == 303
    assert clerk.get("/account", headers=HTML).status_code == 303
    assert window.client().sign_in("clerk").status_code == 401
    assert window.client().sign_in("clerk", new["password"]).status_code == 200


def test_one_s_own_language(window: Window) -> None:
    clerk = window.client("clerk")
    clerk.post("/account/language", data={"language": "zh"}, headers=HTML)
    assert clerk.get("/account", headers=HTML).headers["content-language"] == "zh"
    assert clerk.post("/account/language", data={"language": "xx"}, headers=HTML).status_code == 422


def test_passwords_are_argon2_and_nobody_s_takes_the_same_work() -> None:
    passwords = Passwords()
    kept = passwords.hashed("пароль подлиннее")
    assert kept.startswith("$argon2id$")
    assert passwords.match(kept, "пароль подлиннее")
    assert not passwords.match(kept, "пароль покороче")
    assert not passwords.match(None, "nobody's password")
    assert not passwords.match("damaged", "nobody's password")


def test_the_rule_for_passwords() -> None:
    assert objection("123456789", "x") is not None
    assert objection("1234567890", "x") is None
    assert objection("Anna.Ivanova", "anna.ivanova") is not None
