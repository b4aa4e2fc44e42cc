"""`faultgate check`: can everything be reached, and what to do where it can't."""

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from channels import Unreachable, door
from config.settings import Channel, Gateway, Settings
from gateway import bells, desk, partner_commands, partners
from gateway.chats import Chats
from gateway.labour import backends
from outbox.replies import Mailer
from outbox.warning import Herald
from records.arrival import TryAgain
from storage.database import Database
from storage.opening import open_database, prepare, reply_key


def check(settings: Settings) -> int:
    """Print one line for each part; 1 where one can't be reached."""
    good = [_tell("store", lambda: _store(settings)), _tell("broker", lambda: _broker(settings))]
    for name, channel in settings.channels.items():
        good.append(_tell(f"channel {name}", partial(_door, name, channel, settings.gateway)))
    if good[0]:
        database = open_database(settings.gateway, settings.storage)
        good += [_tell(f"backend {name}", one.check) for name, one in backends(settings, database).items()]
        good.append(_tell("desk", partial(desk.check, settings, database)))
        good.append(_tell("partners", partial(partners.check, settings)))
        for name in settings.partners:
            good.append(_tell(f"partner {name}", partial(partner_commands.check, settings, database, name)))
        good.append(_tell("audit log", partial(desk.check_audit, database)))
        good.append(_tell("replies", partial(_replies, settings)))
        herald = Herald(settings, Chats(settings, database, None).send)
        good += [_tell(f"warnings {name}", partial(herald.check, name)) for name in settings.warnings.routes]
        database.close()
    return 0 if all(good) else 1


def _tell(name: str, ask: Callable[[], str]) -> bool:
    try:
        print(f"ok    {name}: {ask()}")
    except (Unreachable, TryAgain, LookupError, OSError) as trouble:
        print(f"FAIL  {name}: {trouble}")
        return False
    return True


def _store(settings: Settings) -> str:
    storage = settings.storage
    try:
        prepare(settings.gateway, storage)
    except (LookupError, TryAgain):
        raise
    except Exception as error:
        where = "the data folder" if storage.url is None else "PostgreSQL"
        raise LookupError(f"{where} can't be used ({type(error).__name__}): see docs/operations.md") from error
    database: Database = open_database(settings.gateway, storage)
    with database.read() as tx:
        tx.now()
    database.close()
    free = shutil.disk_usage(Path(settings.gateway.data)).free
    if free < storage.min_free:
        raise LookupError(f"only {free // 10**6} MB are free, {storage.min_free // 10**6} MB must stay free: make room")
    return f"{'SQLite in ' + settings.gateway.data if storage.url is None else 'PostgreSQL'} answers"


def _replies(settings: Settings) -> str:
    if settings.replies.host is None:
        return "none are sent: give replies.host to answer customers"
    return Mailer(settings.replies, settings.gateway, reply_key(settings.gateway)).check()


def _door(name: str, channel: Channel, gateway: Gateway) -> str:
    return asyncio.run(door(name, channel, gateway).check())


def _broker(settings: Settings) -> str:
    if settings.broker.url is None:
        return "bells ring inside the worker"
    return bells.reach(settings.broker)
