"""What somebody has begun to write: the page saves it while he types, and finds it when he comes back.

`PUT /drafts/{key}` keeps a JSON body, `GET` gives it, `DELETE` forgets it; `key` names the form: `review/FR-…`.
"""

from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from desk.errors import NotThere, Wrong
from desk.services import Wired
from desk.visit import Clerk
from storage import sessions

router = APIRouter(include_in_schema=False)
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9/_-]{1,100}$")]


async def _body(request: Request) -> str:
    """Give the body, seen to be JSON."""
    content = await request.body()
    try:
        return msgspec.json.encode(msgspec.json.decode(content)).decode()
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise Wrong(say="A draft is JSON.") from None


@router.put("/drafts/{key:path}", status_code=204)
def keep(wired: Wired, visit: Clerk, key: Key, body: Annotated[str, Depends(_body)]) -> Response:
    """Keep a draft in place of the earlier one."""
    wired.database.write(partial(sessions.keep_draft, person=visit.person.id, key=key, body=body, at=wired.now()))
    return Response(status_code=204)


@router.get("/drafts/{key:path}")
def give(wired: Wired, visit: Clerk, key: Key) -> Response:
    """Give a draft back."""
    with wired.database.read() as tx:
        body = sessions.draft(tx, visit.person.id, key)
    if body is None:
        raise NotThere
    return Response(body, media_type="application/json")


@router.delete("/drafts/{key:path}", status_code=204)
def forget(wired: Wired, visit: Clerk, key: Key) -> Response:
    """Forget a draft."""
    wired.database.write(partial(sessions.drop_draft, person=visit.person.id, key=key))
    return Response(status_code=204)
