"""A stack from the scan folder is divided into letters, at separator sheets or at blank pages."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import zxingcpp

from normalizer import pace
from normalizer.paper.cleaning import flattened
from normalizer.paper.decoding import Unreadable
from normalizer.paper.sheet import Pixels, Sheet
from normalizer.paper.sources import Source

MOST: Final = 500  # pages of one stack that are looked at; what lies beyond stays with the last letter
_MARGIN: Final = 0.07  # of width and height: shadows and punched holes stand there
_PALE: Final = 210  # darker is writing, of pencil too; what shows through from the other side is paler
_WRITTEN: Final = 0.00008  # share of ink from which on a page is not blank; two short words have four times as much
_SMALL: Final = 1_000  # pixels of the longer side of the picture in which ink is counted


def letters(source: Source, separator: str, barcode: str) -> tuple[tuple[int, ...], ...]:
    """Give the pages of each letter; separator sheets and blank backs belong to none.

    One letter with all pages where nothing divides the stack, so that nothing is ever lost.
    """
    divided: list[list[int]] = [[]]
    looked = min(source.count, MOST)
    for number, kind in _kinds(source, looked, separator, barcode):
        if kind == "page":
            divided[-1].append(number)
        if kind == "separator" or (separator == "blank" and kind == "blank"):
            divided.append([])
    divided[-1] += range(looked + 1, source.count + 1)
    found = tuple(tuple(letter) for letter in divided if letter)
    return found or (tuple(range(1, source.count + 1)),)


def is_blank(sheet: Sheet) -> bool:
    """Tell a page with nothing on it but dust."""
    height, width = sheet.pixels.shape
    top, left = round(height * _MARGIN), round(width * _MARGIN)
    inner = sheet.pixels[top : height - top or None, left : width - left or None]
    scale = min(1.0, _SMALL / max(inner.shape))
    size = (max(1, round(inner.shape[1] * scale)), max(1, round(inner.shape[0] * scale)))
    small = cv2.resize(inner, size, interpolation=cv2.INTER_AREA)
    dark = flattened(np.asarray(cv2.medianBlur(small, 3), np.uint8)) < _PALE
    return bool(np.count_nonzero(dark) < _WRITTEN * dark.size)


def barcodes(pixels: Pixels) -> list[str]:
    """Read the barcodes of a page, whichever way it lies: text only, nothing in it is opened."""
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def _kinds(source: Source, count: int, separator: str, barcode: str) -> Iterator[tuple[int, str]]:
    for number in range(1, count + 1):
        pace.page()
        sheet = source.sheet(number)
        if isinstance(sheet, Unreadable):
            yield number, "page"
        elif is_blank(sheet):
            yield number, "blank"
        elif separator == "barcode" and barcode in barcodes(sheet.pixels):
            yield number, "separator"
        else:
            yield number, "page"
