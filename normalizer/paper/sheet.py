"""One page as pixels."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

cv2.setNumThreads(1)  # one core a child

Pixels = NDArray[np.uint8]  # height x width, grey: 0 is black, 255 white
Matrix = NDArray[np.float64]  # 3 x 3, acts on (x, y, 1)

DPI: Final = 300  # what pages are brought to: the engine was trained on it


class Sheet(NamedTuple):
    """One page as it came, grey and upright or not."""

    pixels: Pixels
    dpi: tuple[float, float] | None = None  # across, down; None where the file does not tell
    bilevel: bool = False  # black and white only: fax, or a scanner's "text" mode


def turned(pixels: Pixels, degrees: int) -> Pixels:
    """Turn clockwise by 0, 90, 180 or 270 degrees."""
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return np.asarray(cv2.rotate(pixels, turns[degrees]), np.uint8) if degrees else pixels
