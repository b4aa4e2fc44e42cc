"""From a messenger's POST to our 200: the doors' process with its archive, updates at random moments.

Run: python -m bench.webhook [--rate 200] [--seconds 20] [--chats 500]

Load: Poisson arrivals over at most 40 connections that are kept open, as Telegram holds them (setWebhook,
max_connections), from a Python client on the same cores. Every update is a message of a random chat, so each 200 stands
behind a synced commit of the update, its conversation and its task.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from tests.channels.messengers import TelegramRig
from tests.torture.chats import doors, wired

CONNECTIONS = 40


def main() -> None:
    """Print the percentiles."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--chats", type=int, default=500)
    told = parser.parse_args()
    rig = TelegramRig()
    with (
        tempfile.TemporaryDirectory() as folder, rig.running,
        doors(wired(Path(folder), rig.running.url, webhook=True)),
    ):  # fmt: skip
        while not rig.webhook()[0]:
            time.sleep(0.05)
        url, secret = rig.webhook()
        taken = asyncio.run(_load(url, {rig.header: secret}, told))
    took = sorted(seconds * 1000 for seconds in taken)
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    print(f"{len(took)} updates, {told.rate:.0f}/s: median {p50:.1f} ms, p99 {p99:.1f} ms, longest {took[-1]:.1f} ms")


async def _load(url: str, headers: dict[str, str], told: argparse.Namespace) -> list[float]:
    """Bring updates; gives the seconds that each took."""
    chance, waits = random.Random(1), []
    async with ClientSession(connector=TCPConnector(limit=CONNECTIONS), headers=headers) as session:
        begun = at = time.monotonic()
        number = 0
        while at - begun < told.seconds:
            at += chance.expovariate(told.rate)
            number += 1
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            waits.append(asyncio.create_task(_bring(session, url, number, chance.randrange(told.chats))))
        return await asyncio.gather(*waits)


async def _bring(session: ClientSession, url: str, number: int, chat: int) -> float:
    user = {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    message = {
        "message_id": number, "from": user, "chat": {"id": chat, "type": "private"}, "date": int(time.time()),
        "text": f"Не работает интернет, ул. Ленина {number}",
    }  # fmt: skip
    body = json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()
    begun = time.monotonic()
    async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the door answers {answer.status}")
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
