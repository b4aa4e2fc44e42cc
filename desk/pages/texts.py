"""The texts of automatic answers: seniors read them, admins write others, with what a reader will get beside them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from desk import actions, wording
from desk.errors import NotThere, Trouble
from desk.page import Here, Page
from desk.services import Services, Wired
from desk.visit import Admin, Form, Senior, Visit
from desk.wording import place as place_of
from desk.words import MEANINGS, MEDIA, N_
from records.deliveries import Kind, Medium, Reply
from records.numbers import number
from records.people import Role
from records.record import FaultRecord
from records.templates import LONGEST, PLACEHOLDERS, WrongTemplate, checked, needed
from storage import templates
from storage.templates import Place, Written

router = APIRouter(include_in_schema=False)

VERSIONS = 20  # shown of one text
_SAMPLE = 1187  # the number of the report that nobody has chosen
_TO = {Medium.MAIL: "galina@example.org", Medium.CHAT: "telegram:1"}
_NAMES = {"ru": "Галина Соколова", "zh": "张伟", "it": "Anna Rossi", "en": "Mary Brown"}
_MISSING = ("reporter.phone", "affected.address")
_WRONG = {
    "unknown": N_("There is no placeholder {%(name)s}. Did you mean {%(nearest)s}?"),
    "mandatory": N_("{%(name)s} is missing: an answer of this kind can't do without it."),
    "braces": N_("A brace stands alone, or holds more than a name."),
    "empty": N_("The text is empty."),
    "long": N_("The text is longer than %(longest)s characters."),
}
_NEWER = N_("Somebody has written a newer text meanwhile: copy yours, reload the page, and compare.")


@router.get("/texts")
def every(page: Here, _: Senior) -> Response:
    """List every text, with who has changed it."""
    with page.wired.database.read() as tx:
        own = {one.place: one for one in templates.newest(tx) if one.text is not None}
    rows = [
        {"kind": kind, "medium": medium, "own": {
            language: sorted((one for one in own.values() if (one.place.kind, one.place.medium, one.place.language)
                              == (kind, medium, language)), key=lambda one: one.place.channel)
            for language in page.wired.texts.languages
        }}
        for kind in Kind for medium in Medium
    ]  # fmt: skip
    return page.show("texts.html", here="texts", rows=rows, media=MEDIA, text_languages=page.wired.texts.languages)


@router.get("/texts/{kind}/{language}/{medium}")
def one(
    page: Here, visit: Senior, kind: Kind, language: str, medium: Medium, channel: str = "",
    report: Annotated[str, Query(max_length=40)] = "",
) -> Response:  # fmt: skip
    """Show one text with its preview, and its versions."""
    place = place_of(page.wired, kind, language, medium, channel)
    return _shown(page, visit, place, None, report)


@router.post("/texts/{kind}/{language}/{medium}")
def write(page: Here, wired: Wired, visit: Admin, posted: Form, kind: Kind, language: str, medium: Medium) -> Response:
    """Keep a text, go back to the shipped one, or only show how it reads, as the button says."""
    place = place_of(wired, kind, language, medium, str(posted.get("channel", "")))
    text = str(posted.get("text", "")).replace("\r\n", "\n").strip()
    act, report = str(posted.get("act", "save")), str(posted.get("report", ""))[:40]
    if act == "preview":
        return _shown(page, visit, place, text, report)
    try:
        wording.keep(wired, visit, place, None if act == "back" else text, _number(str(posted.get("base", "0"))))
    except WrongTemplate as wrong:
        return _shown(page, visit, place, text, report, wrong=told(page, wrong), code=422)
    except templates.Changed:
        return _shown(page, visit, place, text, report, wrong=page._(_NEWER), code=409)
    return page.go(_address(place), "text-kept")


@router.post("/texts/{kind}/{language}/{medium}/preview")
def preview(page: Here, visit: Senior, posted: Form, kind: Kind, language: str, medium: Medium) -> Response:
    """Tell the page how a text reads, or what is wrong with it."""
    place = place_of(page.wired, kind, language, medium, str(posted.get("channel", "")))
    try:
        text = checked(kind, str(posted.get("text", "")).replace("\r\n", "\n").strip())
        read = _preview(page.wired, visit, place, text, str(posted.get("report", ""))[:40])
    except WrongTemplate as wrong:
        return JSONResponse({"wrong": told(page, wrong)})
    except Trouble as trouble:
        return JSONResponse({"wrong": page._(trouble.say)})
    return JSONResponse({"text": read})


def told(page: Page, wrong: WrongTemplate) -> str:
    """Say what is wrong with a text."""
    names = {"name": wrong.name, "nearest": wrong.nearest or ", ".join(PLACEHOLDERS), "longest": LONGEST}
    return page.speech.gettext(_WRONG[wrong.problem], **names)


def _shown(
    page: Page, visit: Visit, place: Place, typed: str | None, report: str, wrong: str | None = None, code: int = 200
) -> Response:
    with page.wired.database.read() as tx:
        versions = templates.versions(tx, place, VERSIONS)
    shipped = page.wired.texts.shipped(place.kind, place.language, place.medium)
    own = versions[0].text if versions else None
    text = typed if typed is not None else own or shipped
    read = ""
    try:
        read = _preview(page.wired, visit, place, checked(place.kind, text), report)
    except WrongTemplate as error:
        wrong = wrong or told(page, error)
    except Trouble as error:
        wrong = wrong or page._(error.say)
    return page.show(
        "text.html", code, here="texts", place=place, text=text, own=own, base=versions[0].version if versions else 0,
        versions=[_version(one) for one in versions], preview=read, wrong=wrong, report=report, address=_address(place),
        placeholders=[(name, page._(MEANINGS[name]), name in needed(place.kind)) for name in PLACEHOLDERS],
        channels=sorted(page.wired.settings.doors), longest=LONGEST, may_write=visit.may(Role.ADMIN), shipped=shipped,
        media=MEDIA,
    )  # fmt: skip


def _version(one: Written) -> dict[str, Any]:
    return {"version": one.version, "text": one.text, "author": one.author, "at": one.at}


def _preview(wired: Services, visit: Visit, place: Place, text: str, report: str) -> str:
    """Write the answer as its reader would get it. Raises NotThere for a report that there is not."""
    record = _record(wired, visit, report.strip()) if report.strip() else None
    now = wired.now()
    reply = Reply(
        kind=place.kind, to=_TO[place.medium], language=place.language, template=text,
        record_id=(record.id if record else None) or number(_SAMPLE, now),
        received_at=record.received_at if record else now - timedelta(minutes=1),
        missing=(record.missing if record else ()) or _MISSING, status="inProgress", solution="1. …\n2. …",
        reporter_name=record.reporter.name if record else _NAMES.get(place.language),
    )  # fmt: skip
    return wired.texts.preview(reply, wired.settings.replies.answers_url or "https://…")


def _record(wired: Services, visit: Visit, report: str) -> FaultRecord:
    record = actions.look(wired, visit, report).record
    if record is None:
        raise NotThere
    return record


def _address(place: Place) -> str:
    more: Mapping[str, str] = {"channel": place.channel} if place.channel else {}
    query = "".join(f"?{name}={value}" for name, value in more.items())
    return f"/texts/{place.kind}/{place.language}/{place.medium}{query}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
