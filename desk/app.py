"""The desk as an ASGI app, made of its services: pages and API; every answer goes out through the shield.

A page is a module with a `router` (`APIRouter(include_in_schema=False)`) and a line in `_routers`.
"""

from fastapi import APIRouter, FastAPI

from desk import accounts, api, audit_log, drafts, hooks, monitoring, sign_in
from desk.answers import answer_troubles
from desk.pages.rendering import Rendering
from desk.pages.routing import routers
from desk.services import Services
from desk.shield import Shield
from desk.visit import secure

#: The paths that may bring files.
UPLOADS = frozenset({"/upload", "/api/v1/reports"})


def app(services: Services) -> FastAPI:
    """Build the app."""
    made = FastAPI(title="Faultgate", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.services = services
    made.state.rendering = Rendering(services.settings.gateway.zone)
    answer_troubles(made)
    for router in _routers():
        made.include_router(router)
    made.add_middleware(
        Shield, uploads=UPLOADS, max_upload=services.settings.desk.max_upload, secure=secure(services)
    )  # fmt: skip
    return made


def _routers() -> tuple[APIRouter, ...]:
    own = (
        sign_in.router, drafts.router, accounts.router, audit_log.router, monitoring.router, hooks.router, api.router,
    )  # fmt: skip
    return (*own, *routers())
