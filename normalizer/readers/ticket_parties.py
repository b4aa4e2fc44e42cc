"""Who stands behind a partner's ticket: TMF621 v4 and v5 name parties, MEF 124 names contacts."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from normalizer.readers.branches import Branch
from normalizer.readers.clean import clean_line

#: Whom to ask, the nearest to the fault first.
_ROLES: Final = ("reportercontact", "reporter", "originator", "requester", "submitter", "contact", "buyer", "customer")
_EMAIL: Final = ("emailAddress", "email", "eMail")
_PHONE: Final = ("number", "phoneNumber", "phone", "telephoneNumber", "mobile", "msisdn")
_FIRMS: Final = ("organization", "organisation", "company", "partner", "operator")


class Contact(Struct, frozen=True, kw_only=True):
    """A person to answer, and the firm behind him; "" where nothing is told."""

    name: str = ""
    email: str = ""
    phone: str = ""
    organization: str = ""


def reporter(ticket: Branch) -> Contact:
    """Give who reports: of several parties the one whose role is nearest to the fault."""
    people = sorted(_parties(ticket), key=lambda one: _rank(one[0]))
    persons = [person for _, person in people if person.name or person.email or person.phone]
    firm = next((person.organization for _, person in people if person.organization), "")
    chosen = persons[0] if persons else Contact()
    return Contact(name=chosen.name, email=chosen.email, phone=chosen.phone, organization=chosen.organization or firm)


def _rank(role: str) -> int:
    plain = role.lower().replace(" ", "").replace("_", "")
    return next((place for place, known in enumerate(_ROLES) if known in plain), len(_ROLES))


def _parties(ticket: Branch) -> Iterator[tuple[str, Contact]]:
    """Give role and contact of each party."""
    for one in ticket.branches("relatedContactInformation"):
        yield one.text("role"), _contact(one, "")
    for one in ticket.branches("relatedParty"):
        party = one.branch("partyOrPartyRole") or one
        kind = party.text("@referredType") or one.text("@referredType") or party.text("@type")
        yield one.text("role"), _contact(party, kind)


def _contact(party: Branch, kind: str) -> Contact:
    """Read a party; a firm has no name of a person."""
    name = clean_line(party.text("name", "fullName"), 200)
    is_firm = any(word in kind.lower() for word in _FIRMS)
    return Contact(
        name="" if is_firm else name,
        email=_reached(party, _EMAIL),
        phone=_reached(party, _PHONE),
        organization=name if is_firm else clean_line(party.text("organization", "organisation"), 200),
    )


def _reached(party: Branch, names: tuple[str, ...]) -> str:
    """Give an address or number, from the party or from its contact media (TMF632)."""
    media = [*party.branches("contactMedium"), *party.branches("partyContactMedium")]
    places = [party, *media, *(medium.branch("characteristic") for medium in media)]
    return next((clean_line(told, 200) for place in places if (told := place.text(*names))), "")
