"""The same things for programs: `/api/v1`, its OpenAPI document, errors as problem details (RFC 9457)."""

from fastapi import APIRouter
from starlette.responses import Response

from desk.api import arrivals, changes, outages, reports, texts, warnings
from desk.api.speaking import document, told

router = APIRouter(prefix="/api/v1")
for _one in (reports.router, arrivals.router, changes.router, texts.router, warnings.router, outages.router):
    router.include_router(_one)


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    """Give the OpenAPI document."""
    return told(document(router.routes))
