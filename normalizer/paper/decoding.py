"""The bytes of a picture file become pages of grey pixels; what can't be decoded says why."""

import io
import math
from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from normalizer.paper.sheet import Pixels, Sheet

LARGEST: Final = 60_000_000  # pixels of one page
WORKED: Final = 24_000_000  # pixels of one page that are kept: a larger one is reduced, A3 at 300 dpi is not
FORMATS: Final[tuple[str, ...]] = ("TIFF", "JPEG", "PNG", "WEBP", "GIF", "BMP")
FRAMES: Final = 10_000  # pages of one file that are counted
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


def decoded(image: Image.Image) -> Image.Image | Unreadable:
    """Decode an opened page as a viewer shows it: turned by its own mark, seen on white paper; grey or colour."""
    width, height = image.size
    if width * height > LARGEST:
        return Unreadable(f"a page of {width} x {height} dots: more than {LARGEST // 1_000_000} million", True)  # noqa: FBT003
    try:
        if image.format == "JPEG" and width * height > WORKED:
            image.draft(None, (width // 2, height // 2))  # half of it is enough, and quicker
        return ImageOps.exif_transpose(_on_paper(image))
    except Exception as trouble:
        return _unreadable(trouble)


def sheet_of(image: Image.Image) -> Sheet | Unreadable:
    """Decode an opened page to grey pixels. Raises MemoryError."""
    dpi = _dpi(image)
    page = decoded(image)
    if isinstance(page, Unreadable):
        return page
    try:
        pixels = np.asarray(page.convert("L"), np.uint8)
    except Exception as trouble:
        return _unreadable(trouble)
    if page.mode == "1" or _is_bilevel(pixels):
        return Sheet(pixels, dpi, bilevel=True)
    factor = math.ceil(math.sqrt(pixels.size / WORKED))
    if factor == 1:
        return Sheet(pixels, dpi)
    return Sheet(np.asarray(page.convert("L").reduce(factor), np.uint8), dpi and (dpi[0] / factor, dpi[1] / factor))


def _open(content: bytes) -> Image.Image:
    formats: tuple[str, ...] = FORMATS
    if content[4:8] == b"ftyp":
        import pillow_heif

        pillow_heif.register_heif_opener()
        formats = ("HEIF",)
    return Image.open(io.BytesIO(content), formats=formats)


def _on_paper(image: Image.Image) -> Image.Image:
    """Decode the pixels: transparent ones are paper, deep ones are made 8 bits."""
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        return _shallow(image)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        paper.alpha_composite(seen)
        image = _kept(image, paper.convert("RGB"))
    if image.mode in {"1", "L", "RGB"}:
        return image
    return _kept(image, image.convert("RGB"))


def _shallow(image: Image.Image) -> Image.Image:
    deep = np.asarray(image, np.float32)
    most = max(255.0, float(np.nanmax(deep, initial=0.0)))
    whole = 65535.0 if 255 < most <= 65535 else most
    return _kept(image, Image.fromarray(np.nan_to_num(deep * (255 / whole)).clip(0, 255).astype(np.uint8)))


def _kept(image: Image.Image, changed: Image.Image) -> Image.Image:
    """Keep the mark that tells which way up."""
    changed.getexif().update(image.getexif())
    return changed


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    """Give the dots an inch, across and down as the page is seen; None where the file does not tell."""
    told: Any = image.info.get("dpi") or image.info.get("resolution")
    try:
        across, down = (float(number) for number in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not (0 < across < math.inf and 0 < down < math.inf):
        return None
    return (down, across) if image.getexif().get(0x0112) in _SIDEWAYS else (across, down)


def _is_bilevel(pixels: Pixels) -> bool:
    levels = np.bincount(pixels.ravel(), minlength=256)
    return bool(levels[8:248].sum() <= _FEW * pixels.size)


def _unreadable(trouble: Exception) -> Unreadable:
    if isinstance(trouble, MemoryError):
        raise trouble
    if isinstance(trouble, Image.DecompressionBombError):
        return Unreadable(f"more than {LARGEST // 1_000_000} million dots", True)  # noqa: FBT003
    return Unreadable(f"damaged or of an unknown kind ({type(trouble).__name__})")
