"""JSON in and out by msgspec, and the same types in the OpenAPI document."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from fastapi import Request
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from desk.api import nouns
from desk.errors import PROBLEM, SeenVersionNeeded, Wrong
from desk.outages import OutageSeen
from records.walk_in import WalkIn

T = TypeVar("T")
JSON, PATCH = "application/json", "application/merge-patch+json"
_KINDS = (
    nouns.Reports, nouns.Counted, nouns.Report, nouns.Warnings, nouns.Story, nouns.Orders, nouns.Pages,
    nouns.Received, nouns.Done, nouns.Said, nouns.Question, nouns.Reason, nouns.Urging, nouns.Division, nouns.Joining,
    nouns.Text, nouns.Texts, nouns.OwnText, nouns.Outages, OutageSeen, nouns.Terms, nouns.Belonging,
    nouns.Problem, WalkIn,
)  # fmt: skip
_PLACE = re.compile(r"at `\$\.?(?P<place>[^`]*)`$")
_ETAG = re.compile(r'"?(\d{1,9})"?')


def gives(kind: type | None, what: str, status: int = 200, **more: Any) -> dict[str, Any]:
    """Describe an endpoint's answer and its problems, for the decorator of a path."""
    content = {} if kind is None else {"content": {JSON: {"schema": _ref(kind)}}}
    problems = {"description": "What is wrong, and what to do", "content": {PROBLEM: {"schema": _ref(nouns.Problem)}}}
    return {"status_code": status, "responses": {status: {"description": what, **content}, "4XX": problems,
                                                 "5XX": problems}, **more}  # fmt: skip


def takes(*kinds: tuple[str, Any]) -> dict[str, Any]:
    """Describe an endpoint's body: pairs of media type and noun (or schema), for `openapi_extra`."""
    content = {media: {"schema": kind if isinstance(kind, dict) else _ref(kind)} for media, kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


def body(kind: type[T], media: str = JSON) -> Callable[[Request], Coroutine[Any, Any, T]]:
    """Give the dependency that reads a body. What can't be taken is named, not repeated."""

    async def read(request: Request) -> T:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if given not in (media, JSON):
            raise HTTPException(415)
        return decoded(await request.body(), kind)

    return read


def decoded(content: bytes, kind: type[T]) -> T:
    """Read JSON as a noun. Raises Wrong with the place that does not fit."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        found = _PLACE.search(str(error))
        raise Wrong({found["place"] if found else "": "This value or key does not fit."}) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise HTTPException(400) from None


def seen_version(request: Request) -> int:
    """Give the version that a change was made on, from If-Match. Raises SeenVersionNeeded."""
    found = _ETAG.fullmatch(request.headers.get("if-match", "").strip())
    if found is None:
        raise SeenVersionNeeded
    return int(found[1])


def told(noun: Any, status: int = 200, version: int | None = None, **headers: str) -> Response:
    """Answer with a noun in JSON; with a version, that is the ETag."""
    tags = {"etag": f'"{version}"'} if version is not None else {}
    return Response(msgspec.json.encode(noun), status, {**tags, **headers}, JSON)


def document(routes: list[BaseRoute]) -> dict[str, Any]:
    """Write the OpenAPI document of these paths."""
    found = get_openapi(
        title="Faultgate", version="1", routes=routes,
        description="What the desk's pages do, for programs. Sign in by `Authorization: Bearer` with a token that"
        " `faultgate person token` gives. Every problem is told in `application/problem+json`.",
    )  # fmt: skip
    _, components = msgspec.json.schema_components(_KINDS, ref_template="#/components/schemas/{name}")
    parts = found.setdefault("components", {})
    parts["schemas"] = components
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    return found


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
