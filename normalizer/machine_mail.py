"""Tells mail that a machine wrote: bounces, feedback reports, our own mail come back, auto-replies, bulk mail.

Standards first (RFC 3464, 3834, 5965, 8098, 2369, 2919), then the shapes of mail servers that keep to none. A shape in
words counts only where the sender is a mail system: a person may well write about "undeliverable" mail.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from normalizer import machine_words as words
from records.reading import Mailbox
from records.tokens import tokens_in
from records.words import MachineMail

_HEAD: Final = 4_000  # characters of the text that are looked at: a notice says at once what it is


class MachineClues(Struct, frozen=True, kw_only=True):
    """What of a mail shows whether a machine wrote it."""

    headers: Mapping[str, tuple[str, ...]]  # lower-case names; values decoded and capped
    content_type: str  # lower-case type/subtype of the whole mail
    report_type: str | None = None  # of multipart/report (RFC 6522)
    part_types: tuple[str, ...] = ()  # lower-case type/subtype of every part, at any depth
    subject: str | None = None
    from_: Mailbox | None = None
    envelope_sender: str | None = None  # "" is the null sender, None: not known
    text: str = ""  # all visible text
    own_addresses: tuple[str, ...] = ()  # lower case


def tell(clues: MachineClues) -> MachineMail | None:
    """Tell why a machine wrote this mail, None where a person may have written it: the first rule that hits tells."""
    return next((kind for kind, _, hits in RULES if hits(clues)), None)


_AUTO_REPLY_HEADERS: Final = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply", "x-mail-autoreply")
_LISTED: Final = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "mailing-list",
    "x-mailing-list",
    "x-mlserver",
    "feedback-id",
)


def _values(clues: MachineClues, name: str) -> str:
    """Give all values of a header as one lower-case text; "" where it is absent."""
    return " ".join(clues.headers.get(name, ())).lower().strip()


def _null_sender(clues: MachineClues) -> bool:
    """Tell the null reverse-path (RFC 5321 section 4.5.5), from the envelope or from Return-Path."""
    path = _values(clues, "return-path")
    return clues.envelope_sender == "" or path == "<>" or path.startswith("<mailer-daemon")


def _from_mail_system(clues: MachineClues) -> bool:
    """Tell a mail system by its From: its usual local parts, its usual names, or no address at all."""
    sender = clues.from_ or Mailbox()
    name, address = (sender.name or "")[:200], (sender.address or "")[:320]
    if words.DAEMON_ADDRESS.fullmatch(address.partition("@")[0]) or words.DAEMON_NAME.search(name):
        return True
    return "@" not in address and ("from" in clues.headers and (_null_sender(clues) or not name))


def _local_part(clues: MachineClues) -> str:
    return ((clues.from_ or Mailbox()).address or "")[:320].partition("@")[0]


def _answers(clues: MachineClues) -> bool:
    return bool(_values(clues, "in-reply-to") or _values(clues, "references"))


def _auto_submitted(clues: MachineClues) -> str:
    """Give the keyword of Auto-Submitted (RFC 3834 section 5), "no" where absent."""
    return re.split(r"[\s;(]", _values(clues, "auto-submitted") or "no")[0]


def _is_own_list(clues: MachineClues) -> bool:
    """Tell a list that is our own mailbox under another name: mail to a group address is not bulk for that."""
    named = _values(clues, "list-id") + _values(clues, "list-post")
    return any(own in named or own.replace("@", ".") in named for own in clues.own_addresses)


def _is_bulk(clues: MachineClues) -> bool:
    precedence = _values(clues, "precedence") in {"bulk", "list", "junk"}
    return (precedence or any(name in clues.headers for name in _LISTED)) and not _is_own_list(clues)


def _is_feedback(clues: MachineClues) -> bool:
    """Tell an abuse report by its type or parts (RFC 5965); inside a mail that only forwards one it proves nothing."""
    reported = clues.report_type == "feedback-report" or clues.content_type == "message/feedback-report"
    return reported or ("message/feedback-report" in clues.part_types and clues.content_type == "multipart/report")


def _is_complaint_loop(clues: MachineClues) -> bool:
    spoken = any(words.LOOP_TEXT.match(line.strip()[:200]) for line in clues.text[:_HEAD].splitlines()[:60])
    return (
        spoken or "x-apple-unsubscribe" in clues.headers or bool(words.LOOP_SUBJECT.match((clues.subject or "")[:300]))
    )


def _is_delivery_report(clues: MachineClues) -> bool:
    """Tell a delivery status notification (RFC 3464); a person who forwards one sends no report himself."""
    inside = {"message/delivery-status", "message/global-delivery-status"} & {clues.content_type, *clues.part_types}
    if clues.content_type == "multipart/report" and clues.report_type in {
        None,
        "delivery-status",
        "mail-delivery-status",
    }:
        return True
    system = _null_sender(clues) or _from_mail_system(clues) or words.POSTMASTER.fullmatch(_local_part(clues))
    return bool(inside and system)


def _is_amazon_notice(clues: MachineClues) -> bool:
    """Tell Amazon's notice of a bounce or delivery, which is JSON from an ordinary sender."""
    return bool(re.search(r'"(?:notification|event)Type\W{1,8}(?:bounce|delivery)', clues.text[:_HEAD], re.IGNORECASE))


def _is_bounce_in_words(clues: MachineClues) -> bool:
    """Tell the bounce of a server that keeps to no standard: a mail system or the null sender, and its words.

    A postmaster may be a person who complains about mail, so that his subject must say it.
    """
    if words.BOUNCE_SUBJECT.search((clues.subject or "")[:300]) and words.POSTMASTER.fullmatch(_local_part(clues)):
        return True
    if not (_null_sender(clues) or _from_mail_system(clues)):
        return False
    spoken = words.BOUNCE_SUBJECT.search((clues.subject or "")[:300]) or words.BOUNCE_TEXT.search(clues.text[:_HEAD])
    return bool(spoken)


def _is_bounce_of_no_reply(clues: MachineClues) -> bool:
    """Tell the bounce of a mobile carrier, which comes from no-reply: two phrases of a bounce must stand in it."""
    if not words.NO_REPLY.fullmatch(_local_part(clues)):
        return False
    spoken = {found[0].lower() for found in words.BOUNCE_TEXT.finditer(clues.text[:_HEAD])}
    return bool(words.BOUNCE_SUBJECT.search((clues.subject or "")[:300])) + len(spoken) > 1


def _is_list_server_refusal(clues: MachineClues) -> bool:
    """Tell a list server (fml) that refuses a mail: its words are its own."""
    return "x-mlserver" in clues.headers and bool(words.LIST_REFUSAL.search((clues.subject or "")[:300]))


def _is_loop(clues: MachineClues) -> bool:
    """Tell our own mail: sent from our mailbox, under a Message-ID with our token, or marked by us as seen."""
    sender = ((clues.from_ or Mailbox()).address or "").lower()
    marked = _values(clues, "x-loop").split()
    own = set(clues.own_addresses)
    return sender in own or bool(tokens_in(_values(clues, "message-id"))) or bool(own.intersection(marked))


def _is_auto_reply(clues: MachineClues) -> bool:
    """Tell an answer by machine from its headers: Auto-Submitted (RFC 3834), and what older programs write instead."""
    submitted = _auto_submitted(clues)
    return (
        submitted.startswith(("auto-replied", "auto-notified"))
        or (submitted.startswith("auto-") and _answers(clues))
        or any(name in clues.headers for name in _AUTO_REPLY_HEADERS)
        or _values(clues, "precedence").startswith(("auto_reply", "auto-reply", "autoreply"))
        or _values(clues, "preference") == "auto_reply"
        or _values(clues, "x-autogenerated").startswith("reply")
        or "autoresponder" in _values(clues, "x-post-messageclass") + _values(clues, "delivered-to")
        or "vacation" in _values(clues, "x-mailer")
    )


def _is_receipt(clues: MachineClues) -> bool:
    """Tell a read receipt (RFC 8098)."""
    told = clues.report_type == "disposition-notification" or "message/disposition-notification" in clues.part_types
    return clues.content_type == "multipart/report" and told


_Rule: TypeAlias = tuple[MachineMail, str, Callable[[MachineClues], bool]]

#: Kind, name, test; the first hit tells, so a bounce that calls itself auto-replied is still a bounce.
RULES: Final[tuple[_Rule, ...]] = (
    (MachineMail.FEEDBACK, "abuse report", _is_feedback),
    (MachineMail.FEEDBACK, "complaint loop", _is_complaint_loop),
    (MachineMail.AUTO_REPLY, "read receipt", _is_receipt),
    (MachineMail.BOUNCE, "delivery report", _is_delivery_report),
    (MachineMail.BOUNCE, "X-Failed-Recipients", lambda clues: "x-failed-recipients" in clues.headers),  # Exim, Gmail
    (MachineMail.BOUNCE, "bounce in words", _is_bounce_in_words),
    (MachineMail.BOUNCE, "bounce from no-reply", _is_bounce_of_no_reply),
    (MachineMail.BOUNCE, "refusal of a list server", _is_list_server_refusal),
    (MachineMail.BOUNCE, "Amazon's notice", _is_amazon_notice),
    (MachineMail.LOOP, "our own mail", _is_loop),
    (MachineMail.AUTO_REPLY, "auto-reply by header", _is_auto_reply),
    (
        MachineMail.AUTO_REPLY,
        "auto-reply by subject",
        lambda clues: bool(words.AUTO_REPLY_SUBJECT.search((clues.subject or "")[:300])),
    ),
    (MachineMail.BULK, "Precedence or list headers", _is_bulk),
    (MachineMail.BULK, "auto-generated", lambda clues: _auto_submitted(clues).startswith("auto-")),
    (MachineMail.BULK, "wants no automatic answer", lambda clues: "all" in _values(clues, "x-auto-response-suppress")),
)
