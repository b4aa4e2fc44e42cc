"""The partners' window as an ASGI app, made of its services."""

from fastapi import FastAPI

from partners.errors import answer_faults
from partners.services import Services


def app(services: Services) -> FastAPI:
    """Build the app."""
    made = FastAPI(title="Faultgate partners", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.services = services
    answer_faults(made)
    return made
