"""The token endpoint: RFC 6749 sections 4.4 and 5.2."""

import pytest
from httpx import BasicAuth

from tests.partners.house import House, secret

NORTH = BasicAuth("north-client", secret("client_secret", "north"))
GRANT = {"grant_type": "client_credentials"}
POSTED = {**GRANT, "client_id": "north-client", "client_secret": secret("client_secret", "north")}


def test_a_token_is_granted_by_basic_and_by_the_form(house: House) -> None:
    for answer in (
        house.client().post("/oauth2/token", data=GRANT, auth=NORTH),
        house.client().post("/oauth2/token", data=POSTED),
    ):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 600, "read write")


def test_a_smaller_scope_is_granted_a_larger_is_not(house: House) -> None:
    answer = house.client().post("/oauth2/token", data={**GRANT, "scope": "read"}, auth=NORTH)
    assert answer.json()["scope"] == "read"
    answer = house.client().post("/oauth2/token", data={**GRANT, "scope": "read admin"}, auth=NORTH)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("client", "key"),
    [
        ("north-client", secret("client_secret", "south")), ("north-client", ""), ("", ""),
        ("nobody", secret("client_secret", "north")), ("north", secret("client_secret", "north")),
        ("north-client", secret("token", "north")), ("\u00e9", "\u00e9"),
    ],
)  # fmt: skip
def test_wrong_credentials_get_a_401_that_tells_nothing(house: House, client: str, key: str) -> None:
    answer = house.client().post("/oauth2/token", data=GRANT, auth=BasicAuth(client.encode(), key.encode()))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="faultgate"'
    assert answer.json()["error"] == "invalid_client"
    form = {**GRANT, "client_id": client, "client_secret": key}
    assert house.client().post("/oauth2/token", data=form).json() == answer.json()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ("", "invalid_request"), ("scope=read", "invalid_request"), ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&grant_type=password", "invalid_request"), ("grant_type", "invalid_request"),
        ("grant_type=client_credentials&client_secret=x", "invalid_request"), ("\u0433=1", "invalid_request"),
        ("&".join(f"a{number}=1" for number in range(50)), "invalid_request"),
    ],
)  # fmt: skip
def test_what_is_no_request_for_a_token(house: House, form: str, error: str) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = house.client().post("/oauth2/token", content=form.encode(), headers=headers, auth=NORTH)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_only_a_posted_form_is_read(house: House) -> None:
    assert house.client().post("/oauth2/token", json=GRANT, auth=NORTH).json()["error"] == "invalid_request"
    assert house.client().get("/oauth2/token", auth=NORTH).status_code == 405
    broken = house.client().post("/oauth2/token", data=GRANT, headers={"authorization": "Basic !"})
    assert (broken.status_code, broken.json()["error"]) == (401, "invalid_client")
