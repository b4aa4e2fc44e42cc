"""Pages of an original as pictures, and the original itself, byte for byte."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BeforeValidator
from starlette.responses import Response

from desk import actions, chats, files
from desk.services import Wired
from desk.visit import Clerk

router = APIRouter(include_in_schema=False)

Width = Annotated[int, Query(ge=100, le=actions.WIDEST)]
Turn = Annotated[Literal[0, 90, 180, 270], BeforeValidator(int), Query()]


@router.get("/reports/{number}/pages/{page}")
def picture(wired: Wired, visit: Clerk, number: str, page: int, width: Width = 1400, turn: Turn = 0) -> Response:
    """Give one page (from 1, of the original), turned clockwise; the browser may keep it until its person signs out."""
    answer = files.picture(actions.picture(wired, visit, number, page, rotation=turn, width=width))
    answer.headers["cache-control"] = "private, max-age=3600"
    return answer


@router.get("/reports/{number}/original")
def original(wired: Wired, visit: Clerk, number: str) -> Response:
    """Give the original to be saved."""
    return files.original(*actions.original(wired, visit, number))


@router.get("/reports/{number}/files/{sha256}")
def file(wired: Wired, visit: Clerk, number: str, sha256: str) -> Response:
    """Give a file that came in a chat to be saved."""
    return files.fetched(*chats.file(wired, visit, number, sha256))


@router.get("/reports/{number}/files/{sha256}/picture")
def photo(wired: Wired, visit: Clerk, number: str, sha256: str) -> Response:
    """Give a photo that came in a chat as a picture of ours; the browser may keep it as a page's."""
    answer = files.picture(chats.picture(wired, visit, number, sha256))
    answer.headers["cache-control"] = "private, max-age=3600"
    return answer
