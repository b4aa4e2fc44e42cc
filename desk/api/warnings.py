"""Warnings for programs: what somebody is warned of, and that he has dealt with it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk import warned
from desk.api.nouns import Warnings
from desk.api.speaking import gives, told
from desk.services import Wired
from desk.visit import Clerk
from records.people import Role

router = APIRouter(tags=["warnings"])


@router.get("/warnings", **gives(Warnings, "Promises near their end, broken ones, customers who ask again"))
def warnings(
    wired: Wired,
    visit: Clerk,
    role: Annotated[Role | None, Query(description="without it: all that you may see")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """List what you are warned of."""
    return told(Warnings(warnings=warned.listed(wired, visit, role, limit)))


@router.post("/warnings/{warning}/done", **gives(None, "It is off the lists", 204))
def done(wired: Wired, visit: Clerk, warning: int) -> Response:
    """Say that a warning is dealt with."""
    warned.deal(wired, visit, warning)
    return Response(status_code=204)
