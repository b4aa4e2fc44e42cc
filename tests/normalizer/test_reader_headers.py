"""Header fields: encoded words, raw bytes, addresses, parameters, identifiers, dates."""

import base64

import pytest

from normalizer.readers import headers
from normalizer.readers.addresses import is_address
from normalizer.readers.clean import clean, clean_name
from normalizer.readers.mime import parameterised
from tests.normalizer.mails import read_mail


def _word(content: bytes, charset: str = "utf-8") -> bytes:
    return f"=?{charset}?B?{base64.b64encode(content).decode()}?=".encode()


RUSSIAN = "Не работает интернет"


@pytest.mark.parametrize(
    "raw",
    [
        _word(RUSSIAN.encode()),
        _word(RUSSIAN.encode()[:6]) + b"\r\n " + _word(RUSSIAN.encode()[6:]),  # parted in the middle of a letter
        _word(RUSSIAN.encode("koi8-r"), "utf-8"),  # another charset than named
        _word(RUSSIAN.encode("cp1251"), "windows-1251") + b" ",
        RUSSIAN.encode("cp1251"),
        RUSSIAN.encode("koi8-r"),
        RUSSIAN.encode(),
        "=?utf-8?Q?Не=20работает_интернет?=".encode(),
    ],
)
def test_a_subject_in_any_disguise(raw: bytes) -> None:
    assert headers.text(raw) == RUSSIAN


def test_what_only_looks_like_an_encoded_word_stays() -> None:
    assert headers.text(b"=?a =?utf-8?X?a?= ?=") == "=?a =?utf-8?X?a?= ?="
    assert headers.text(b"=?us-ascii?Q?with spaces / in it?= and after") == "with spaces / in it and after"


@pytest.mark.parametrize(
    ("raw", "boxes"),
    [
        (
            b'"Petrov, Ivan" <i@example.org>, b@example.org (Anna)',
            [("Petrov, Ivan", "i@example.org"), ("Anna", "b@example.org")],
        ),
        (b"=?utf-8?Q?Petrov,_Ivan?= <i@example.org>", [("Petrov, Ivan", "i@example.org")]),
        (b"undisclosed-recipients:;", []),
        (b"a@example.org ((he, or) she <x@y>)", [("he, or she <x@y>", "a@example.org")]),
        (b"Friends: a@example.org, b@example.org;", [(None, "a@example.org"), (None, "b@example.org")]),
        (b"MAILER-DAEMON (Mail Delivery System)", [("Mail Delivery System", "MAILER-DAEMON")]),
        (b'"support@isp.example" <evil@example.org>', [("support@isp.example", "evil@example.org")]),
        (b'"never closed <a@example.org>', [("never closed", "a@example.org")]),
        (b'"LTD " <>, "Lee" <ly@example.org>', [("LTD", None), ("Lee", "ly@example.org")]),
        (_word('"Иван" <i@example.org>'.encode()), [("Иван", "i@example.org")]),
        ('"Иван Петров" <i@example.org>'.encode("koi8-r"), [("Иван Петров", "i@example.org")]),
    ],
)
def test_mailboxes(raw: bytes, boxes: list[tuple[str | None, str | None]]) -> None:
    assert [(box.name, box.address) for box in headers.mailboxes(raw)] == boxes


def test_what_is_one_address() -> None:
    assert is_address("a.b+c@example.org")
    for address in (None, "", "a", "a@b@c", "a b@example.org", "<a@example.org>", "a@example.org\nx"):
        assert not is_address(address)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("attachment; filename*=utf-8''%D0%B0%D0%BA%D1%82.pdf", "акт.pdf"),
        ("attachment; filename*0*=koi8-r''%C1%CB; filename*1*=%D4; filename*2=.pdf", "акт.pdf"),
        ("attachment; filename*1*=%82.pdf; filename*0*=utf-8''%D0%B0%D0%BA%D1", "акт.pdf"),
        ("attachment; filename*=us-ascii''%E0%EA%F2%20%F0%E0%E1%EE%F2.pdf", "акт работ.pdf"),
        ('attachment; filename="=?utf-8?B?0LDQutGCLnBkZg==?="', "акт.pdf"),
        ("attachment; filename=a file; size=1", "a file"),
        ('attachment; filename="a;b\\"c.pdf"', 'a;b"c.pdf'),
        ("attachment; size=1", None),
    ],
)
def test_names_of_files(field: str, name: str | None) -> None:
    assert headers.parameter(parameterised(field.encode()), "filename") == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/x", "x"),
        ("C:\\Windows\\evil.txt", "evil.txt"),
        (".htaccess\u200b", ".htaccess"),
        ("exe.\u202efdp", "exe.fdp"),
        ("a\nb\0c", "abc"),
        ("ｆｕｌｌ．pdf", "full.pdf"),
        ("..", None),
        ("///", None),
        ("", None),
    ],
)
def test_clean_names(name: str, shown: str | None) -> None:
    assert clean_name(name) == shown


def test_a_name_without_end_keeps_its_suffix() -> None:
    shown = clean_name("x" * 4_000 + ".pdf") or ""
    assert len(shown) <= 200
    assert (
        clean_name(
            "x" * 300 + ".pdf",
        )
        is not None
    )
    assert (clean_name("x" * 300 + ".pdf") or "").endswith("….pdf")


def test_clean_text() -> None:
    assert clean("a\r\nb\rc\x0cd\x00\ud800\u202e\u200b") == "a\nb\nc\nd\ufffd\ufffd[RLO]"


def test_every_bidirectional_control_is_named() -> None:
    controls = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert clean(controls) == "[ALM][LRM][RLM][LRE][RLE][PDF][LRO][RLO][LRI][RLI][FSI][PDI]"


def test_identifiers_and_dates() -> None:
    assert headers.identifiers(b"<a@b> <a@b>,<c@d>") == ["<a@b>", "<c@d>"]
    assert headers.identifiers(b"bare@example.org") == ["<bare@example.org>"]
    assert headers.date(b"Thu, 3 May 2012 12:04:29 +0200") == "2012-05-03T12:04:29+02:00"
    assert headers.date(b"3 May 2012 12:04:29 -0000") == "2012-05-03T12:04:29+00:00"
    for wrong in (b"", b"yesterday", b"Thu, 3 May 99999 12:04:29 +0200", b"\xff"):
        assert headers.date(wrong) is None


def test_the_sender_is_sought_where_from_names_nobody() -> None:
    assert (
        read_mail("From: (nobody)\nReply-To: a@example.org\n\nx").from_ == read_mail("From: a@example.org\n\nx").from_
    )


def test_a_wrapped_header_without_its_space_and_a_line_that_is_none() -> None:
    reading = read_mail(
        "Subject: test\nX-Tracker: abc\nDEF\nFrom: a@example.org\nContent-Type: text/plain;\ncharset=utf-8\n\nx"
    )
    assert (reading.from_ and reading.from_.address, reading.text) == ("a@example.org", "x")
    assert read_mail("From: a@example.org\nno blank line: it is text\nall of it").subject is None
    assert read_mail("Subject: test\nHello, my line is dead\nbye").text == "Hello, my line is dead\nbye"


def test_an_mbox_line_and_empty_lines_first() -> None:
    for start in ("From ivan@example.org Thu May  3 12:04:29 2012\n", "\n\r\n", ">From ivan\n"):
        assert read_mail(start + "Subject: test\n\nx").subject == "test"
