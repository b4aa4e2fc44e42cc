"""The whole torture run: `python -m bench.torture --mails 1000 --seed 7`; the same seed gives the same mails and dice.

Both profiles after another, over SMTP and IMAP; PostgreSQL, RabbitMQ and Dovecot must be there for what needs them.
"""

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.channels import dovecot as dovecots
from tests.conftest import POSTGRES
from tests.torture.broker import rabbit
from tests.torture.run import Figures, Plan, Stage, torture


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000, help="how many; three of ten by IMAP")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--pace", type=float, default=0.4, help="seconds between two mails of one of four mail servers")
    parser.add_argument("--profile", choices=["embedded", "cluster"], action="append")
    arguments = parser.parse_args()
    imap = arguments.mails * 3 // 10
    plan = Plan(
        seed=arguments.seed,
        smtp=arguments.mails - imap,
        imap=imap,
        pace=arguments.pace,
        patience=1200.0,
        real_leases=True,
    )
    for profile in arguments.profile or ["embedded", "cluster"]:
        print(f"{profile}, seed {plan.seed}", flush=True)
        print(told(_run(profile, plan)), flush=True)
    return 0


def _run(profile: str, plan: Plan) -> Figures:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faultgate-torture-")))
        dovecot = dovecots.start()
        stack.callback(dovecot.close)
        if profile == "embedded":
            return torture(Stage(folder, dovecot), plan)
        broker, url = stack.enter_context(rabbit()), stack.enter_context(_database())
        return torture(Stage(folder, dovecot, url=url, rabbit=broker), plan)


@contextmanager
def _database() -> Iterator[str]:
    name = f"faultgate_{secrets.token_hex(6)}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True, connect_timeout=5) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield f"{POSTGRES}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def told(figures: Figures) -> str:
    faults = ", ".join(f"{name} {times}" for name, times in sorted(figures.faults.items()))
    return (
        f"  acknowledged {figures.acknowledged}, found {figures.found}, tickets {figures.tickets}\n"
        f"  acknowledged minus found {figures.lost}, found minus attempted {figures.unexpected},"
        f" two reports of one mail {figures.twice}\n"
        f"  tries by SMTP {figures.tries}, starts of the gateway {figures.starts}\n"
        f"  faults: {faults}\n"
        f"  storm {figures.storm_seconds:.0f} s, drain {figures.drain_seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
