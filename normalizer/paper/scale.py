"""How large a page is: the engine wants 300 dots an inch both ways, and files tell theirs badly or not at all."""

import math
from typing import Final

import cv2
import numpy as np

from normalizer.paper.sheet import DPI, Pixels, Sheet

ACROSS: Final = 204  # dots an inch of every fax (ITU-T T.4)
COARSE: Final = 98  # lines an inch of a standard fax; a fine one has as many as dots across, nearly
FAX_WIDTHS: Final = frozenset({1728, 2048, 2432})  # dots of a line on A4, B4, A3
LARGEST: Final = 24_000_000  # dots of a page at 300 dpi: A3, and a bit
SMALL: Final = 25  # dots: the height of small letters in an ordinary letter at 300 dpi
_TOLD: Final = (90, 1300)  # dots an inch that may be true; what programs write by default is less
_LONGEST: Final = 24  # inches of a sheet that may be true
_GROWTH: Final = (0.25, 4.0)
_BROAD: Final = 1.15  # width to height of letters whose every second row is missing; otherwise it is 0.8
_WHOLE: Final = (0.6, 0.72)  # height to width, in dots, of a whole page of a standard fax: A4, B4, A3, letter
_RATHER: Final = 0.9  # such a page is a standard fax if its letters are broader: those of a fine one hardly ever are
_INK: Final = 128


def stretched(sheet: Sheet) -> float:
    """Tell how many times further apart its rows are than its columns."""
    across, down = sheet.dpi or (1.0, 1.0)
    if across != down or across >= _TOLD[0]:  # a file that tells nothing is said to have 1 and 1, or 72 and 72
        return across / down if 0.2 < across / down < 5 else 1.0
    if not sheet.bilevel:
        return 1.0
    wide, high = _letter(sheet.pixels)
    return ACROSS / COARSE if wide > (_RATHER if _is_whole(sheet) else _BROAD) * high else 1.0


def scales(sheet: Sheet, clean: Pixels) -> tuple[float, float]:
    """Tell by how much the page must grow across and down to have about 300 dpi; `clean`: its writing on white."""
    height, width = clean.shape
    stretch = stretched(sheet)
    across = _dpi(sheet, stretch)
    scale = DPI / across if across else SMALL / (_letter(clean)[1] * stretch)
    if not across and 0.6 < scale < 1.7:  # letters differ more than that
        scale = 1.0
    scale = min(max(scale, _GROWTH[0]), _GROWTH[1], math.sqrt(LARGEST / (width * height * stretch)))
    return scale, scale * stretch


def _is_whole(sheet: Sheet) -> bool:
    """Tell a page that is as long as a sheet of paper if, and only if, it is a standard fax."""
    height, width = sheet.pixels.shape
    return width in FAX_WIDTHS and _WHOLE[0] <= height / width <= _WHOLE[1]


def _dpi(sheet: Sheet, stretch: float) -> float | None:
    """Give the dots an inch across; None where they are not known."""
    height, width = sheet.pixels.shape
    across = sheet.dpi[0] if sheet.dpi else 0.0
    if _TOLD[0] <= across <= _TOLD[1] and max(width, height * stretch) / across <= _LONGEST:
        return across
    return ACROSS if sheet.bilevel and width in FAX_WIDTHS else None


def _letter(clean: Pixels) -> tuple[float, float]:
    """Give the width and height of the middlemost letter; without letters, those of an ordinary one."""
    ink = (clean < _INK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    tall = clean.shape[0] / 8
    letters = (high >= 5) & (high < tall) & (wide >= 3) & (wide < 10 * high)
    if np.count_nonzero(letters) < 5:
        return SMALL, SMALL
    return float(np.median(wide[letters])), float(np.median(high[letters]))
