"""What was said in a conversation, sorted: what belongs to the report, what is a request, what is courtesy."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from normalizer.context import Context
from normalizer.readers.chat_message import ChatMessage
from normalizer.wishes import is_courtesy, is_thanks, says_more, wish_of
from records.dialogue import Dialogue, Offer, Outcome, Press, Request, Tried, Wish, press_of
from records.numbers import report_of
from records.tokens import claimed_report
from records.words import Order


class Talk(Struct, frozen=True, kw_only=True):
    """A conversation, sorted."""

    heard: bool  # a person said something to us
    report: tuple[ChatMessage, ...] = ()  # what tells of the fault
    spoken: tuple[ChatMessage, ...] = ()  # requests in words, which stand for themselves where nothing is reported
    requests: tuple[Request, ...] = ()
    elsewhere: tuple[str, ...] = ()  # tokens of other reports, by buttons, where nothing is reported
    dialogue: Dialogue | None = None
    order: Order | None = None  # where the dialogue tells it
    answer: str | None = None  # the one word that a button says of another report


class _Sorted:
    """Sorts one message after another: what each means hangs on what was said and offered before."""

    def __init__(self, context: Context) -> None:
        self._offers = context.offers
        self._own = report_of(context.id or "")
        self.later = context.envelope.about is not None
        self.report: list[ChatMessage] = []
        self.spoken: list[ChatMessage] = []
        self.courtesy: list[ChatMessage] = []
        self.requests: list[Request] = []
        self.elsewhere: list[tuple[str, Wish]] = []
        self.judged: dict[Tried, Wish] = {}

    def take(self, message: ChatMessage) -> None:
        if message.press is not None:
            self._pressed(message, press_of(message.press))
        else:
            self._said(message)

    def _pressed(self, message: ChatMessage, press: Press | None) -> None:
        if press is None:
            return
        if self._own is not None and claimed_report(press.token) != self._own:
            self.elsewhere.append((press.token, press.wish))
            return
        step = press.step or None
        offers = (one for one in reversed(self._offers) if (one.tip.step if one.tip else None) == step)
        offer = next(offers, None)
        self._ask(message, press.wish, offer, pressed=True)

    def _said(self, message: ChatMessage) -> None:
        offer = self._offer_before(message.sent_at)
        bare = not (message.files or message.beside or message.own_phone)
        wish = wish_of(message.words, later=self.later, offered=offer is not None) if message.words else None
        if bare and wish is None and is_courtesy(message.words):
            self.courtesy.append(message)
            self.later = True
            return
        if wish is not None:
            self.spoken.append(message)
            self._ask(message, wish, offer, pressed=False)
        if wish is None or not bare or says_more(message.words, wish):
            self.report.append(message)
        self.later = True

    def _offer_before(self, sent_at: str | None) -> Offer | None:
        """Give the newest step that was told before a message was sent; the platform tells whole seconds."""
        at = datetime.fromisoformat(sent_at) if sent_at else None
        before = (one for one in reversed(self._offers) if at is None or one.at.replace(microsecond=0) <= at)
        return next(before, None)

    def _ask(self, message: ChatMessage, wish: Wish, offer: Offer | None, *, pressed: bool) -> None:
        tip = offer.tip if offer is not None and wish in (Wish.HELPED, Wish.DID_NOT_HELP) else None
        if tip is not None:
            self.judged[tip] = wish
        self.requests.append(Request(id=message.id or "", wish=wish, pressed=pressed, tip=tip))


def talk_of(messages: Sequence[ChatMessage], context: Context, *, whole: bool) -> Talk:
    """Sort a conversation. `whole`: False leaves everything to the report, as one update alone is read."""
    heard = [one for one in messages if one.no_report is None and (whole or one.press is None)]
    if not whole:
        return Talk(heard=bool(heard), report=tuple(heard))
    talk = _Sorted(context)
    for one in heard:
        talk.take(one)
    reported = tuple(talk.report)
    return Talk(
        heard=bool(heard),
        report=reported,
        spoken=() if reported else tuple(talk.spoken),
        requests=tuple(talk.requests),
        elsewhere=() if reported or talk.spoken else tuple(token for token, _ in talk.elsewhere[-1:]),
        dialogue=_dialogue(talk, context.offers),
        order=_order(talk),
        answer=_answer(talk),
    )


def _dialogue(talk: _Sorted, offers: tuple[Offer, ...]) -> Dialogue | None:
    if not talk.requests:
        return None
    tried = tuple(step for step, wish in talk.judged.items() if wish is Wish.DID_NOT_HELP)
    last = {one.tip for one in offers if one.last}
    if any(one.wish is Wish.HELPED for one in talk.requests[-1:]):
        outcome: Outcome | None = Outcome.HELPED
    else:
        outcome = Outcome.DID_NOT_HELP if last.intersection(tried) else None
    return Dialogue(requests=tuple(talk.requests), tried=tried, outcome=outcome)


#: What a conversation of nothing but requests is.
_ORDERS = {
    Wish.PROGRESS: Order.PROGRESS, Wish.WITHDRAWAL: Order.WITHDRAWAL,
    Wish.HELPED: Order.FOLLOW_UP, Wish.DID_NOT_HELP: Order.FOLLOW_UP,
}  # fmt: skip


def _answer(talk: _Sorted) -> str | None:
    """Give yes or no, where nothing else was said than whether another report is solved."""
    if talk.report or talk.spoken or talk.requests or not talk.elsewhere:
        return None
    return {Wish.HELPED: "yes", Wish.DID_NOT_HELP: "no"}.get(talk.elsewhere[-1][1])


def _order(talk: _Sorted) -> Order | None:
    """Tell the order of a conversation: a report, whatever is asked beside it; else what was asked last."""
    if talk.report:
        return Order.REPORT if talk.requests else None
    if talk.requests:
        return _ORDERS[talk.requests[-1].wish]
    if talk.elsewhere:
        return _ORDERS[talk.elsewhere[-1][1]]
    if talk.courtesy and not any(is_thanks(one.words) for one in talk.courtesy):
        return Order.REPORT  # he has greeted, and will be asked what happened
    return Order.NOT_A_FAULT
