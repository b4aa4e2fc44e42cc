"""A partner's listener, to try events without one: prints what comes (`python -m sample.listener`, until Ctrl-C)."""

import json
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

PORT = 8092


def listener(port: int, tell: Callable[[str], object]) -> HTTPServer:
    """Open it on this machine; each event is told in one line and taken."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            ticket = event["event"]["troubleTicket"]
            tell(f"{event['eventTime']} {event['eventType']}: {ticket['id']} is {ticket['status']}")
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing of one's own."""

    return HTTPServer(("127.0.0.1", port), Taking)


if __name__ == "__main__":
    opened = listener(PORT, lambda line: print(line, flush=True))
    sys.stdout.write(f"listening on http://127.0.0.1:{PORT}\n")
    opened.serve_forever()
