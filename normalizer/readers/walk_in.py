"""What a clerk keyed in for a visitor to a reading: its description is the text, the keyed fields stay beside it."""

import msgspec

from normalizer.context import Context
from normalizer.fields.keyed import keyed_in
from normalizer.fields.stated import NOTHING, Stated
from normalizer.readers.clean import clean
from records.media import WALK_IN
from records.reading import Reading
from records.walk_in import WalkIn
from records.words import Review


def read(content: bytes, _: Context) -> Reading:
    """Read a keyed form; one that is malformed goes to a person as it is."""
    form = keyed(content)
    if form is None:
        note = "the keyed form is malformed: the original is kept"
        return Reading(media_type=WALK_IN, reviews=(Review.UNREADABLE_ORIGINAL,), notes=(note,))
    text = clean(form.description).strip()
    return Reading(media_type=WALK_IN, text=text, new_text=text, reviews=() if text else (Review.EMPTY,))


def stated(content: bytes, _: Reading, context: Context) -> Stated:
    """Give what was keyed beside the description."""
    form = keyed(content)
    return Stated(facts=tuple(keyed_in(form, context)), language=form.language) if form else NOTHING


def keyed(content: bytes) -> WalkIn | None:
    """Give the form; None for what is none."""
    try:
        return msgspec.json.decode(content, type=WalkIn)
    except (msgspec.MsgspecError, RecursionError):
        return None
