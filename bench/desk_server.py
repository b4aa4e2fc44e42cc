"""The desk that `bench.desk` asks: in a process of its own, over an archive that is there, with one clerk.

    python -m bench.desk_server FOLDER [POSTGRES-URL]

It prints the desk's address, then that of an empty FastAPI handler beside it, then serves until its input ends.
"""

import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NoReturn

from fastapi import FastAPI

from config.settings import Gateway, Settings, Storage
from desk.app import app
from desk.passwords import Passwords
from desk.services import Services
from gateway.texts import Texts
from normalizer.drafts import Drafts
from records.people import Role
from storage import people
from storage.intake import Intake
from storage.opening import open_database, open_originals, prepare, reply_key
from web.serving import address_of, bound, server

LOGIN, PASSWORD = "clerk", "a quiet password"


class NoPictures:
    """Pictures are made by children of their own; their time is not the pages'."""

    def picture(self, *_: object, **__: object) -> NoReturn:
        raise LookupError("no pictures here")


def services(gateway: Gateway, storage: Storage) -> Services:
    """Open the archive, and make the clerk where he is not there."""
    prepare(gateway, storage)
    settings, database = Settings(gateway=gateway, storage=storage), open_database(gateway, storage)
    originals, passwords = open_originals(gateway, storage), Passwords()
    with database.read() as tx:
        known = people.account(tx, LOGIN)
    if known is None:
        clerk = partial(people.add, login=LOGIN, name="Анна", role=Role.CLERK, language="ru", at=datetime.now(UTC))
        database.write(partial(clerk, password=passwords.hashed(PASSWORD)))
    return Services(
        settings=settings, database=database, originals=originals, pictures=NoPictures(), passwords=passwords,
        drafts=Drafts(settings.readers),
        reception=Intake(database, originals, {"upload": timedelta(hours=2)}, timedelta(days=7), lambda: None),
        now=lambda: datetime.now(UTC), ring=lambda: None, texts=Texts(gateway), key=reply_key(gateway),
    )  # fmt: skip


def empty() -> FastAPI:
    """An app that does nothing, as a measure."""
    made = FastAPI(openapi_url=None)

    @made.get("/")
    def nothing() -> str:
        return ""

    return made


def main() -> None:
    folder, *url = sys.argv[1:]
    made = app(services(Gateway(data=folder), Storage(url=url[0]) if url else Storage(min_free=0)))
    for one in (made, empty()):
        port = bound("127.0.0.1", 0)
        serving = server(one, behind_proxy=False, opened=lambda: None)
        threading.Thread(target=serving.run, kwargs={"sockets": [port]}, daemon=True).start()
        print(address_of(port), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
