"""An automatic reply as a message in a chat: a short text, and the buttons by which it is answered."""

from config.settings import Gateway
from outbox.texts import Words, body, language_for, words
from records.chat import Button, Outgoing
from records.deliveries import ASKS_SOLVED, Kind, Reply
from records.dialogue import Press, Wish, data
from records.numbers import report_of
from records.tokens import token

_PHONE = "reporter.phone"
#: Which answers stand below a message; what is named nowhere ends the talk, or asks for words.
_BUTTONS: dict[Kind, tuple[Wish, ...]] = {
    **dict.fromkeys((Kind.SOLUTION, Kind.STEP, *ASKS_SOLVED), (Wish.HELPED, Wish.DID_NOT_HELP)),
    **dict.fromkeys(
        (Kind.RECEIPT, Kind.PROGRESS, Kind.NOTED, Kind.ESCALATED, Kind.STATUS, Kind.PROVISIONAL, Kind.OUTAGE),
        (Wish.PROGRESS, Wish.WITHDRAWAL),
    ),
}


def outgoing(reply: Reply, gateway: Gateway, key: bytes) -> Outgoing:
    """Write the message. Each button carries the token of the report and of its chat: who presses it proves both."""
    own = words()[language_for(reply.language)]
    text = body(reply, gateway)
    if _PHONE in reply.missing:
        return Outgoing(text=text, asks_phone=own.buttons["share_phone"])
    return Outgoing(text=text, buttons=_rows(own, reply, key))


def _rows(own: Words, reply: Reply, key: bytes) -> tuple[tuple[Button, ...], ...]:
    wishes = _BUTTONS.get(reply.kind, ())
    report = report_of(reply.record_id)
    if not wishes or report is None:
        return ()
    proof, step = token(key, report, reply.to), reply.tip.step if reply.tip else 0
    presses = ((wish, Press(wish=wish, step=step, token=proof)) for wish in wishes)
    return (tuple(Button(own.buttons[wish], data(press)) for wish, press in presses),)
