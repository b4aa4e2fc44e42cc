"""Partners' mail: a template made from one, with a preview; the templates that there are, to close and to export."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from desk import actions, partner_templates
from desk.errors import Wrong
from desk.page import Here, Page
from desk.visit import Form, Senior
from records.partner import PartnerStatus
from records.partner_template import Look, Made, PartnerField
from storage import partner_templates as archive

router = APIRouter(include_in_schema=False)

#: Zones that are offered; the desk's own stands first.
ZONES = (
    "UTC", "Europe/Moscow", "Europe/Kaliningrad", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk",
    "Asia/Vladivostok", "Europe/London", "Europe/Rome", "Europe/Berlin", "Asia/Shanghai", "Asia/Hong_Kong",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip


@router.get("/partners")
def show(page: Here, _: Senior, made: str = "") -> Response:
    """List the templates; `made` is the one that was kept just now."""
    with page.wired.database.read() as tx:
        found = archive.templates(tx)
    return page.show("partners.html", here="partners", templates=found, made=made)


@router.get("/partners/{slug}.toml")
def export(page: Here, _: Senior, slug: str) -> Response:
    """Give a template as a file, as they lie in `normalizer/partners/templates`."""
    kept = partner_templates.kept(page.wired, slug)
    headers = {"content-disposition": 'attachment; filename="partner.toml"'}
    return Response(kept.body.encode(), media_type="application/toml", headers=headers)


@router.post("/partners/{slug}/{state}")
def switch(page: Here, visit: Senior, slug: str, state: str) -> Response:
    """Let readers have a template ("open"), or not any more ("close")."""
    partner_templates.switch(page.wired, visit, slug, enabled=state == "open")
    return page.go("/partners")


@router.get("/reports/{number}/template")
def begin(page: Here, visit: Senior, number: str) -> Response:
    """Begin a template from a mail."""
    made = partner_templates.look(page.wired, visit, number)
    return _show(page, number, made, _first(made.look))


@router.post("/reports/{number}/template")
def go_on(page: Here, visit: Senior, posted: Form, number: str) -> Response:
    """Show what a template would read, or keep it."""
    given = {name: value for name, value in posted.items() if isinstance(value, str)}
    try:
        draft = partner_templates.draft_of(page.wired, given, _required(posted))
        if "save" in given:
            return page.go(f"/partners?made={partner_templates.save(page.wired, visit, number, draft)}")
        return _show(page, number, partner_templates.preview(page.wired, visit, number, draft), given | _ticked(posted))
    except Wrong as wrong:
        made = partner_templates.look(page.wired, visit, number)
        return _show(page, number, made, given | _ticked(posted), wrong)


def _required(posted: FormData) -> tuple[str, ...]:
    return tuple(str(one) for one in posted.getlist("required"))


def _ticked(posted: FormData) -> dict[str, str]:
    return {f"required-{one}": "1" for one in _required(posted)}


def _first(look: Look) -> dict[str, str]:
    """Propose what a form begins with."""
    domain = look.sender.rpartition("@")[2]
    return {
        "senders": look.sender if domain in partner_templates.PUBLIC else domain,
        "number": next(iter(look.numbers), ""), "required-number": "1",
        **{f"field-{place}": label.field.value for place, label in enumerate(look.labels) if label.field},
    }  # fmt: skip


def _show(page: Page, number: str, made: Made, given: dict[str, str], wrong: Wrong | None = None) -> Response:
    kept = actions.known(page.wired, number)
    own = page.wired.settings.gateway.zone
    return page.show(
        "partner_template.html", 422 if wrong else 200, here="partners", number=kept.id, look=made.look, made=made,
        given={"zone": own, **given}, errors=wrong.fields if wrong else {}, trouble=_trouble(made, wrong),
        fields=tuple(PartnerField), states=tuple(PartnerStatus), zones=tuple(dict.fromkeys((own, *ZONES))),
    )  # fmt: skip


def _trouble(made: Made, wrong: Wrong | None) -> str | None:
    if wrong is not None:
        return wrong.say
    return partner_templates.NOT_READ if made.problem else None
