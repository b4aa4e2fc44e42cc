"""The process of the partners' window: TMF621 for other operators, beside the doors, the worker and the desk."""

import gc
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import uvloop

from config.partners import PartnerApi
from config.settings import Settings
from gateway.bell import Ringer
from gateway.reception import intake
from gateway.window import Window, openable, serve
from partners.app import app
from partners.services import Services
from partners.versions import ROOT
from storage.opening import open_database, open_originals, reply_key


def run(settings: Settings) -> None:
    """Serve partners until SIGTERM; the address is printed once it answers."""
    originals = open_originals(settings.gateway, settings.storage)
    spool = originals.hold_spool() if originals is not None else None
    database = open_database(settings.gateway, settings.storage)
    services = Services(
        settings=settings, database=database, reception=intake(settings, database), key=reply_key(settings.gateway),
        now=lambda: datetime.now(UTC), ring=Ringer(Path(settings.gateway.data)).ring,
    )  # fmt: skip
    made = app(services)
    gc.freeze()  # what is loaded stays: the collector need not look at it again
    try:
        uvloop.run(serve(_window(settings.partner_api), made))
    finally:
        database.close()
        if spool is not None:
            spool.close()


def check(settings: Settings) -> str:
    """Tell in one line whether the window is or can be opened, and for whom. Raises LookupError with the remedy."""
    api = settings.partner_api
    if not settings.partners:
        return "closed: nobody is wired; give a partner as [partners.NAME]"
    state = "is open" if _answers(api) else openable(_window(api))
    return f"http://{api.host}:{api.port} {state} for {', '.join(settings.partners)}"


def _window(api: PartnerApi) -> Window:
    return Window(
        name="partners", host=api.host, port=api.port, wired="partner_api.port", behind_proxy=api.public_url is not None
    )  # fmt: skip


def _answers(api: PartnerApi) -> bool:
    """Tell whether the window is open already: who is nobody's partner is told so."""
    asking = HTTPConnection(api.host, api.port, timeout=5)
    try:
        asking.request("GET", f"{ROOT.format(version=5)}/troubleTicket")
        return "faultgate" in asking.getresponse().getheader("www-authenticate", "")
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()
