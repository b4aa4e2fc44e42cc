"""A page drawn for people: upright, in its true proportions, as large as asked."""

import io
from typing import Final

from PIL import Image

from normalizer.paper.decoding import Unreadable
from normalizer.paper.sources import opened
from normalizer.pictures import Picture, Wanted

WIDEST: Final = 2500  # pixels of a picture where no width was asked for: A4 at 300 dpi
_QUALITY: Final = 85
_TURNS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


class NotShown(Exception):
    """A page that can't be shown."""


def draw(wanted: Wanted) -> Picture:
    """Draw one page. Raises NotShown, sources.Locked, sources.Damaged."""
    source = opened(wanted.content, wanted.media_type)
    if not 1 <= wanted.page <= source.count:
        return Picture(png=b"", pages=source.count)
    page = source.picture(wanted.page)
    if isinstance(page, Unreadable):
        raise NotShown
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
        pages=source.count,
    )


def _scaled(page: Image.Image, width: int) -> Image.Image:
    """Make it not wider than asked; black and white becomes grey, so that thin strokes stay."""
    if page.width <= width:
        return page
    height = max(1, round(page.height * width / page.width))
    return (page.convert("L") if page.mode == "1" else page).resize((width, height), Image.Resampling.BOX)
