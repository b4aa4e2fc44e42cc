"""Secrets: read where they lie, and never shown."""

from pathlib import Path

import pytest

from config.secrets import Secret
from config.settings import Imap, Replies, Settings
from config.wiring import load

VALUE = "s3cr3t-Väl/ue"


@pytest.fixture
def wired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "imap").write_text(VALUE + "\n", encoding="utf-8")
    monkeypatch.setenv("FAULTGATE_TEST_PASSWORD", VALUE)
    wiring = tmp_path / "desk.toml"
    wiring.write_text(
        f"[channels.box]\nkind = 'imap'\nhost = 'h'\nuser = 'u'\npassword = {{ file = '{tmp_path}/imap' }}\n"
        "[replies]\nhost = 'h'\npassword = { env = 'FAULTGATE_TEST_PASSWORD' }\n"
        "[storage]\npassword = { env = 'FAULTGATE_TEST_PASSWORD' }\n",
        encoding="utf-8",
    )
    return load(wiring)


def test_secrets_come_from_a_file_and_from_the_environment(wired: Settings) -> None:
    box = wired.channels["box"]
    assert isinstance(box, Imap)
    assert box.password is not None
    assert box.password.reveal() == VALUE  # without the file's last line end
    assert wired.replies.password is not None
    assert wired.replies.password.reveal() == VALUE


def test_a_revealed_secret_stands_in_no_text_of_the_settings(wired: Settings) -> None:
    box = wired.channels["box"]
    for secret in (box.password if isinstance(box, Imap) else None, wired.replies.password, wired.storage.password):
        assert secret is not None
        secret.reveal()
    for text in (repr(wired), str(wired), f"{wired.replies}", repr(wired.replies.password)):
        assert VALUE not in text


def test_a_rotated_secret_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = Secret(file=str(path))
    for value in ("old", "new"):
        path.write_text(value)
        assert secret.reveal() == value


def test_a_secret_of_several_lines_keeps_its_inner_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("a\nb\r\n\n")
    assert Secret(file=str(path)).reveal() == "a\nb"


def test_a_missing_secret_names_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAULTGATE_TEST_ABSENT", raising=False)
    with pytest.raises(LookupError, match="FAULTGATE_TEST_ABSENT is not set: export it"):
        Secret(env="FAULTGATE_TEST_ABSENT").reveal()
    with pytest.raises(LookupError, match=r"absent can't be read.*create it"):
        Secret(file=str(tmp_path / "absent")).reveal()
    with pytest.raises(LookupError, match="give file or env"):
        Secret().reveal()


def test_a_secret_file_that_is_no_text_is_told_without_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"hunter2\xff\xfe")
    with pytest.raises(LookupError, match="UTF-8") as refused:
        Secret(file=str(path)).reveal()
    error: BaseException | None = refused.value
    while error is not None:  # the whole chain, as a traceback would show it
        assert "hunter2" not in f"{error!r}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_reply_without_password_has_none() -> None:
    assert Replies().password is None
