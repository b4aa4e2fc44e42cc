"""The desk's process: pages and API for people, beside the doors and the worker."""

from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import uvloop

from config.settings import Desk, Settings
from desk.app import app
from desk.passwords import Passwords
from desk.services import Services
from gateway.bell import Ringer
from gateway.reception import intake
from gateway.texts import Texts
from gateway.window import Window, openable, serve
from normalizer.drafts import Drafts
from normalizer.pictures import Pictures
from storage import audit, people
from storage.database import Database
from storage.opening import open_database, open_originals, reply_key

FIRST_ADMIN = 'make the first admin with `faultgate person add LOGIN --role admin --name "…"`'


def run(settings: Settings) -> None:
    """Serve the desk until SIGTERM; its address is printed once it answers."""
    originals = open_originals(settings.gateway, settings.storage)
    spool = originals.hold_spool() if originals is not None else None
    database = open_database(settings.gateway, settings.storage)
    pictures, drafts = Pictures(settings.readers), Drafts(settings.readers)
    services = Services(
        settings=settings, database=database, originals=originals, reception=intake(settings, database),
        pictures=pictures, drafts=drafts, now=lambda: datetime.now(UTC), ring=Ringer(Path(settings.gateway.data)).ring,
        passwords=Passwords(), texts=Texts(settings.gateway), key=reply_key(settings.gateway),
    )  # fmt: skip
    try:
        uvloop.run(serve(_window(settings.desk), app(services)))
    finally:
        pictures.close()
        drafts.close()
        database.close()
        if spool is not None:
            spool.close()


def _window(desk: Desk) -> Window:
    return Window(
        name="desk", host=desk.host, port=desk.port, wired="desk.port", behind_proxy=desk.public_url is not None
    )  # fmt: skip


def check(settings: Settings, database: Database) -> str:
    """Tell in one line whether the desk is or can be opened, and by whom. Raises LookupError with the remedy."""
    desk = settings.desk
    with database.read() as tx:
        led = people.has_admin(tx)
    state = "is open" if _answers(desk) else openable(_window(desk))
    who = "" if led else f"; nobody can sign in yet: {FIRST_ADMIN}"
    return f"http://{desk.host}:{desk.port} {state}{who}"


def check_audit(database: Database) -> str:
    """Follow the audit log's chain. Raises LookupError where it does not hold."""
    with database.read() as tx:
        entries, newest = audit.verify(tx)
    return f"{entries} entries, unbroken{f', the newest is {newest[:16]}' if newest else ''}"


def _answers(desk: Desk) -> bool:
    """Tell whether a desk answers there already."""
    asking = HTTPConnection(desk.host, desk.port, timeout=5)
    try:
        asking.request("GET", "/sign-in")
        return asking.getresponse().getheader("content-security-policy") is not None
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()
