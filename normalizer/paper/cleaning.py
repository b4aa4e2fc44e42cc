"""Dirt is taken off a page before it is recognised; each way was measured (`bench.ocr`, tests of errors)."""

from typing import Final

import cv2
import numpy as np

from normalizer.paper.sheet import DPI, Pixels, Sheet

FINE: Final = 196.0  # lines an inch of a fine fax (ITU-T T.4); a standard one has half
COARSE: Final = 250  # a bilevel page below so many dots an inch is treated as a fax
LARGEST: Final = 24_000_000  # pixels of the cleaned page: A3 at 300 dpi and a bit
SPECK: Final = 5  # pixels of the largest speck that is noise
_SMALLEST: Final = 16  # pixels a side


def clean(sheet: Sheet) -> Pixels:
    """Give the page clean, grey, of about 300 dpi both ways."""
    pixels = sheet.pixels
    if sheet.bilevel:
        pixels = despeckled(pixels)
    across, down = _scales(sheet)
    height, width = pixels.shape
    size = (max(_SMALLEST, round(width * across)), max(_SMALLEST, round(height * down)))
    if size != (width, height):
        grows = across * down > 1
        pixels = np.asarray(
            cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC if grows else cv2.INTER_AREA), np.uint8
        )
    if not sheet.bilevel:
        pixels = flattened(pixels)
    elif across * down != 1:
        pixels = _blurred(pixels, 1.5 if sheet.dpi and sheet.dpi[1] > FINE * 0.75 else 1.0)
    return pixels


def despeckled(pixels: Pixels) -> Pixels:
    """Take off black specks, and fill white ones inside letters, of up to SPECK pixels."""
    return 255 - _without_specks(255 - _without_specks(pixels))


def flattened(pixels: Pixels) -> Pixels:
    """Make paper evenly white whatever the light, and smooth the grain."""
    height, width = pixels.shape
    small = cv2.resize(pixels, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _blurred(np.asarray(cv2.divide(pixels, paper, scale=255), np.uint8), 1.0)


def _without_specks(pixels: Pixels) -> Pixels:
    """Whiten black components of up to SPECK pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(255 - pixels, connectivity=8, ltype=cv2.CV_32S)
    small = stats[:, cv2.CC_STAT_AREA] <= SPECK
    small[0] = False
    return np.where(small[labels], np.uint8(255), pixels)


def _blurred(pixels: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)


def _scales(sheet: Sheet) -> tuple[float, float]:
    """Tell by how much the page must grow across and down to have 300 dpi."""
    across, down = sheet.dpi or (DPI, DPI)
    return DPI / across, DPI / down
