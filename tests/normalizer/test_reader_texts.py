"""What is text: charsets told by content, HTML, flowed lines, forwarded mail, files and types."""

import gzip
import itertools
import json

import pytest

from normalizer.readers import READERS, charsets, hypertext, magic, read, rtf, sniff
from normalizer.readers.bodies import flowed
from normalizer.readers.transfer import decode
from records.reading import Mailbox
from records.words import Review
from tests.normalizer.mails import CONTEXT, read_mail

SENTENCES = {
    "Здравствуйте! С утра не работает интернет, мигает лампочка.": ("utf-8", "cp1251", "koi8-r", "cp866"),
    "НЕТ ДОЗВОНА": ("utf-8", "cp1251", "koi8-r", "cp866"),
    "помогите": ("utf-8", "cp1251", "koi8-r", "cp866"),
    "宽带无法上网，请尽快派人维修，谢谢。": ("utf-8", "gb18030"),
    "網路不能使用，請派人處理": ("utf-8", "cp950"),
    "インターネットに接続できません": ("utf-8", "cp932", "euc-jp"),
    "인터넷이 안됩니다": ("utf-8", "cp949"),
    "perché la linea è caduta più volte": ("utf-8", "cp1252"),
    "Grüße aus München": ("utf-8", "cp1252"),
}
CASES = [(text, charset) for text, found in SENTENCES.items() for charset in found]


@pytest.mark.parametrize(("text", "charset"), CASES)
def test_text_is_read_whatever_its_charset_is_called(text: str, charset: str) -> None:
    for named in (None, "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "us-ascii", "x-nonsense"):
        assert charsets.decode(text.encode(charset), named).text == text, named


def test_a_charset_that_is_right_is_left_alone() -> None:
    for text, charset in (
        ("Žluťoučký kůň", "iso-8859-2"),
        ("Ğüneş", "cp1254"),
        ("Καλημέρα", "iso-8859-7"),
        ("äöüß", "cp1252"),
    ):
        assert charsets.decode(text.encode(charset), charset) == charsets.Decoded(text, None)


def test_one_broken_byte_costs_one_letter() -> None:
    content = "Не работает интернет".encode()
    assert charsets.decode(content[:9] + b"\xff" + content[9:], "utf-8").text == "Не ра\ufffdботает интернет"


def test_every_byte_is_some_text() -> None:
    for first, second in itertools.product(range(0, 256, 5), repeat=2):
        for named in (None, "utf-8", "gb2312", "iso-2022-jp", "utf-16", "utf-7"):
            charsets.decode(bytes((first, second)), named)


def test_plain_text() -> None:
    reading = read("Нет интернета\r\n".encode("koi8-r"), "text/plain", CONTEXT)
    assert (reading.text, reading.notes) == ("Нет интернета", ("read as: koi8-r",))
    assert read(b"", "text/plain", CONTEXT).reviews == (Review.EMPTY,)


def test_html_to_text() -> None:
    page = (
        "<title>no</title><p>Hello, <b>bo</b>ld</p><p>&nbsp;</p><div>a<br>b</div><table><tr><td>Phone</td><td> 8 </td>"
        "</tr><tr><td>x</td></tr></table><blockquote>one<blockquote>two</blockquote></blockquote><pre>c\n d</pre>"
    )
    assert hypertext.read(page).text == "Hello, bold\n\na\nb\nPhone\t8\nx\n> one\n> > two\n\nc\nd"
    assert hypertext.read("").text == ""
    outlook = hypertext.read("new<hr><div id=divRplyFwdMsg>From: us</div>").text
    assert outlook.split("\n") == ["new", "_" * 32, "From: us"]


def test_flowed_lines_are_joined() -> None:
    assert flowed("one \ntwo\n>three \n>four\n-- \nname") == "one two\n> three four\n-- \nname"
    assert flowed("про \nвод", delete_space=True) == "провод"


def test_a_forwarded_message_is_the_report() -> None:
    inner = "From: Anna <anna@example.org>\nSubject: Нет связи\n\nТелефон молчит с утра."
    mail = (
        'From: clerk@isp.example\nSubject: Fwd\nContent-Type: multipart/mixed; boundary="b"\n\n'
        f"--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--"
    )
    reading = read_mail(mail)
    assert reading.forwarded_from == Mailbox("Anna", "anna@example.org")
    assert reading.new_text == reading.text == "See below.\n\nНет связи\n\nТелефон молчит с утра."
    assert [(part.path, part.name) for part in reading.parts] == [("2", "Нет связи.eml")]
    assert reading.parts[0].size == len(inner.encode())


def test_a_message_that_a_report_returns_is_no_text() -> None:
    mail = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nNot delivered.\n'
        "--b\nContent-Type: message/delivery-status\n\nStatus: 5.0.0\n"
        "--b\nContent-Type: message/rfc822\n\n\nold text\n--b--"
    )
    reading = read_mail(mail)
    assert reading.text == "Not delivered."
    assert [part.media_type for part in reading.parts] == ["message/delivery-status", "message/rfc822"]
    assert reading.forwarded_from is None


def test_second_html_and_named_text_are_shown_and_listed() -> None:
    parts = ("text/html\n\n<p>one", "text/html\n\n<p>two", "text/plain; name=a.txt\n\nthree")
    body = "".join(f"--b\nContent-Type: {part}\n" for part in parts)
    reading = read_mail(f'Content-Type: multipart/mixed; boundary="b"\n\n{body}--b--')
    assert reading.text == "one\n\ntwo\n\nthree"
    assert [(part.path, part.name) for part in reading.parts] == [("2", None), ("3", "a.txt")]


def test_transfer_encodings() -> None:
    assert decode(b"YWJj", b"BASE64") == (b"abc", None)
    assert decode(b"a=62=\n", b"Quoted-Printable") == (b"ab", None)
    assert decode(b"a\r\nb", b"7bit") == (b"a\nb", None)
    assert decode(b"a\r\nb\0", b"8bit") == (b"a\r\nb\0", None)
    assert decode(b"a", b"x-gzip64") == (b"a", "unknown transfer encoding x-gzip64")
    assert decode(b"no base64 at all, but text", b"base64")[1] == "not base64, though it says so"


@pytest.mark.parametrize(
    ("content", "named", "told"),
    [
        (b"%PDF-1.4", "image/png", "application/pdf"),
        (b"junk\n%PDF-1.4", "", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "application/pdf", "image/png"),
        (b"MZ\x90\0\x03", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"<!DOCTYPE html><p>", "image/png", "text/html"),
        (b"BMW", "text/plain", "text/plain"),
        (b"x", "not a type", "application/octet-stream"),
        (b"x", "image/jpg", "image/jpeg"),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml word/", "", magic.media_type(b"") and magic._OFFICE[0][1]),
        (gzip.compress(b"", mtime=0), "", "application/gzip"),
    ],
)
def test_types_are_told_by_content(content: bytes, named: str, told: str) -> None:
    assert magic.media_type(content, named) == told


def test_an_encrypted_archive_says_so() -> None:
    assert magic.problem(b"PK\x03\x04\x14\0\x01\0") == "encrypted archive"


@pytest.mark.parametrize(
    ("content", "declared", "told"),
    [
        (b"anything", "message/rfc822", "message/rfc822"),
        (b"Received: x\nFrom: a@example.org\n\nx", None, "message/rfc822"),
        (b"X-A: b\n c\nX-B: d\nSubject: x\n\n", "application/octet-stream", "message/rfc822"),
        (b"From ivan Thu May  3 12:04:29 2012\nTo: a@example.org\n\n", None, "message/rfc822"),
        ("Нет интернета".encode(), None, "text/plain"),
        (b"Dear support: it is broken", None, "text/plain"),
        (b"", None, "text/plain"),
        (b"%PDF-1.4", "text/plain", "application/pdf"),
        (json.dumps({"update_id": 1, "message": {}}).encode(), None, "application/vnd.telegram-update+json"),
        (json.dumps({"@type": "TroubleTicket", "description": "x"}).encode(), None, "application/vnd.tmf621+json"),
        (
            json.dumps({"description": "x", "severity": "y", "ticketType": "z"}).encode(),
            None,
            "application/vnd.tmf621+json",
        ),
        (b'{"a": 1}', None, "application/json"),
        (b'{"a":' * 100_000, None, "text/plain"),
        (b"{not json", None, "text/plain"),
        (b"a" * 1_000_000, None, "text/plain"),
        (b"a:" * 100_000 + b"\n" + b"b: c\n" * 10_000, None, "text/plain"),
    ],
)
def test_originals_are_told_by_content(content: bytes, declared: str | None, told: str) -> None:
    assert sniff(content, declared) == told


def test_what_no_reader_opens_is_kept_with_the_reason() -> None:
    reading = read(b"OggS", "audio/ogg", CONTEXT)
    assert reading.reviews == (Review.UNREADABLE_ORIGINAL,)
    assert reading.notes == ("no reader for audio/ogg yet: the original is kept",)
    assert "message/rfc822" in READERS


def test_rich_text() -> None:
    document = (
        rb"{\rtf1\ansicpg1251{\fonttbl{\f0 Arial;}}\f0 \'cd\'e5\'f2 \u1089?\u1074?\tab x\par{\*\generator no;}end}"
    )
    assert rtf.text(document) == "Нет св\tx\nend"
    assert rtf.decompress(b"") == b""
    assert rtf.decompress(b"\0" * 8 + b"LZFu" + b"\0" * 4 + b"\xff" * 100_000) == b""
    assert rtf.text(b"{" * 200_000 + rb"\u1" * 100) is not None
