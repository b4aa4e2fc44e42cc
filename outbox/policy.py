"""May we answer automatically, and whom? RFC 3834 as a table: the first row that holds keeps us silent."""

import re
from collections.abc import Callable

from config.settings import Gateway, Replies
from outbox.situation import Situation
from records.addresses import is_plain_address
from records.tokens import tokens_in
from records.words import MachineMail, Order, Review

#: Local parts behind which nobody reads (RFC 2142, RFC 3834 section 2).
_ROLE = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|nobody|null|devnull|root|daemon|www-data"
    r"|listserv|listmaster|majordomo|mailman|owner-.*|.*-owner|.*-request|(?:.*[-_.])?bounces?(?:[-+=].*)?"
    r"|.*[-_.]no[-_.]?reply|no[-_.]?reply[-_.+].*)",
    re.IGNORECASE,
)
_ROBOT_HEADERS = ("x-loop", "x-autoreply", "x-autorespond", "x-auto-reply", "auto-reply")
_SUPPRESSED = {"all", "autoreply", "oof"}  # values of Microsoft's X-Auto-Response-Suppress that mean us


def without_tag(address: str) -> str:
    """Give the mailbox behind a sub-address (RFC 5233), in lower case: support+x@isp.example is support@isp.example."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def own_address(settings: Replies, gateway: Gateway) -> str:
    """Give the address that replies come from, before the token is added."""
    return settings.sender or f"support@{gateway.domain}"


def _header(situation: Situation, name: str) -> str:
    return situation.headers.get(name, "").strip().lower()


def _wanted(situation: Situation) -> bool:
    """Tell a verified partner who wants our answers: his ticket system may write in bulk and by itself."""
    partner = situation.record.partner
    return partner is not None and partner.answers and partner.verified_by is not None


def _machine(situation: Situation) -> bool:
    machine = situation.record.machine_mail
    return machine is not None and not (machine is MachineMail.BULK and _wanted(situation))


def _auto_submitted(situation: Situation) -> bool:
    """Tell what no person sent; an answer by itself ("auto-replied") is never answered, whoever wants it."""
    how = _header(situation, "auto-submitted").partition(";")[0].strip()
    return how not in ("", "no") and not (how == "auto-generated" and _wanted(situation))


def _bulk(situation: Situation) -> bool:
    bulk = _header(situation, "precedence") in ("bulk", "junk", "list", "auto_reply")
    return bulk and not _wanted(situation)


def _suppressed(situation: Situation) -> bool:
    values = re.split(r"[,;]", _header(situation, "x-auto-response-suppress")[:200])
    return not _SUPPRESSED.isdisjoint(value.strip() for value in values) and not _wanted(situation)


def _not_the_author(situation: Situation) -> bool:
    envelope, author = situation.envelope_sender, situation.author or ""
    return envelope is not None and envelope.lower() != author.lower() and not _wanted(situation)


def _ours(situation: Situation) -> bool:
    ours = (*situation.gateway.own_addresses, own_address(situation.settings, situation.gateway))
    return without_tag(situation.author or "") in {without_tag(address) for address in ours}


def _fax_gateway(situation: Situation) -> bool:
    author = (situation.author or "").lower()
    return not {author, f"@{author.rpartition('@')[2]}"}.isdisjoint(situation.gateway.fax_gateways)


def _answers_at_once(situation: Situation) -> bool:
    """See a robot that answers each of our replies with what looks like a new report; a question's answer is none."""
    new = situation.record.order is Order.REPORT and situation.waiting is None
    return new and situation.earlier is not None and situation.replies_to_address > 0


#: Reasons for silence, in the order in which a person would want to read them.
SILENCE: tuple[tuple[str, Callable[[Situation], bool]], ...] = (
    ("no smarthost is set", lambda s: s.settings.host is None),
    ("written by a machine", _machine),
    ("null sender", lambda s: s.envelope_sender == ""),
    ("null return path", lambda s: _header(s, "return-path") == "<>"),
    ("submitted automatically", _auto_submitted),
    ("bulk mail", _bulk),
    ("mailing list", lambda s: any(name.startswith("list-") for name in s.headers)),
    ("asks for no automatic reply", _suppressed),
    ("a robot's header", lambda s: any(name in s.headers for name in _ROBOT_HEADERS)),
    ("no address to answer to", lambda s: not is_plain_address(s.author or "")),
    ("the envelope's sender is not the author", _not_the_author),
    ("our own address", _ours),
    ("a fax gateway", _fax_gateway),
    ("a gateway like ours", lambda s: bool(tokens_in(s.author or ""))),
    ("nobody reads there", lambda s: _ROLE.fullmatch((s.author or "")[:254].rpartition("@")[0]) is not None),
    ("sender not verified", lambda s: Review.UNVERIFIED_SENDER in s.record.needs_review),
    ("answers our reply at once", _answers_at_once),
    ("enough replies about this report", lambda s: s.replies_about >= s.settings.per_report),
    ("enough replies to this address", lambda s: s.replies_to_address >= s.settings.per_address),
    ("enough replies in all", lambda s: s.replies_in_all >= s.settings.per_gateway),
)

#: Those that hold for a person's question, too: he has chosen the address, and knows whether a machine wrote.
_FOR_PEOPLE = {
    "no smarthost is set", "no address to answer to", "our own address", "a fax gateway", "a gateway like ours",
    "nobody reads there", "enough replies about this report", "enough replies to this address", "enough replies in all",
}  # fmt: skip


#: Reasons for silence in a chat: its door lets no machine in, and a customer writes there to be answered at once.
IN_CHAT: tuple[tuple[str, Callable[[Situation], bool]], ...] = (
    ("written by a machine", _machine),
    ("enough replies to this chat", lambda s: s.replies_to_address >= s.settings.per_chat),
    ("enough replies in all", lambda s: s.replies_in_all >= s.settings.per_gateway),
)


def silence(situation: Situation) -> str | None:
    """Tell why no reply may be sent; None when one may."""
    if situation.chat is not None:
        return next((reason for reason, holds in IN_CHAT if holds(situation)), None)
    rows = (row for row in SILENCE if situation.question is None or row[0] in _FOR_PEOPLE)
    return next((reason for reason, holds in rows if holds(situation)), None)


def passes(reason: str) -> bool:
    """Tell whether a reason for silence is one that time takes away."""
    return reason.startswith("enough replies")


def answer_to(situation: Situation) -> str | None:
    """Give where a reply may go: to the chat, otherwise to the author's address, never to a Reply-To."""
    return None if silence(situation) else situation.chat or situation.author
