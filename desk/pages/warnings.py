"""The warnings: promises near their end and broken ones, and customers who ask again past their time."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk import warned
from desk.page import Here
from desk.visit import Clerk, Form
from records.clocks import BROKEN, REPEATED, SUSPECTED
from storage import warnings

router = APIRouter(include_in_schema=False)

SHOWN = 200


@router.get("/warnings")
def show(page: Here, visit: Clerk, role: Annotated[str, Query(alias="for", max_length=20)] = "") -> Response:
    """Show what somebody is warned of."""
    roles = warned.roles(visit)
    chosen = next((one for one in roles if one == role), None)
    lines = warned.listed(page.wired, visit, chosen, SHOWN)
    with page.wired.database.read() as tx:
        counts = warnings.counted(tx)
    return page.show(
        "warnings.html", here="warnings", lines=[(one, _look(one.told.stage)) for one in lines],
        tabs=[(one, counts.get(one, 0)) for one in roles], chosen=chosen, repeated=REPEATED, suspected=SUSPECTED,
        broken=BROKEN,
        total=sum(counts.get(one, 0) for one in roles),
    )  # fmt: skip


def _look(stage: int) -> str:
    return "over" if stage >= BROKEN else "late" if stage >= 75 else "half"


@router.post("/warnings/{warning}/done")
def done(page: Here, visit: Clerk, posted: Form, warning: int) -> Response:
    """Take one off the list."""
    warned.deal(page.wired, visit, warning)
    role = next((one for one in warned.roles(visit) if one == posted.get("for")), None)
    return page.go(f"/warnings?for={role}" if role else "/warnings", "dealt")
