"""The hook of the network's monitoring: `{"node": "c1", "state": "down", "at": "2026-11-27T09:00:00Z", "text": "…"}`.

A node that is down opens a suspected outage at once, whatever customers write: one node's own alarm is no coincidence
that must be told from chance, and a person confirms it before anybody is told. Sent again, or late, it changes nothing.
"""

from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from desk.api.speaking import decoded
from desk.errors import Wrong, problem
from desk.hooks import knows
from desk.services import Services, Wired
from desk.words import N_
from records.outage import Alarm
from records.registers import named
from storage import node_alarms, registers

router = APIRouter(include_in_schema=False)

NODE = N_("There is no such node: load it with `faultgate register load nodes`.")
AT = N_("The time needs an offset, and is not to come: 2026-11-27T09:00:00Z.")
_TOLERANCE = timedelta(minutes=5)  # by which another clock may be ahead


@router.post("/hooks/monitoring")
async def hear(request: Request, wired: Wired) -> Response:
    """Take what monitoring says of a node; whoever can't prove himself gets a 401, whatever he says."""
    body = await request.body()
    secret = wired.settings.monitoring.hook
    if not await run_in_threadpool(knows, wired, secret, request.headers, body):
        return problem(401, "This call does not prove where it comes from: see `hook` of [monitoring].")
    await run_in_threadpool(_take, wired, decoded(body, Alarm))
    return Response(status_code=204)


def _take(wired: Services, alarm: Alarm) -> None:
    now = wired.now()
    if alarm.at.tzinfo is None or alarm.at > now + _TOLERANCE:
        raise Wrong({"at": AT})
    with wired.database.read() as tx:
        tree = registers.nodes(tx)
    path = registers.path(tree, alarm.node)
    if not path:
        raise Wrong({"node": NODE})
    name = named(tree, alarm.node)
    wired.database.write(partial(node_alarms.heard, alarm=alarm, path=path, name=name, now=now))
