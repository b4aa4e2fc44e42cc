"""Pages of an original as pictures, and the original itself, byte for byte."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from desk import actions, files
from desk.pages.original import rotation
from desk.services import Wired
from desk.visit import Clerk

router = APIRouter(include_in_schema=False)


@router.get("/reports/{number}/pages/{page}")
def picture(
    wired: Wired, visit: Clerk, number: str, page: int, width: Annotated[int, Query(ge=100, le=actions.WIDEST)] = 1400
) -> Response:
    """Give one page (from 1, of the original), turned upright; the browser may keep it until its person signs out."""
    seen = actions.seen(wired, actions.known(wired, number))
    answer = files.picture(
        actions.picture(wired, visit, number, page, rotation=rotation(seen, page), width=width)
    )  # fmt: skip
    answer.headers["cache-control"] = "private, max-age=3600"
    return answer


@router.get("/reports/{number}/original")
def original(wired: Wired, visit: Clerk, number: str) -> Response:
    """Give the original to be saved."""
    return files.original(*actions.original(wired, visit, number))
