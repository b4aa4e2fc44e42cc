"""What a newcomer tries: the curl lines of the documentation against the sample desk's wiring, and the listener."""

import re
import threading
from pathlib import Path

import httpx

from config.wiring import load
from sample.listener import listener
from web.egress import destination

ROOT = Path(__file__).parents[2]


def test_the_sample_partner_is_told_events_on_this_machine() -> None:
    settings = load(ROOT / "sample/desk.toml")
    said = (ROOT / "docs/partner-api.md").read_text(encoding="utf-8")
    [callback] = re.findall(r'-d \'\{"callback": "([^"]+)"\}\'', said)
    assert destination(callback, settings.partner_api.allow_callbacks).host == "127.0.0.1"
    events = settings.partners["volga"].events
    assert events is not None
    assert events.secret.file is not None
    assert (ROOT / events.secret.file).read_text(encoding="utf-8").startswith("whsec_")


def test_the_listener_tells_what_comes() -> None:
    told: list[str] = []
    opened = listener(0, told.append)
    threading.Thread(target=opened.serve_forever, daemon=True).start()
    event = {"eventTime": "2026-11-27T09:00:00.000Z", "eventType": "TroubleTicketCreateEvent",
             "event": {"troubleTicket": {"id": "FR-2026-0000009", "status": "acknowledged"}}}  # fmt: skip
    assert httpx.post(f"http://127.0.0.1:{opened.server_port}/events/listener/x", json=event).status_code == 204
    opened.shutdown()
    opened.server_close()
    assert told == ["2026-11-27T09:00:00.000Z TroubleTicketCreateEvent: FR-2026-0000009 is acknowledged"]


def test_no_two_curl_lines_use_one_number() -> None:
    pages = [(ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/partner-api.md")]
    numbers = [number for page in pages for number in re.findall(r'"externalId": "([^"]+)"', page)]
    assert len(numbers) == len(set(numbers)), numbers
