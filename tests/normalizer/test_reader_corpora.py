"""Every mail of the corpora is read; against those who say what is in theirs, it is read right."""

import difflib
import email
import hashlib
import json
import re
import unicodedata
from collections import Counter
from email.message import Message
from pathlib import Path
from typing import Any

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from normalizer.readers import tnef
from records.reading import Mailbox, Reading
from records.words import Review
from tests.normalizer.mails import FOLDERS, corpus, mails, read_mail

_REPORTED = {"message/rfc822", "message/global", "text/rfc822-headers"}
_STRANGE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    return [text for item in value for text in _strings(item)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mail_is_read_and_every_string_is_clean(folder: str) -> None:
    count = 0
    for path, content in mails(folder):
        reading = read_mail(content)
        assert Review.UNREADABLE_ORIGINAL not in reading.reviews, (path, reading.notes)
        assert not [text for text in _strings(msgspec.to_builtins(reading)) if _STRANGE.search(text)], path
        assert reading.text or reading.parts or reading.reviews or reading.notes, f"{path}: nothing, and no reason"
        msgspec.json.encode(reading)
        count += 1
    assert count


@pytest.mark.parametrize("folder", ["zammad-mail", "stalwart-eml", "enmime-testdata", "rubymail-fixtures", "tika-mail"])
def test_each_leaf_that_the_standard_library_finds_is_shown_or_listed(folder: str) -> None:
    leaves = lost = 0
    for _path, content in mails(folder):
        reading = read_mail(content)
        listed = {part.md5 for part in reading.parts}
        for leaf in _leaves(email.message_from_bytes(content)):
            leaves += 1
            lost += not (_digests(leaf) & listed or _shown(leaf, reading))
    assert lost <= 0.12 * leaves, f"{lost} of {leaves}"  # of alternatives one is shown, and some it does not decode


def _leaves(message: Message) -> list[bytes]:
    if message.get_content_type() in _REPORTED:
        return []
    if not message.is_multipart():
        payload = message.get_payload(decode=True)
        return [payload] if isinstance(payload, bytes) and payload.strip() else []
    return [leaf for part in message.get_payload() if isinstance(part, Message) for leaf in _leaves(part)]


def _digests(leaf: bytes) -> set[str]:
    return {hashlib.md5(form).hexdigest() for form in (leaf, leaf.replace(b"\r\n", b"\n"))}  # noqa: S324 - to compare


def _shown(leaf: bytes, reading: Reading) -> bool:
    words = Counter(re.findall(r"[a-z0-9]{3,}", re.sub(r"<[^>]*>", " ", leaf.decode("latin-1").lower())))
    shown = Counter(re.findall(r"[a-z0-9]{3,}", reading.text.lower()))
    return (words - shown).total() <= 0.3 * words.total()


def _expected_mails() -> list[tuple[dict[str, Any], Reading]]:
    folder = corpus("zammad-mail")
    return [
        (json.loads(path.read_text()), read_mail((folder / f"{path.stem}.box").read_bytes()))
        for path in sorted((folder / "expected").glob("*.json"))
    ]


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def test_subject_sender_text_and_attachments_of_the_helpdesk_mails() -> None:
    expected = _expected_mails()
    subjects = [_plain(mail["subject"]) == _plain(reading.subject) for mail, reading in expected]
    senders = [
        _is_sender(mail, reading.from_) for mail, reading in expected if "from_email" not in mail["do_not_score"]
    ]
    plain = [_is_like(mail["body"], reading.text) for mail, reading in _with_body(expected, "text/plain")]
    html = [_unseen(mail["body"], reading.text) <= 0.1 for mail, reading in _with_body(expected, "text/html")]
    leaves = [
        (leaf["size"], leaf["md5"]) in {(part.size, part.md5) for part in reading.parts}
        for mail, reading in expected
        for leaf in mail["attachments"]
        if leaf["kind"] == "leaf"
    ]
    assert _share(subjects) >= 0.98
    assert _share(senders) >= 0.98
    assert _share(plain) >= 0.95
    assert _share(html) >= 0.90
    assert all(leaves)


def _with_body(expected: list[tuple[dict[str, Any], Reading]], kind: str) -> list[tuple[dict[str, Any], Reading]]:
    """Leave out bodies that stand for "could not be shown": where we show more, that is no error."""
    return [
        (mail, reading)
        for mail, reading in expected
        if mail["content_type"] == kind and "body" not in mail["do_not_score"] and not mail["body_is_sentinel_empty"]
    ]


def _share(results: list[bool]) -> float:
    assert results
    return sum(results) / len(results)


def _is_sender(mail: dict[str, Any], box: Mailbox | None) -> bool:
    return box is not None and (box.address or "").lower() == mail["from_email"].lower()


def _is_like(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, _plain(one), _plain(other), autojunk=False).ratio() >= 0.95


def _unseen(page: str, text: str) -> float:
    root = LexborHTMLParser(re.sub(r"<(?:br|/?p|/?div|/td|/tr|/li)\b[^>]*>", " ", page)).root
    assert root is not None
    words, shown = (Counter(re.findall(r"\w+", form.lower())) for form in (root.text(), text))
    return (words - shown).total() / max(1, words.total())


def test_subject_sender_and_files_of_the_parser_samples() -> None:
    folder = corpus("stalwart-eml")
    wrong = []
    for path in sorted((folder / "eml").rglob("*.eml")):
        tree = json.loads(path.with_suffix(".json").read_text())
        reading = read_mail(path.read_bytes())
        listed = {part.md5 for part in reading.parts}
        wrong += [
            (path, "file", len(leaf))
            for leaf in _binaries(tree)
            if not _digests(leaf) & listed and b"\nbegin " not in b"\n" + leaf[:100]  # those we decode further
        ]
        subject = next((_text(head) for head in tree["parts"][0]["headers"] if head["name"] == "subject"), "")
        if "\ufffd" not in subject and _plain(subject) != _plain(reading.subject):
            wrong.append((path, "subject", len(subject)))
    assert not wrong


def _binaries(message: dict[str, Any]) -> list[bytes]:
    bodies = [part["body"] for part in message["parts"]]
    inner = [leaf for body in bodies if "Message" in body for leaf in _binaries(body["Message"])]
    return inner + [bytes(body[kind]) for body in bodies for kind in ("Binary", "InlineBinary") if kind in body]


def _text(head: dict[str, Any]) -> str:
    return str(head["value"].get("Text", "")) if isinstance(head["value"], dict) else ""


def test_the_files_in_each_winmail_dat_have_their_names() -> None:
    lists: list[Path] = sorted((corpus("mimekit-testdata") / "tnef").glob("*.list"))
    assert lists
    for path in lists:
        names = {unicodedata.normalize("NFKC", name) for name in path.read_text().split("\n") if name}
        found = tnef.read(path.with_suffix(".tnef").read_bytes())
        assert found.problem is None
        assert names <= {file.name for file in found.files}, path


def test_files_in_a_winmail_dat_keep_every_byte() -> None:
    folder = corpus("mimekit-testdata") / "tnef"
    for name in ("multi-value-attribute", "unicode-mapi-attr", "two-files"):
        found = {file.name: file.content for file in tnef.read((folder / f"{name}.tnef").read_bytes()).files}
        for path in (folder / name).iterdir():
            assert found[path.name] == path.read_bytes()
