"""The two versions of TMF621 that are served. A ticket is kept as version 5 writes it; version 4 is made of it."""

import re
from collections.abc import Callable
from typing import Any, Final

#: basePath of the official files, with the version in it.
ROOT: Final = "/tmf-api/troubleTicket/v{version}"
VERSIONS: Final = (4, 5)
_PATH: Final = re.compile(r"/tmf-api/troubleTicket/v([45])(?:/|$)")
_TYPES: Final = {
    "note": "Note", "externalIdentifier": "ExternalIdentifier", "troubleTicketCharacteristic": "Characteristic",
    "troubleTicketRelationship": "TroubleTicketRelationship",
}  # fmt: skip
_REFERENCES: Final = {"channel": "ChannelRef", "troubleTicketSpecification": "TroubleTicketSpecificationRef"}
_AROUND: Final = {
    "partyOrPartyRole": ("RelatedPartyRefOrPartyRoleRef", "PartyRef"), "entity": ("RelatedEntity", "EntityRef"),
}  # fmt: skip


def version_of(path: str) -> int:
    """Tell the version that a path belongs to; 5 for any other."""
    found = _PATH.match(path)
    return int(found[1]) if found else 5


def media_type(version: int) -> str:
    """Give the Content-Type of answers, exactly as the official file has it."""
    return "application/json;charset=utf-8" if version == 4 else "application/json"


def lifted(ticket: dict[str, Any], owner: str) -> dict[str, Any]:
    """Write a ticket of version 4, or some of its attributes, as version 5 does; `owner`: of its externalId."""
    made = dict(ticket)
    if "externalId" in made:
        made["externalIdentifier"] = [{"@type": "ExternalIdentifier", "id": made.pop("externalId"), "owner": owner}]
    _each(made, "relatedParty", lambda one: _around(one, "partyOrPartyRole"))
    _each(made, "relatedEntity", lambda one: _around(one, "entity"))
    for name, kind in _TYPES.items():
        _each(made, name, lambda one, kind=kind: {"@type": kind, **one})  # type: ignore[misc]
    _each(made, "attachment", _file)
    for name, kind in _REFERENCES.items():
        if name in made:
            made[name] = {"@type": kind, **made[name]}
    return {"@type": "TroubleTicket", **made}


def lowered(ticket: dict[str, Any]) -> dict[str, Any]:
    """Write a ticket of version 5 as version 4 does: `lifted` backwards."""
    made = dict(ticket)
    named = made.pop("externalIdentifier", None)
    if named:
        made["externalId"] = named[0]["id"]
    _each(made, "relatedParty", lambda one: _flat(one, "partyOrPartyRole"))
    _each(made, "relatedEntity", lambda one: _flat(one, "entity"))
    made["statusChange"] = [
        {"@type": "StatusChange", "status": one["status"], "changeDate": one["statusChangeDate"],
         **({"changeReason": one["statusChangeReason"]} if "statusChangeReason" in one else {})}
        for one in made.pop("statusChangeHistory")
    ]  # fmt: skip
    return made


def _each(ticket: dict[str, Any], name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    if name in ticket:
        ticket[name] = [change(one) for one in ticket[name]]


def _around(one: dict[str, Any], inner: str) -> dict[str, Any]:
    """Put what version 4 writes beside the role into an object of its own."""
    outer_type, inner_type = _AROUND[inner]
    kept = {name: value for name, value in one.items() if name != "role"}
    return {"@type": outer_type, "role": one.get("role", ""), inner: {**kept, "@type": inner_type}}


def _flat(one: dict[str, Any], inner: str) -> dict[str, Any]:
    return {**one.get(inner, {}), **({"role": one["role"]} if one["role"] else {})}


def _file(one: dict[str, Any]) -> dict[str, Any]:
    whole = "content" in one or ("attachmentType" in one and "mimeType" in one) or "id" not in one
    return {"@type": "Attachment" if whole else "AttachmentRef", **one}
