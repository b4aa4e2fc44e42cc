"""Tells what one message of a conversation wants of us, seen alone; what tells of the fault itself is none of it."""

from typing import Final

from normalizer.order import order_of
from normalizer.wish_rules import COURTESY, SAYINGS, THANKS
from records.dialogue import Wish
from records.reading import Reading
from records.words import Order

#: Characters: a longer message tells of the fault, whatever else it says.
SHORT: Final = 120
#: A message of more characters than this says more than that something did not help: it belongs to the report, too.
BARE: Final = 40

_BY_ORDER: Final = {Order.WITHDRAWAL: Wish.WITHDRAWAL, Order.PROGRESS: Wish.PROGRESS}


def wish_of(text: str, *, later: bool, offered: bool) -> Wish | None:
    """Tell a message's wish; None where it belongs to the report.

    `later`: something was said before it, or it is about an earlier report; `offered`: we have told something to try.
    A first message is read as a mail is: it must name what it wants.
    """
    told = " ".join(text.lower().replace("ё", "е").replace("’", "'").split())
    if later and len(told) <= SHORT:
        for saying in SAYINGS:
            if (offered or not saying.answers) and (saying.whole.fullmatch(told) or saying.within.search(told)):
                return saying.wish
    answers = ("our message",) if later else ()
    return _BY_ORDER.get(order_of(Reading(media_type="text/plain", new_text=text, in_reply_to=answers), None))


def says_more(text: str, wish: Wish) -> bool:
    """Tell whether a message that answers an offer tells of the fault beside."""
    return wish is Wish.DID_NOT_HELP and len(text) > BARE


def is_courtesy(text: str) -> bool:
    """Tell a greeting or thanks that says nothing else."""
    told = " ".join(text[:200].lower().replace("ё", "е").split())
    return len(text) <= SHORT and COURTESY.fullmatch(told) is not None


def is_thanks(text: str) -> bool:
    """Tell courtesy that ends a talk."""
    return is_courtesy(text) and THANKS.search(text.lower().replace("ё", "е")) is not None
