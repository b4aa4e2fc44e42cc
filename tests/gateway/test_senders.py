"""Who is believed to be a partner, and who is not: real signatures, a real name server on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from config.senders import Allowed, Senders
from config.settings import Imap, Settings, Smtp
from gateway import senders
from gateway.names import Names, NoWord
from normalizer.job import Job, Normalized
from normalizer.normalize import normalize
from records.arrival import Envelope, TryAgain
from records.partner import Verification
from records.words import Review
from storage.records import Kept
from tests.name_server import NameServer, serving
from tests.normalizer.mails import CONTEXT
from tests.partner_mail import NOC, RECORD, RECORD_AT, signed, ticket

NOW = datetime(2026, 11, 20, 9, 1, tzinfo=UTC)


@pytest.fixture
def names() -> Iterator[NameServer]:
    with serving() as server:
        server.text(RECORD_AT, RECORD)
        yield server


def verified(names: NameServer, mail: bytes, channel: str = "mail", now: datetime = NOW, **more: Any) -> Normalized:
    """Read a mail and verify its sender as the worker does."""
    wired = {key: more.pop(key) for key in ("allowed", "authserv_ids", "dns_timeout") if key in more}
    settings = Settings(
        channels={"mail": Smtp(), "lmtp": Smtp(lmtp=True), "box": Imap(host="imap.example", user="u", password=None)},
        senders=Senders(nameservers=(names.address,), **wired),
    )  # fmt: skip
    kept = Kept(
        id="FR-2026-0000001", report=1, channel=channel, media_type="message/rfc822", sha256="", size=len(mail),
        received_at=CONTEXT.received_at, due_at=CONTEXT.due_at, envelope=Envelope(**more), problem=None,
    )  # fmt: skip
    job = Job(content=mail, media_type="message/rfc822", context=CONTEXT)

    def again(keys: Any) -> Normalized:
        return normalize(replace(job, context=replace(CONTEXT, keys=keys)))

    return senders.Senders(settings).verified(kept, normalize(job), again, now)


def way(done: Normalized) -> Verification | None:
    """Tell by what a mail was verified; the review says the same."""
    assert done.record.partner is not None
    doubtful = Review.UNVERIFIED_SENDER in done.record.needs_review
    assert doubtful == (done.record.partner.verified_by is None)
    assert done.record.external_id == "7714-ОБР"  # the fields are filled in any case
    return done.record.partner.verified_by


def test_a_signature_of_the_partner_s_domain_is_proof(names: NameServer) -> None:
    done = verified(names, signed(ticket()))
    assert way(done) is Verification.DKIM
    assert done.reading.notes[-1] == "sender verified by dkim: mts.example"


@pytest.mark.parametrize(
    "mail",
    [
        ticket(),
        signed(ticket()).replace("не работает".encode(), "не болит".encode()),
        signed(ticket(), "evil.example"),
        signed(ticket(), "notmts.example"),
        signed(ticket(), covering=("From", "Date")),  # whoever has one may write any subject
        signed(ticket(), length=True) + "Номер заявки: 1\r\n".encode(),
        signed(ticket(sender="x@evil.example", Reply_To=NOC)),
        signed(ticket(sender=f'"{NOC}" <x@evil.example>', Reply_To=NOC)),
        b"From: x@evil.example\r\n" + signed(ticket()),
        b"Subject: =?utf-8?q?=D0=9E=D1=82=D0=BC=D0=B5=D0=BD=D0=B0?=\r\n" + signed(ticket()),
        b"Reply-To: a@evil.example\r\nReply-To: b@evil.example\r\n" + signed(ticket()),
        signed(ticket()).replace(b"\r\nMIME-Version", b"\r\nX-A: 1\r\rTicket: 99\r\nMIME-Version", 1),
        b"DKIM-Signature: v=1; a=rsa-sha256; d=mts.example; s=noc1\r\n" + ticket(),
        b"DKIM-Signature: \xff=;;;\r\n" * 50 + ticket(),
    ],
    ids=["unsigned", "changed", "another domain", "a like domain", "subject not covered", "open end", "reply-to",
         "name", "second from", "second subject", "second reply-to", "bare return", "half a signature", "garbage"],
)  # fmt: skip
def test_a_forged_mail_is_read_and_not_believed(names: NameServer, mail: bytes) -> None:
    done = normalize(Job(content=mail, media_type="message/rfc822", context=CONTEXT))
    if done.record.partner is None:
        assert Review.UNVERIFIED_SENDER in done.record.needs_review
        return
    assert verified(names, mail).record.partner == replace(done.record.partner, verified_by=None)
    assert Review.UNVERIFIED_SENDER in verified(names, mail).record.needs_review


@pytest.mark.parametrize("record", ["v=DKIM1; k=rsa; p=", "v=DKIM1; k=rsa; p=AAAA", "nonsense", "v=DKIM1; k=\x01"])
def test_a_key_that_is_revoked_or_broken_proves_nothing(names: NameServer, record: str) -> None:
    names.text(RECORD_AT, record.replace("\x01", "x"))
    assert way(verified(names, signed(ticket()))) is None


def test_no_key_proves_nothing_at_once(names: NameServer) -> None:
    names.records.clear()
    done = verified(names, signed(ticket()))
    assert way(done) is None
    assert done.reading.notes[-1] == f"sender not verified: {NOC}"


def test_among_many_signatures_one_of_the_partner_s_is_enough(names: NameServer) -> None:
    assert way(verified(names, signed(signed(ticket()), "lists.example"))) is Verification.DKIM


SPF: dict[str, Any] = {"peer": "192.0.2.7", "sender": "bounce@mts.example"}


def test_spf_is_proof_where_the_partner_s_host_came_to_our_door(names: NameServer) -> None:
    names.text("mts.example", "v=spf1 include:_spf.mts.example mx -all")
    names.text("_spf.mts.example", "v=spf1 ip4:192.0.2.0/28 -all")
    assert way(verified(names, ticket(), **SPF)) is Verification.SPF
    assert way(verified(names, ticket(), channel="lmtp", **SPF)) is None  # the host is our own mail server
    assert way(verified(names, ticket(), channel="box", **SPF)) is None
    assert way(verified(names, ticket(), **{**SPF, "peer": "192.0.2.99"})) is None
    assert way(verified(names, ticket(), **{**SPF, "sender": "x@evil.example"})) is None
    assert way(verified(names, ticket(), **{**SPF, "sender": ""})) is None
    assert way(verified(names, ticket(), **{**SPF, "peer": "no address"})) is None


@pytest.mark.parametrize(("kind", "records", "proves"), [
    ("MX", {("mts.example", "MX"): ["10 mx.mts.example."], ("mx.mts.example", "A"): ["192.0.2.7"]}, True),
    ("A", {("mts.example", "A"): ["192.0.2.7"]}, True),
    ("loop", {}, False),
])  # fmt: skip
def test_spf_follows_the_names_of_a_record(
    names: NameServer, kind: str, records: dict[tuple[str, str], list[str]], *, proves: bool
) -> None:
    names.text(
        "mts.example", {"MX": "v=spf1 mx -all", "A": "v=spf1 a -all"}.get(kind, "v=spf1 include:mts.example -all")
    )
    names.records |= records
    assert (way(verified(names, ticket(), **SPF)) is Verification.SPF) is proves


def test_results_of_a_trusted_mail_server_are_proof(names: NameServer) -> None:
    trusted: dict[str, Any] = {"authserv_ids": {"box": ("MX.isp.example",)}, "channel": "box"}
    for told in (
        "dkim=pass header.d=mts.example",
        "dkim=fail header.d=x.example;\r\n spf=pass smtp.mailfrom=a@mts.example",
        "dmarc=pass (p=none) header.from=mts.example",
        'dkim=pass reason="good" header.i=@mts.example',
    ):
        mail = f"Authentication-Results: mx.isp.example 1; {told}\r\n".encode() + ticket()
        assert way(verified(names, mail, **trusted)) is Verification.AUTHENTICATION_RESULTS, told
        assert way(verified(names, mail)) is None, "the channel has no such server before it"


@pytest.mark.parametrize("told", [
    "mx.evil.example; dkim=pass header.d=mts.example",
    "mx.isp.example; dkim=fail header.d=mts.example",
    "mx.isp.example; dkim=pass header.d=evil.example",
    "mx.isp.example; dkim=pass (header.d=mts.example) header.d=evil.example",
    'mx.isp.example; spf=fail smtp.mailfrom="a; dkim=pass header.d=mts.example; b"@evil.example',
    "mx.isp.example; spf=fail (a; dkim=pass header.d=mts.example; b)",
    "mx.isp.example; iprev=pass policy.iprev=192.0.2.1; arc=pass header.d=mts.example",
    "mx.isp.example; spf=pass smtp.helo=mts.example",
    "(mx.isp.example) mx.evil.example; dkim=pass header.d=mts.example",
    "mx.isp.example; none", "", ";;;=", "mx.isp.example; dkim=pass header.d=" + "a" * 100_000,
    "mx.evil.example; none\r\nAuthentication-Results: mx.isp.example; dkim=pass header.d=mts.example",
])  # fmt: skip
def test_results_that_prove_nothing(names: NameServer, told: str) -> None:
    mail = f"Authentication-Results: {told}\r\n".encode() + ticket()
    assert way(verified(names, mail, channel="box", authserv_ids={"box": ("mx.isp.example",)})) is None


@pytest.mark.parametrize(("entry", "envelope", "proves"), [
    ({"address": NOC, "network": "192.0.2.0/24"}, {"peer": "192.0.2.7"}, True),
    ({"address": "@MTS.example", "network": "2001:db8::/32"}, {"peer": "2001:db8::1"}, True),
    ({"address": NOC, "network": "192.0.2.0/24"}, {"peer": "198.51.100.7"}, False),
    ({"address": NOC, "network": "192.0.2.0/24"}, {}, False),
    ({"address": NOC, "user": "mts"}, {"authenticated": "mts"}, True),
    ({"address": NOC, "user": "mts"}, {"authenticated": "other"}, False),
    ({"address": NOC, "channel": "mail"}, {}, True),
    ({"address": NOC, "channel": "box"}, {}, False),
    ({"address": "other@mts.example", "channel": "mail"}, {}, False),
])  # fmt: skip
def test_the_allow_list_names_an_address_and_its_way(
    names: NameServer, entry: dict[str, str], envelope: dict[str, Any], *, proves: bool
) -> None:
    done = verified(names, ticket(), allowed=(Allowed(**entry),), **envelope)
    assert (way(done) is Verification.ALLOW_LIST) is proves


def test_the_allow_list_lets_nobody_speak_for_another_partner(names: NameServer) -> None:
    mail = ticket(sender="noc@acme.example", Reply_To=NOC)
    done = verified(names, mail, allowed=(Allowed(address="acme.example", channel="mail"),))
    assert way(done) is None


@pytest.mark.parametrize("trouble", ["troubled", "silent"])
def test_while_the_dns_does_not_answer_a_mail_waits_but_not_for_ever(names: NameServer, trouble: str) -> None:
    setattr(names, trouble, True)
    with pytest.raises(TryAgain, match="DNS") as asked:
        verified(names, signed(ticket()), dns_timeout=0.3)
    assert asked.value.after > 0
    done = verified(names, signed(ticket()), now=NOW + timedelta(minutes=5), dns_timeout=0.3)
    assert way(done) is None
    assert done.reading.notes[-1] == "sender not checked: the DNS does not answer for mts.example"


def test_a_domain_that_does_not_answer_is_left_alone_for_a_while(names: NameServer) -> None:
    names.troubled = True
    resolver = Names(Senders(nameservers=(names.address,), dns_timeout=5))
    with pytest.raises(NoWord):
        resolver.asking()("a._domainkey.mts.example", "TXT")
    asked, names.troubled = len(names.asked), False
    with pytest.raises(NoWord):
        resolver.asking()("b._domainkey.mts.example", "TXT")
    assert len(names.asked) == asked
    assert resolver.asking()("b._domainkey.other.example", "TXT") == []
    assert len(names.asked) == asked + 1


@pytest.mark.parametrize("name", ["a" * 64 + ".mts.example", "a..b", "." * 9, "a." * 200 + "b", "\\999.x"])
def test_what_is_no_name_has_no_records_and_troubles_nobody(names: NameServer, name: str) -> None:
    resolver = Names(Senders(nameservers=(names.address,)))
    assert resolver.asking()(name, "TXT") == []
    assert names.asked == []


def test_a_signature_that_can_t_be_checked_hides_no_other(names: NameServer) -> None:
    names.broken.add("lame.mts.example")
    mail = signed(signed(ticket()), "lame.mts.example")
    assert way(verified(names, mail)) is Verification.DKIM
    with pytest.raises(TryAgain):
        verified(names, signed(ticket(), "lame.mts.example"))


def test_a_mail_that_is_nobody_s_asks_nothing(names: NameServer) -> None:
    mail = signed(ticket(sender="anna@customer.example"), "customer.example")
    done = verified(names, mail)
    assert done.record.partner is None
    assert names.asked == []
