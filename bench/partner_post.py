"""How fast partners' tickets are taken for good: POST of a trouble ticket against an empty FastAPI handler.

    python -m bench.partner_post [--tickets 10000] [--clients 50] [--runs 3] [--postgres URL]

The window is the gateway's own `partners` process over an archive in a temporary folder, the handler is beside it in a
process of its own behind the same web server; both are asked in turn by the same clients over loopback, each on one
connection, with the same body but for its number. A ticket is answered after its commit is synced. Figures are medians
of the runs; the latency is of one run's requests. The processor time of the server for one answer is told, too, which
other load on the machine changes little.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from msgspec import Struct

TOKEN = "a token of the bench, long enough"  # noqa: S105
PATH = "/tmf-api/troubleTicket/v5/troubleTicket"
BODY = {
    "@type": "TroubleTicket", "description": "Нет связи на канале CH-17 с 9 утра, порт не поднимается", "severity":
    "Critical", "ticketType": "fault", "priority": "1", "note": [{"@type": "Note", "text": "Просьба ответить сегодня"}],
    "relatedParty": [{"@type": "RelatedPartyRefOrPartyRoleRef", "role": "reporter", "partyOrPartyRole":
                      {"@type": "PartyRef", "@referredType": "Individual", "id": "77", "name": "Ильин Пётр"}}],
    "relatedEntity": [{"@type": "RelatedEntity", "role": "circuit", "entity":
                       {"@type": "EntityRef", "@referredType": "Service", "id": "CH-17"}}],
}  # fmt: skip
WINDOW = """
[gateway]
data = "{folder}/data"
[storage]
min_free = 0
{storage}
[partner_api]
port = 0
[partners.bench]
token = {{file = "{folder}/token"}}
per_minute = 100000000
burst = 100000000
"""
EMPTY = f"""
import sys, uvloop
from fastapi import FastAPI
from web.serving import address_of, bound, server
made, port = FastAPI(openapi_url=None), bound("127.0.0.1", 0)
@made.post("{PATH}", status_code=201)
async def nothing():
    return {{}}
serving = server(made, behind_proxy=False, opened=lambda: print("empty:", address_of(port), flush=True))
uvloop.run(serving.serve(sockets=[port]))
"""


class Run(Struct, frozen=True):
    """One run."""

    rate: float  # answers a second
    latencies: list[float]  # seconds
    spent: float  # seconds of processor time of the server for one answer


async def client(port: int, numbers: range, times: list[float]) -> None:
    """Post tickets one after another on one connection; every answer must be 201."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        named = [{"@type": "ExternalIdentifier", "id": f"B-{number}", "owner": "bench"}]
        body = json.dumps({**BODY, "externalIdentifier": named}).encode()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n"
        )
        begun = time.perf_counter()
        writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(answer.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
        times.append(time.perf_counter() - begun)
        if not answer.startswith(b"http/1.1 201"):
            raise SystemExit(f"answered {answer.decode()}")
    writer.close()


def spent(pid: int) -> float:
    """Give the processor time of a process until now, in seconds."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


async def run(server: tuple[int, int], first: int, tickets: int, clients: int) -> Run:
    """Let all clients post their share at once; `server`: its process and its port."""
    (pid, port), times = server, list[float]()
    share = tickets // clients
    begun, before = time.perf_counter(), spent(pid)
    await asyncio.gather(
        *(client(port, range(first + one * share, first + (one + 1) * share), times) for one in range(clients))
    )
    taken = time.perf_counter() - begun
    return Run(share * clients / taken, sorted(times), (spent(pid) - before) / (share * clients))


def started(name: str, *command: str) -> tuple[subprocess.Popen[str], int]:
    """Start a server; gives its port once it answers."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    for line in process.stdout or ():
        if line.startswith(f"{name}:"):
            return process, int(line.rpartition(":")[2])
    raise SystemExit(f"{name} did not start")


def measured(arguments: argparse.Namespace, folder: Path) -> tuple[list[Run], list[Run]]:
    """Run both in turn."""
    wiring = folder / "desk.toml"
    storage = f'url = "{arguments.postgres}"' if arguments.postgres else ""
    wiring.write_text(WINDOW.format(folder=folder, storage=storage), encoding="utf-8")
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    part = ("-m", "faultgate", "part", "--config", str(wiring))
    subprocess.run([sys.executable, *part, "prepare"], check=True)
    window, port = started("partners", *part, "partners")
    empty, empty_port = started("empty", "-c", EMPTY)
    ours, theirs, first = [], [], 0
    try:
        for place in range(arguments.runs + 1):  # the first of each only warms up
            tickets = arguments.tickets if place else arguments.clients * 20
            ours.append(asyncio.run(run((window.pid, port), first, tickets, arguments.clients)))
            theirs.append(asyncio.run(run((empty.pid, empty_port), first, tickets, arguments.clients)))
            first += tickets
    finally:
        for process in (window, empty):
            process.terminate()
            process.wait()
    return ours[1:], theirs[1:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgres", help="an empty database; default: SQLite")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partner-post-") as folder:
        ours, theirs = measured(arguments, Path(folder))
    for name, runs in (("POST of a ticket, durable", ours), ("empty FastAPI handler", theirs)):
        rate = statistics.median(one.rate for one in runs)
        middle = sorted(runs, key=lambda one: one.rate)[len(runs) // 2].latencies
        p50, p99 = (middle[int(len(middle) * share)] * 1000 for share in (0.5, 0.99))
        each = statistics.median(one.spent for one in runs) * 1e6
        print(f"{name}: {rate:,.0f}/s; p50 {p50:.1f} ms, p99 {p99:.1f} ms; {each:.0f} µs of processor time each")
    print(f"ratio {statistics.median(one.rate for one in ours) / statistics.median(one.rate for one in theirs):.2f}")


if __name__ == "__main__":
    main()
