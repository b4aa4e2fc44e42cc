"""The wiring file: what it takes, what it refuses, and what it says then."""

import re
from pathlib import Path

import pytest

from config.settings import Builtin, Gateway, Imap, Settings, Smtp
from config.wiring import BadWiring, load

ROOT = Path(__file__).parents[2]


def wiring(folder: Path, text: str | bytes) -> Path:
    path = folder / "desk.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BadWiring) as refused:
        load(wiring(folder, text))
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("[gatway]\nname = 'x'", "gateway"),
        ("[gateway]\ndomian = 'x.example'", "domain"),
        ("[gateway]\nown_adresses = []", "own_addresses"),
        ("[storage]\nduplicate_day = 3", "duplicate_days"),
        ("[channels.a]\nkind = 'smtp'\nmaxsize = 5", "max_size"),
        ("[channels.a]\nkind = 'imap'\nhost = 'h'\nuser = 'u'\nfolder = ['INBOX']", "folders"),
        ("[replies]\npasword = { env = 'X' }", "password"),
        ("[replies]\npassword = { fil = 'x' }", "file"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_name(tmp_path: Path, text: str, near: str) -> None:
    message = refusal(tmp_path, text)
    assert f"did you mean `{near}`?" in message
    assert "desk.toml" in message


def test_a_key_like_no_other_is_refused_without_a_guess(tmp_path: Path) -> None:
    message = refusal(tmp_path, "[gateway]\nxqzw = 1")
    assert "xqzw" in message
    assert "did you mean" not in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[channels.a]\nkind = 'smtp'\nport = 'many'", "port"),
        ("[channels.a]\nkind = 'smtp'\nport = 70000", "port"),
        ("[channels.a]\nkind = 'smtp'\nrule = 0", "rule"),
        ("[channels.a]\nkind = 'smtp'\nlmtp = 1", "lmtp"),
        ("[channels.a]\nkind = 'smtp'\nregion = 'Russia'", "region"),
        ("[channels.a]\nkind = 'smtp'\nlanguage = 'RUS'", "language"),
        ("[channels.a]\nkind = 'pigeon'", "kind"),
        ("[channels.a]\nport = 25", "kind"),
        ("[channels.a]\nkind = 'imap'\nuser = 'u'", "host"),
        ("[gateway]\nown_addresses = 'a@b.example'", "own_addresses"),
        ("[gateway]\nzone = 'Europe/Nowhere'", "zone"),
        ("[gateway]\nzone = '../../etc/passwd'", "zone"),
        ("gateway = 3", "gateway"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    assert place in refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["[gateway", "a = = 1", b"\xff\xfe\x00", "[gateway]\nname = 'a'\nname = 'b'"])
def test_what_is_no_toml_is_refused_with_the_file_s_name(tmp_path: Path, text: str | bytes) -> None:
    assert "desk.toml" in refusal(tmp_path, text)


def test_a_missing_file_and_a_folder_are_refused_with_the_remedy(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        with pytest.raises(BadWiring, match="--config"):
            load(path)


def test_a_password_in_the_wiring_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    message = refusal(tmp_path, "[replies]\nhost = 'h.example'\npassword = 'hunter2-secret'")
    assert "password" in message
    assert "hunter2" not in message


def test_without_a_file_there_is_one_smtp_door_and_the_built_in_ticket_store() -> None:
    settings = load(None)
    assert settings == Settings()
    assert settings.channels == {"mail": Smtp()}
    assert settings.backends == {"desk": Builtin()}
    assert (settings.storage.url, settings.broker.url, settings.replies.host) == (None, None, None)


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert load(wiring(tmp_path, "")) == Settings()


def test_two_kinds_of_channels_and_a_rule_of_their_own(tmp_path: Path) -> None:
    text = (
        "[channels.relay]\nkind = 'smtp'\nlmtp = true\nport = 2424\nrule = 30\n"
        "[channels.box]\nkind = 'imap'\nhost = 'imap.example.net'\nuser = 'u'\npassword = { env = 'P' }\n"
    )
    channels = load(wiring(tmp_path, text)).channels
    assert isinstance(channels["relay"], Smtp)
    assert (channels["relay"].lmtp, channels["relay"].port, channels["relay"].rule) == (True, 2424, 30)
    box = channels["box"]
    assert isinstance(box, Imap)
    assert (box.port, box.tls, box.folders, box.rule) == (993, True, ("INBOX",), 120)


def test_own_addresses_are_known_however_they_are_written() -> None:
    gateway = Gateway(own_addresses=("Help@Aurora.Example",), own_domains=("Aurora.Example",))
    assert gateway.own_addresses == ("help@aurora.example",)
    assert gateway.own_domains == ("aurora.example",)


def test_the_readme_s_example_loads_and_its_words_are_true(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    settings = load(wiring(tmp_path, example))
    inbox = settings.channels["inbox"]
    assert isinstance(inbox, Imap)
    assert (inbox.host, inbox.user) == ("imap.example.net", "support@example.net")
    assert (settings.replies.host, settings.replies.port, settings.replies.starttls) == ("smtp.example.net", 587, True)
    door = Settings().channels["mail"]
    assert isinstance(door, Smtp)
    assert f"SMTP on `{door.host}:{door.port}`" in readme
    assert "two hours" in readme
    assert door.rule == 120


def test_the_sample_desk_loads() -> None:
    assert load(ROOT / "sample/desk.toml").channels
