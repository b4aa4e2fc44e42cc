"""The partners' window as an ASGI app, made of its services."""

from fastapi import FastAPI

from partners import changing, hub, token_endpoint, trouble_tickets
from partners.errors import answer_faults
from partners.gate import Gate
from partners.services import Services


def app(services: Services) -> FastAPI:
    """Build the app."""
    made = FastAPI(title="Faultgate partners", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.services = services
    made.state.gate = Gate(services.settings, services.database, services.key, services.now)
    made.include_router(token_endpoint.router)
    made.include_router(trouble_tickets.router)
    made.include_router(changing.router)
    made.include_router(hub.router)
    answer_faults(made)
    return made
