"""What clerks bring in: files as one letter, a visitor's words; sent twice it is one report."""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from desk.shield import BODY
from desk.uploads import IN_MEMORY
from records.arrival import Arrival, Receipt, TryAgain
from tests.window.front import Client, Window
from tests.window.test_serving import serving

Opened = Callable[..., Window]
PATH = "/api/v1/reports"
TIFF, JPEG, PDF = b"II*\0 fax", b"\xff\xd8\xff photo", b"%PDF-1.7 scan"


def bring(client: Client, *contents: bytes, **form: str) -> Any:
    files = [("files", (f"../../{place}.pdf", content, "text/html")) for place, content in enumerate(contents)]
    return client.post(PATH, files=files, data=form)


def envelope(window: Window, number: str) -> str:
    [row] = window.rows("SELECT envelope FROM reports WHERE id = :id", id=int(number[-7:]))
    return str(row["envelope"])


def test_a_letter_of_one_file_is_kept_as_it_came(either: Window) -> None:
    clerk = either.client("clerk")
    answer = bring(clerk, TIFF, upload="upload-0001", postal_sender="г. Уфа, Айская 1", received_at="2026-11-27T11:30")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert answer.headers["location"] == f"{PATH}/{told['id']}"
    assert (told["received_at"], told["due_at"]) == ("2026-11-27T08:30:00Z", "2026-11-27T10:30:00Z")  # Moscow's stamp
    assert clerk.get(f"{PATH}/{told['id']}/original").content == TIFF
    [row] = either.rows("SELECT channel, media_type FROM reports")
    assert row == {"channel": "upload", "media_type": "image/tiff"}
    assert '"postal_sender":"г. Уфа, Айская 1","clerk":"clerk"' in envelope(either, told["id"])
    assert [one["step"] for one in either.rows("SELECT step FROM tasks")] == ["recognize"]
    assert either.rings
    assert ("clerk", "upload") in either.log()


def test_several_files_are_one_letter_in_their_order(window: Window) -> None:
    clerk = window.client("clerk")
    number = bring(clerk, TIFF, JPEG, PDF, b"what is it").json()["id"]
    with zipfile.ZipFile(io.BytesIO(clerk.get(f"{PATH}/{number}/original").content)) as letter:
        assert letter.namelist() == ["001.tif", "002.jpg", "003.pdf", "004.bin"]
        assert [letter.read(name) for name in letter.namelist()] == [TIFF, JPEG, PDF, b"what is it"]
        assert {entry.compress_type for entry in letter.infolist()} == {zipfile.ZIP_STORED}
    assert bring(clerk, TIFF, JPEG, PDF, b"what is it").json() == {
        **bring(clerk, TIFF, JPEG, PDF, b"what is it").json(), "id": number, "duplicate": True,
    }  # fmt: skip
    assert bring(clerk, JPEG, TIFF, PDF, b"what is it").json()["id"] != number


@pytest.mark.parametrize("size", [IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY])
def test_large_letters_are_kept_byte_for_byte_and_leave_nothing_behind(either: Window, size: int) -> None:
    clerk = either.client("clerk")
    content = b"%PDF-1.7 " + bytes(range(256)) * (size // 256)
    number = bring(clerk, content[:size]).json()["id"]
    assert clerk.get(f"{PATH}/{number}/original").content == content[:size]
    bring(clerk, content[:size])
    assert list(either.intake.spool().glob("upload-*")) == []


@pytest.mark.parametrize("content", [b"", b"x", b"%PDF-", b"PK\x03\x04", b"<html><script>alert(1)</script>"])
def test_whatever_it_is_it_is_kept_for_a_person(window: Window, content: bytes) -> None:
    clerk = window.client("clerk")
    answer = bring(clerk, content)
    assert answer.status_code == 201
    assert clerk.get(f"{PATH}/{answer.json()['id']}/original").content == content


def test_the_same_upload_again_is_the_same_report(window: Window) -> None:
    clerk = window.client("clerk")
    first, again = (bring(clerk, PDF, upload="upload-0001") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    other = bring(clerk, TIFF, upload="upload-0001")
    assert (other.status_code, other.json()["report"]) == (422, first.json()["id"])
    assert bring(window.client("senior"), TIFF, upload="upload-0001").status_code == 201  # keys are each person's own


def test_a_double_click_is_one_report(window: Window) -> None:
    with serving(window) as address:
        browser = window.browser(address, "clerk")
        with ThreadPoolExecutor(8) as clicks:
            answers = list(clicks.map(lambda _: bring(browser, PDF, upload="upload-0001"), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(window.rows("SELECT * FROM reports")) == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"received_at": "2026-11-27T12:01"}, "received_at"),  # a minute too early for Moscow
        ({"received_at": "2026-11-27T09:00:01Z"}, "received_at"),
        ({"received_at": "yesterday"}, "received_at"),
        ({"received_at": "1026-11-27T09:00"}, "received_at"),
        ({"received_at": "0001-01-01T00:00+23:59"}, "received_at"),
        ({"upload": "x y z ' DROP"}, "upload"),
        ({"postal_sender": "x" * 1001}, "postal_sender"),
    ],
)
def test_what_can_t_be_taken_is_named(window: Window, form: dict[str, str], field: str) -> None:
    answer = bring(window.client("clerk"), PDF, **form)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert window.rows("SELECT * FROM reports") == []


def test_a_letter_has_a_file(window: Window) -> None:
    answer = window.client("clerk").post(PATH, data={"files": "text"}, files=[("other", ("", b""))])
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["files"])


def test_a_letter_that_can_t_be_kept_now_is_to_be_sent_again(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_: Arrival) -> Receipt:
        raise TryAgain("disk", full=True)

    clerk = window.client("clerk")
    with monkeypatch.context() as patch:
        patch.setattr(window.intake, "accept", full)
        answer = bring(clerk, PDF * (IN_MEMORY // 10), upload="upload-0001")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert list(window.intake.spool().glob("upload-*")) == []
    assert bring(clerk, TIFF, upload="upload-0001").status_code == 201  # nothing was kept by this key


def test_too_large_is_told_before_it_is_all_here(opened: Opened) -> None:
    window = opened(max_upload=2_000_000)
    clerk = window.client("clerk")
    assert bring(clerk, b"%PDF-" + b"x" * 1_900_000).status_code == 201
    answer = bring(clerk, b"%PDF-" + b"x" * 3_100_000)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert clerk.put("/drafts/x", content=b" " * (BODY + 1)).status_code == 413


def test_too_many_files_are_refused(window: Window) -> None:
    assert bring(window.client("clerk"), *[PDF] * 101).status_code == 400


def key_in(client: Client, form: str = "form-0001", **more: object) -> Any:
    return client.post(PATH, json={"form": form, "description": "Нет связи", **more})


def test_a_visitor_s_words_are_kept(either: Window) -> None:
    clerk = either.client("clerk")
    answer = key_in(
        clerk, reporter={"name": " Иванов\u202d Иван ", "phone": "8 917 340 22 18"}, service="iptv", language="ru",
        affected={"address": {"city": "Уфа"}, "line": ""},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    kept = clerk.get(f"{PATH}/{answer.json()['id']}/original").json()
    assert kept["reporter"]["name"] == "Иванов Иван"
    assert (kept["reporter"]["phone"], kept["affected"]["line"], kept["service"]) == ("+79173402218", None, "iptv")
    [row] = either.rows("SELECT channel, media_type FROM reports")
    assert row == {"channel": "walk_in", "media_type": "application/vnd.faultgate.walk-in+json"}
    assert ("clerk", "walk_in") in either.log()


def test_the_same_form_twice_is_one_report_and_two_forms_are_two(window: Window) -> None:
    clerk = window.client("clerk")
    first = key_in(clerk)
    window.later(minutes=1)
    again, other = key_in(clerk), key_in(clerk, "form-0002")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert again.json()["id"] == first.json()["id"] != other.json()["id"]
    changed = key_in(clerk, symptom="slow")
    assert (changed.status_code, changed.json()["report"]) == (422, first.json()["id"])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"description": " "}, "description"),
        ({"description": None}, "description"),
        ({"form": "x"}, "form"),
        ({"form": 5}, "form"),
        ({"language": "Russian"}, "language"),
        ({"language": 5}, "form"),
        ({"reporter": {"phone": "1"}}, "reporter.phone"),
        ({"service": "gas"}, "service"),
        ({"order": "report"}, "order"),
        ({"classification": {"disposition": "incident"}}, "classification.disposition"),
        ({"reporter": {"shoe": "x"}}, "reporter.shoe"),
    ],
)
def test_what_is_no_walk_in_is_named(window: Window, more: dict[str, object], field: str) -> None:
    answer = window.client("clerk").post(PATH, json={"form": "form-0001", "description": "Нет связи", **more})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 422), (b'"x"', 422), (b"\xff", 400), (b"[" * 200_000, 422),
        (b'{"form": "\\ud800"}', 400), (b'{"a":' * 100_000, 400), (b'{"form": NaN}', 400),
    ],
)  # fmt: skip
def test_what_is_no_json(window: Window, content: bytes, status: int) -> None:
    answer = window.client("clerk").post(PATH, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"--"),
        ("multipart/form-data; boundary=" + "b" * 5000, b"--" + b"b" * 5000),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"a" * 100_000),
        ("multipart/form-data; boundary=b; charset=utf-7", b"--b\r\nContent-Disposition: form-data\r\n\r\n\r\n--b--"),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 10_000 + b"\r\n--b--"),
    ],
)
def test_what_is_no_form(window: Window, content_type: str, content: bytes) -> None:
    clerk = window.client("clerk")
    answer = clerk.post(PATH, content=content, headers={"content-type": content_type})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
