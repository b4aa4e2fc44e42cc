"""A receiver of Standard Webhooks that trusts nobody: the reference library verifies, and each id counts once."""

from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.outbox.fakes.server import Asked, Fake, Told

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver(Fake):
    def __init__(self, key: str = KEY) -> None:
        self.verifier = Webhook(key)
        self.taken: dict[str, dict[str, Any]] = {}  # by webhook-id
        self.heard = 0

    def answer(self, asked: Asked) -> Told:
        try:
            message = self.verifier.verify(asked.body, asked.headers)
        except WebhookVerificationError as error:
            return Told(status=400, body={"message": str(error)})
        self.heard += 1
        self.taken.setdefault(asked.headers["webhook-id"], message)
        return Told(status=204)
