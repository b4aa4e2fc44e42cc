"""What the partners' window works with, handed in by whoever starts it; there are no globals."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from starlette.requests import Request

from config.settings import Settings
from storage.database import Database
from storage.intake import Intake


class Services(Struct, frozen=True, kw_only=True):
    """All that its endpoints use."""

    settings: Settings
    database: Database
    reception: Intake
    key: bytes  # the house's own secret, of which that of access tokens is derived
    now: Callable[[], datetime]  # aware
    ring: Callable[[], None]  # wakes the worker after a change


def services(request: Request) -> Services:
    """Give the services of the app that a request came to."""
    found: Services = request.app.state.services
    return found
