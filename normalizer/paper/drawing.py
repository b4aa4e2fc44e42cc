"""A page drawn for people: upright, in its true proportions, as large as asked."""

import io
from typing import Final

from PIL import Image

from normalizer.paper.decoding import Unreadable
from normalizer.paper.sources import Damaged, Locked, opened
from normalizer.pictures import Picture, Wanted

WIDEST: Final = 2500  # pixels of a picture where no width was asked for: A4 at 300 dpi
_QUALITY: Final = 85
_TURNS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def draw(wanted: Wanted) -> Picture:
    """Draw one page; one that can't be shown says why."""
    try:
        source = opened(*_file(wanted))
    except Locked:
        return Picture(pages=0, problem="encrypted with a password")
    except Damaged:
        return Picture(pages=0, problem="damaged: it can't be opened")
    if not 1 <= wanted.page <= source.count:
        return Picture(pages=source.count)
    page = source.picture(wanted.page)
    if isinstance(page, Unreadable):
        return Picture(pages=source.count, problem=page.problem)
    return _shown(page, wanted, source.count)


def _shown(page: Image.Image, wanted: Wanted, pages: int) -> Picture:
    if wanted.rotation:
        page = page.transpose(_TURNS[wanted.rotation])
    bilevel = page.mode == "1"
    page = _scaled(page, min(wanted.width or WIDEST, WIDEST))
    stored, kind = io.BytesIO(), "PNG" if bilevel or page.mode == "1" else "JPEG"
    page.save(stored, kind, quality=_QUALITY)
    return Picture(
        png=stored.getvalue(),
        media_type=f"image/{kind.lower()}",
        width=page.width,
        height=page.height,
        pages=pages,
    )


def _file(wanted: Wanted) -> tuple[bytes, str]:
    """Give the file that holds the page, with its type: the original, or what a mail brings."""
    if wanted.part is None:
        return wanted.content, wanted.media_type
    from normalizer.readers import magic, mail

    content = mail.files(wanted.content).get(wanted.part)
    if content is None:
        raise Damaged("the mail has no such part")
    return content, magic.media_type(content) or wanted.media_type


def _scaled(page: Image.Image, width: int) -> Image.Image:
    """Make it not wider than asked; black and white becomes grey, so that thin strokes stay."""
    if page.width <= width:
        return page
    height = max(1, round(page.height * width / page.width))
    return (page.convert("L") if page.mode == "1" else page).resize((width, height), Image.Resampling.BOX)
