"""Dirt is taken off a page before it is recognised; each way was measured (`bench.ocr`, tests of errors)."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from normalizer.paper.scale import scales
from normalizer.paper.sheet import DPI, Pixels, Sheet

COARSE: Final = 250  # a bilevel page below so many dots an inch is treated as a fax
#: Share of lonely black dots up to which specks of so many dots are noise: black ones on paper, white ones in letters.
SPECKS: Final = ((0.0002, (1, 1)), (0.004, (2, 2)), (0.012, (3, 3)), (math.inf, (4, 2)))
_SMALLEST: Final = 16  # dots a side
_SLIGHTLY: Final = 0.15  # a scale so near to 1 is let be


def clean(sheet: Sheet) -> Pixels:
    """Give the page clean, grey, of about 300 dpi both ways."""
    pixels = sheet.pixels if sheet.bilevel else flattened(sheet.pixels)
    across, down = scales(sheet, pixels)
    if not sheet.bilevel:
        return _scaled(pixels, across, down)
    if min(across, down) < DPI / COARSE:
        return _blurred(_scaled(pixels, across, down), 0.8)
    pixels = _scaled(despeckled(pixels), across, down)
    return _blurred(pixels, 2.0 if down > 1.5 * across else 1.5)


def despeckled(pixels: Pixels) -> Pixels:
    """Take off black specks, and fill white ones inside letters; their size by how many single dots there are."""
    labels, areas = _components(255 - pixels, 8)
    lonely = np.count_nonzero(areas == 1) / pixels.size
    black, white = next(sizes for most, sizes in SPECKS if lonely <= most)
    pixels = np.where((areas <= black)[labels], np.uint8(255), pixels)
    labels, areas = _components(pixels, 4)
    return np.where((areas <= white)[labels], np.uint8(0), pixels)


def flattened(pixels: Pixels) -> Pixels:
    """Make paper evenly white whatever the light, and smooth the grain."""
    height, width = pixels.shape
    small = cv2.resize(pixels, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _blurred(np.asarray(cv2.divide(pixels, paper, scale=255), np.uint8), 1.0)


def _components(pixels: Pixels, connectivity: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Label what is not black: the label of every dot, and how many dots each label has (the first is black)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(pixels, connectivity=connectivity, ltype=cv2.CV_32S)
    areas = stats[:, cv2.CC_STAT_AREA]
    areas[0] = pixels.size
    return np.asarray(labels, np.int32), np.asarray(areas, np.int32)


def _scaled(pixels: Pixels, across: float, down: float) -> Pixels:
    height, width = pixels.shape
    size = (max(_SMALLEST, round(width * across)), max(_SMALLEST, round(height * down)))
    if abs(across - 1) < _SLIGHTLY and abs(down - 1) < _SLIGHTLY:
        return pixels
    way = cv2.INTER_CUBIC if across * down > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)


def _blurred(pixels: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8)
