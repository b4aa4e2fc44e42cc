"""Seeded fault reports: each has a sender and a marker of its own, so that none can be taken for another."""

import hashlib
import random

from msgspec import Struct

LARGE = 300_000  # bytes; above the limit of what lies in a row

_COMPLAINTS = (
    "Не работает интернет с самого утра, на роутере горит красная лампочка LOS.",
    "Телефонная линия молчит, гудка нет второй день.",
    "自昨晚起宽带无法上网,光猫的光信号灯闪红灯。",
    "La linea telefonica è muta da ieri, non si sente il segnale.",
    "The internet connection is down since this morning, the router shows a red LOS light.",
    "The TV box shows error 1305 on every channel.",
)


class Mail(Struct, frozen=True):
    """One report as its sender has it."""

    marker: str
    sender: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def mails(seed: int, count: int, *, every_large: int = 20) -> list[Mail]:
    """Make `count` different mails; every so many one is large."""
    chance = random.Random(seed)
    return [mail(f"T{seed}N{number:05d}", chance, large=number % every_large == every_large - 1)
            for number in range(count)]  # fmt: skip


def mail(marker: str, chance: random.Random, *, large: bool = False) -> Mail:
    """Make one mail."""
    sender = f"{marker.lower()}@customer.example"
    text = (
        f"{chance.choice(_COMPLAINTS)}\r\n\r\n{marker}\r\nИван Петров, договор {chance.randrange(10**6, 10**7)}, "
        f"тел. +7 912 {chance.randrange(10**6, 10**7)}\r\n"
    )
    if large:
        text += "\r\n".join(chance.randbytes(36).hex() for _ in range(LARGE // 74)) + "\r\n"
    head = (
        f"From: Customer <{sender}>\r\nTo: support@support.example\r\nSubject: {marker}\r\n"
        f"Message-ID: <{marker}@customer.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0300\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return Mail(marker, sender, (head + text).encode())
