"""Templates of partners' mail made at the desk: what is typed, what a template reads, what is kept.

The mails are parsed in a guarded child (`Services.drafts`), never here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from zoneinfo import available_timezones

from desk import actions
from desk.errors import NotThere, Wrong
from desk.services import Services
from desk.visit import Visit
from desk.words import N_
from records.arrival import TryAgain
from records.partner import PartnerStatus
from records.partner_template import Draft, Made, PartnerField, Wanted
from storage import audit, partner_templates, records, search
from storage.content import original as content_of
from storage.database import Transaction
from storage.partner_templates import Kept

MAIL = "message/rfc822"
OTHERS = 5  # mails of the same sender in which a template is tried, too
_LARGEST = 2_000_000  # bytes of one of them
_LABELS, _SENDERS, _WORDS = 80, 10, 20
_SENDER = re.compile(r"(?:[^\s@<>,;\"]{1,64}@)?(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")

#: Where everybody can have an address: there a partner is one address, never the domain.
PUBLIC = frozenset({
    "163.com", "126.com", "aol.com", "bk.ru", "foxmail.com", "gmail.com", "gmx.com", "gmx.de", "googlemail.com",
    "hotmail.com", "icloud.com", "inbox.ru", "internet.ru", "libero.it", "list.ru", "live.com", "mail.ru", "me.com",
    "msn.com", "outlook.com", "proton.me", "protonmail.com", "qq.com", "rambler.ru", "sina.com", "tiscali.it",
    "virgilio.it", "ya.ru", "yahoo.com", "yandex.com", "yandex.ru",
})  # fmt: skip

NAME = N_("Write the partner's name, in at most 100 characters.")
SENDER = N_(
    "Write the partner's domains or addresses, such as noc.example.net; ours are none, and of a public mail service"
    " write the whole address."
)
ZONE = N_("Choose a time zone of the list.")
NOT_A_MAIL = N_("A template is made of a mail: this report is none.")
NOT_READ = N_("This mail can't be read for a template.")
NOT_HIS = N_("By these senders and this number this very mail is not known.")
LACKING = N_("In this mail the template does not find what it requires.")


def look(wired: Services, visit: Visit, number: str) -> Made:
    """Look at a report's mail: its number, its labels. Raises Wrong for what is no mail."""
    return _made(wired, visit, number, None)


def preview(wired: Services, visit: Visit, number: str, draft: Draft) -> Made:
    """Show what a template would read in this mail and in the last ones of the same senders; nothing is kept."""
    return _made(wired, visit, number, draft)


def save(wired: Services, visit: Visit, number: str, draft: Draft) -> str:
    """Keep the template, where it reads the mail that it is made from, and read that again; gives its slug.

    Raises Wrong.
    """
    made = _made(wired, visit, number, draft)
    if made.problem or not made.reads:
        raise Wrong(say=NOT_READ)
    if not made.reads[0].known:
        raise Wrong({"senders": NOT_HIS})
    if made.reads[0].lacking:
        raise Wrong({"required": LACKING})
    work = partial(
        _save, report=actions.known(wired, number).report, draft=draft, body=made.body, by=visit, at=wired.now()
    )
    slug = wired.database.write(partial(_noted, work=work, wired=wired, visit=visit, what="template made"))
    wired.ring()
    return slug


def _save(tx: Transaction, *, report: int, draft: Draft, body: str, by: Visit, at: datetime) -> str:
    slug = partner_templates.save(tx, draft.name, body, by.person.login, at)
    partner_templates.read_again(tx, report, by.person.login)
    return slug


def switch(wired: Services, visit: Visit, slug: str, *, enabled: bool) -> None:
    """Let readers have a template, or not any more. Raises NotThere."""
    kept(wired, slug)
    work = partial(partner_templates.switch, slug=slug, author=visit.person.login, at=wired.now(), enabled=enabled)
    what = "template opened" if enabled else "template closed"
    wired.database.write(partial(_noted, work=work, wired=wired, visit=visit, what=what))


def kept(wired: Services, slug: str) -> Kept:
    """Give one template. Raises NotThere."""
    try:
        with wired.database.read() as tx:
            return partner_templates.template(tx, slug)
    except LookupError as error:
        raise NotThere from error


def draft_of(wired: Services, given: Mapping[str, str], required: tuple[str, ...]) -> Draft:
    """Give what a form says. Raises Wrong, which names the fields."""
    name = " ".join(given.get("name", "").split())
    typed = re.split(r"[\s,;]+", given.get("senders", "").lower())
    senders = tuple(dict.fromkeys(one.lstrip("@") for one in typed if one))
    zone = given.get("zone", "UTC")
    errors = {
        **({} if 0 < len(name) <= 100 and partner_templates.slug_of(name) else {"name": NAME}),
        **({} if _are_his(wired, senders) else {"senders": SENDER}),
        **({} if zone in available_timezones() else {"zone": ZONE}),
    }
    if errors:
        raise Wrong(errors)
    wanted = tuple(PartnerField(one) for one in required if one in set(PartnerField))
    return Draft(
        name=name, senders=senders, number=given.get("number", "").strip()[:60], by_number="by_number" in given,
        labels=_labels(given), status_words={state: _words(given.get(f"word-{state}", "")) for state in PartnerStatus},
        required=wanted or (PartnerField.NUMBER,), zone=zone, month_first="month_first" in given,
        answers="answers" in given,
    )  # fmt: skip


def _are_his(wired: Services, senders: tuple[str, ...]) -> bool:
    gateway = wired.settings.gateway
    ours = {gateway.domain.lower(), *gateway.own_domains, *gateway.own_addresses}
    plain = all(len(one) <= 320 and _SENDER.fullmatch(one) for one in senders)
    named = {*senders, *(one.rpartition("@")[2] for one in senders)}
    return plain and 0 < len(senders) <= _SENDERS and not named & ours and not PUBLIC & {*senders}


def _labels(given: Mapping[str, str]) -> dict[str, PartnerField]:
    told = ((given.get(f"label-{place}", ""), given.get(f"field-{place}", "")) for place in range(_LABELS))
    return {label[:200]: PartnerField(field) for label, field in told if label and field in set(PartnerField)}


def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:60] for one in text.split(",")[:_WORDS] if (word := " ".join(one.split())))


def _made(wired: Services, visit: Visit, number: str, draft: Draft | None) -> Made:
    report, content = actions.original(wired, visit, number)
    if report.media_type != MAIL:
        raise Wrong(say=NOT_A_MAIL)
    others = _others(wired, report.report, draft.senders) if draft else []
    try:
        return wired.drafts.make(Wanted(mails=(content, *others), draft=draft, at=wired.now()))
    except TryAgain:
        raise
    except Exception as error:
        raise Wrong(say=NOT_READ) from error


def _others(wired: Services, report: int, senders: tuple[str, ...]) -> list[bytes]:
    """Give the last mails in which one of these senders is named, the newest first."""
    with wired.database.read() as tx:
        found = (one.report for sender in senders for one in search.find(tx, sender, 4 * OTHERS))
        rows = (records.kept(tx, one) for one in dict.fromkeys(found) if one != report)
        mails = [row for row in rows if row and row.media_type == MAIL and row.size <= _LARGEST][:OTHERS]
        return [content_of(tx, wired.originals, mail.sha256) for mail in mails]


def _noted(tx: Transaction, *, work: Callable[[Transaction], str], wired: Services, visit: Visit, what: str) -> str:
    """Do something with a template, and note it; gives its slug."""
    slug = work(tx)
    audit.note(tx, actor=visit.person.login, what=what, at=wired.now(), peer=visit.peer, detail=slug)
    return slug
