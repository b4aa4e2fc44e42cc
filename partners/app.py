"""The partners' window as an ASGI app, made of its services."""

from fastapi import FastAPI

from partners import changing, hub, token_endpoint, trouble_tickets
from partners.errors import answer_faults
from partners.gate import Gate
from partners.services import Services


def app(services: Services) -> FastAPI:
    """Build the app."""
    made = FastAPI(title="Faultgate partners", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    made.state.services = services
    made.state.gate = Gate(services.settings, services.database, services.key, services.now)
    made.include_router(token_endpoint.router)
    for one in (trouble_tickets, changing, hub):
        made.router.routes.extend(one.router.routes)  # included routers are looked through anew for every request
    answer_faults(made)
    return made
