"""The texts of automatic answers: reading, and writing others in their place."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from desk import wording
from desk.api.nouns import Done, OwnText, Text, Texts
from desk.api.speaking import JSON, body, gives, seen_version, takes, told
from desk.errors import Changed, Wrong
from desk.services import Services, Wired
from desk.visit import Admin, Senior
from records.deliveries import Kind, Medium
from records.templates import WrongTemplate
from storage import templates
from storage.templates import Place

router = APIRouter(tags=["texts"])

Channel = Annotated[str, Query(max_length=100, description="a text for this channel alone; without it, for every one")]
Seen = Annotated[int, Depends(seen_version)]


@router.get("/texts", **gives(Texts, "Every text that somebody has written in place of the shipped one"))
def texts(wired: Wired, _: Senior) -> Response:
    """List the operator's own texts."""
    with wired.database.read() as tx:
        own = [one.place for one in templates.newest(tx) if one.text is not None]
    return told(Texts(texts=[_text(wired, place)[0] for place in own]))


@router.get("/texts/{kind}/{language}/{medium}", **gives(Text, "The text; its version is the ETag"))
def text(wired: Wired, _: Senior, kind: Kind, language: str, medium: Medium, channel: Channel = "") -> Response:
    """Give one text: the shipped one, and the operator's own if there is one."""
    found, version = _text(wired, wording.place(wired, kind, language, medium, channel))
    return told(found, version=version)


@router.put(
    "/texts/{kind}/{language}/{medium}", **gives(Done, "Done"), openapi_extra=takes((JSON, OwnText))
)  # fmt: skip
def write(
    wired: Wired, visit: Admin, kind: Kind, language: str, medium: Medium, base: Seen,
    given: Annotated[OwnText, Depends(body(OwnText))], channel: Channel = "",
) -> Response:  # fmt: skip
    """Write a text; null goes back to the shipped one. `If-Match` names the version that was seen, "0" where none."""
    place = wording.place(wired, kind, language, medium, channel)
    try:
        version = wording.keep(wired, visit, place, given.text.strip() if given.text is not None else None, base)
    except WrongTemplate as wrong:
        raise Wrong({"text": str(wrong)}) from wrong
    except templates.Changed as changed:
        raise Changed(changed.version) from changed
    return told(Done(version=version), version=version)


def _text(wired: Services, place: Place) -> tuple[Text, int]:
    with wired.database.read() as tx:
        newest = next(iter(templates.versions(tx, place, 1)), None)
    own = newest if newest and newest.text is not None else None
    found = Text(
        kind=place.kind, language=place.language, medium=place.medium, channel=place.channel or None,
        shipped=wired.texts.shipped(place.kind, place.language, place.medium), own=own.text if own else None,
        author=own.author if own else None, at=own.at if own else None,
    )  # fmt: skip
    return found, newest.version if newest else 0
