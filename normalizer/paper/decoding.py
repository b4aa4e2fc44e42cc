"""The bytes of a picture file become pages of grey pixels; what can't be decoded says why."""

import io
import math
from collections.abc import Collection, Iterator
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageOps

from normalizer.paper.scale import stretched
from normalizer.paper.sheet import Sheet

LARGEST: Final = 60_000_000  # pixels of one page
WORKED: Final = 24_000_000  # pixels of one page that are kept: a larger one is reduced, A3 at 300 dpi is not
FORMATS: Final[tuple[str, ...]] = ("TIFF", "JPEG", "PNG", "WEBP", "GIF", "BMP")
FRAMES: Final = 10_000  # pages of one file that are counted
_PLAIN: Final = ("RGB", "RGBA", "LA", "CMYK", "YCbCr", "P", "L", "1")  # from which grey is made directly
_SIDEWAYS: Final = (5, 6, 7, 8)  # EXIF orientations that exchange width and height
_FEW: Final = 0.002  # share of grey dots that a page of black and white may have


class Unreadable(NamedTuple):
    """A page that can't be shown: why, for a person."""

    problem: str
    too_large: bool = False


def frames(content: bytes, wanted: Collection[int] = ()) -> Iterator[tuple[int, Image.Image | Unreadable]]:
    """Open the pages of a picture file one by one, not yet decoded, each with its number; `wanted` empty: all.

    Only TIFF has pages; of what moves the first picture is taken. An opened page holds until the next is asked for.
    """
    try:
        image = _open(content)
    except Exception as trouble:
        yield 1, _unreadable(trouble)
        return
    for number in range(1, 1 + (FRAMES if image.format == "TIFF" else 1)):
        try:
            image.seek(number - 1)
        except EOFError:
            return
        except Exception as trouble:
            yield number, _unreadable(trouble)
            return  # where the next page lies is not known
        if not wanted or number in wanted:
            yield number, image


def decoded(image: Image.Image, mode: Literal["L", "RGB"]) -> Image.Image | Unreadable:
    """Decode an opened page as a viewer shows it: turned by its own mark, seen on white paper, not larger than WORKED.

    A page of one bit keeps its mode "1". Raises MemoryError.
    """
    width, height = image.size
    if width * height > LARGEST:
        return Unreadable(f"{width} x {height} dots: more than {LARGEST // 1_000_000} million", too_large=True)
    try:
        if image.format == "JPEG":
            half = width * height > WORKED  # read at half its size where that is enough: it is quicker
            image.draft(mode, (width // 2, height // 2) if half else None)
        page = _on_paper(image, mode)
        factor = math.ceil(math.sqrt(page.width * page.height / WORKED))
        if factor > 1:
            page = _kept(page, page.convert("L" if page.mode == "1" else page.mode).reduce(factor))
        ImageOps.exif_transpose(page, in_place=True)
    except Exception as trouble:
        return _unreadable(trouble)
    return page


def sheet_of(image: Image.Image) -> Sheet | Unreadable:
    """Decode an opened page to grey pixels. Raises MemoryError."""
    dpi, width, height = dpi_of(image), *image.size
    page = decoded(image, "L")
    if isinstance(page, Unreadable):
        return page
    reduced = math.sqrt(page.width * page.height / (width * height))
    grey = page.convert("L")
    levels = grey.histogram()
    bilevel = sum(levels[8:248]) <= _FEW * sum(levels)
    return Sheet(np.asarray(grey, np.uint8), dpi and (dpi[0] * reduced, dpi[1] * reduced), bilevel)


def picture_of(image: Image.Image) -> Image.Image | Unreadable:
    """Decode an opened page for people: "1", "L" or "RGB", a standard fax in its true proportions."""
    dpi = dpi_of(image)
    page = decoded(image, "RGB")
    if isinstance(page, Unreadable):
        return page
    bilevel = page.mode == "1"
    stretch = stretched(Sheet(np.asarray(page.convert("L"), np.uint8), dpi, bilevel))
    if 0.9 < stretch < 1.1:
        return page
    return page.resize((page.width, max(1, round(page.height * stretch))), Image.Resampling.NEAREST)


def _open(content: bytes) -> Image.Image:
    formats: tuple[str, ...] = FORMATS
    if content[4:8] == b"ftyp":
        import pi_heif

        pi_heif.register_heif_opener()
        formats = ("HEIF",)
    return Image.open(io.BytesIO(content), formats=formats)


def _on_paper(image: Image.Image, mode: Literal["L", "RGB"]) -> Image.Image:
    """Decode the pixels: transparent ones are paper, deep ones are made 8 bits."""
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        return _shallow(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        flat = seen.convert(mode)
        return _kept(image, Image.composite(flat, Image.new(mode, flat.size, "white"), seen.getchannel("A")))
    if image.mode in {"1", "L", mode}:
        return image
    return _kept(image, (image if image.mode in _PLAIN else image.convert("RGB")).convert(mode))


def _shallow(image: Image.Image) -> Image.Image:
    """Make 16 bits or floating point 8 bits; what is larger than 16 bits is measured by its brightest dot."""
    deep = np.nan_to_num(np.asarray(image, np.float32))
    most = float(deep.max(initial=255.0))
    whole = 65535.0 if 255 < most <= 65535 else most
    return _kept(image, Image.fromarray((deep * (255 / whole)).clip(0, 255).astype(np.uint8)))


def _kept(image: Image.Image, changed: Image.Image) -> Image.Image:
    """Keep the mark that tells which way is up."""
    up = image.getexif().get(ExifTags.Base.Orientation)
    if up:
        changed.getexif()[ExifTags.Base.Orientation] = up
    return changed


def dpi_of(image: Image.Image) -> tuple[float, float] | None:
    """Give the dots an inch, across and down as the page is seen; None where the file does not tell.

    Where a TIFF tells no unit, only the ratio of the two means something.
    """
    told: Any = image.info.get("dpi") or image.info.get("resolution")
    try:
        across, down = (float(number) for number in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not (0 < across < math.inf and 0 < down < math.inf):
        return None
    sideways = image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
    return (down, across) if sideways else (across, down)


def _unreadable(trouble: Exception) -> Unreadable:
    if isinstance(trouble, MemoryError):
        raise trouble
    if isinstance(trouble, Image.DecompressionBombError):
        return Unreadable(f"more than {LARGEST // 1_000_000} million dots", too_large=True)
    return Unreadable(f"damaged or of an unknown kind ({type(trouble).__name__})")
