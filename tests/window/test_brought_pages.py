"""A page that a mail brings is drawn from the part that it was read from."""

import io
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from PIL import Image

from normalizer.paper.drawing import draw
from normalizer.pictures import Wanted


def brought(*widths: int) -> bytes:
    """Write a mail with a picture of each width."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "fax"
    message.set_content("see attachment")
    for width in widths:
        stored = io.BytesIO()
        Image.new("L", (width, 100), 255).save(stored, "PNG")
        message.add_attachment(stored.getvalue(), maintype="image", subtype="png", filename=f"{width}.png")
    return message.as_bytes()


def wanted(part: str) -> Wanted:
    return Wanted(
        content=brought(300, 500), media_type="message/rfc822", page=1, rotation=0, width=None, part=part
    )  # fmt: skip


@pytest.mark.parametrize(("part", "width"), [("2", 300), ("3", 500)])
def test_the_part_is_drawn_that_holds_the_page(part: str, width: int) -> None:
    assert draw(wanted(part)).width == width


def test_a_part_that_is_not_there_is_not_shown() -> None:
    shown = draw(wanted("7"))
    assert shown.problem
    assert not shown.png
