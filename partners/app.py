"""The partners' window as an ASGI app, made of its services."""

from starlette.applications import Starlette
from starlette.routing import Route

from partners import changing, hub, token_endpoint, trouble_tickets
from partners.errors import answer_faults
from partners.gate import Gate
from partners.services import Services


def app(services: Services) -> Starlette:
    """Build the app."""
    routes = [route for one in (trouble_tickets, changing, hub) for route in one.router.routes]
    made = Starlette(routes=[*routes, Route("/oauth2/token", token_endpoint.token, methods=["POST"])])
    made.router.redirect_slashes = False
    made.state.services = services
    made.state.gate = Gate(services.settings, services.database, services.key, services.now)
    answer_faults(made)
    return made
