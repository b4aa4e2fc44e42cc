"""Upright: which way the lines of a page run, and how much they lean. Which way is up only reading tells."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from normalizer.paper.sheet import Matrix, Pixels

SIDE: Final = 1000  # pixels of the longer side of the picture that is measured
STRAIGHT: Final = 0.15  # degrees of lean that the engine does not mind
STEEPEST: Final = 12.0  # degrees of lean that is looked for
FAINT: Final = 60  # of 255: how much ink a dot of the small picture must have
LONGEST: Final = 0.2  # of the longer side: what is larger is no word
INK: Final = 160  # darker is ink, on a page made evenly white


def lean(pixels: Pixels) -> tuple[float, bool]:
    """Measure by how many degrees (clockwise) the lines lean, and whether they run down the page instead of across.

    Where lines run straight, rows of ink and rows of paper alternate: the sharpest profile tells.
    """
    small = np.asarray(
        cv2.GaussianBlur(_writing(pixels), (0, 0), 0.8), np.float32
    )  # so that turning, which blurs, is no disadvantage
    flat, upended = _lean(small), _lean(np.ascontiguousarray(small.T))
    sideways = upended[1] > flat[1]
    return (-upended[0] if sideways else flat[0]), sideways


def straightened(pixels: Pixels, degrees: float) -> tuple[Pixels, Matrix]:
    """Turn a leaning page straight, cutting nothing off; give the matrix that leads back to the leaning one's pixels.

    It also leads back where both are turned upside down.
    """
    if abs(degrees) < STRAIGHT:
        return pixels, np.eye(3)
    height, width = pixels.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = (round(width * cosine + height * sine), round(width * sine + height * cosine))
    turn[:, 2] += (np.array(size) - np.array((width, height))) / 2
    straight = cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_LINEAR, borderValue=255.0)
    return np.asarray(straight, np.uint8), np.vstack([cv2.invertAffineTransform(turn), [0, 0, 1]])


def _writing(pixels: Pixels) -> NDArray[np.float32]:
    """Give the ink of the page, 0 to 1, small, without what is too large for writing: rules, frames, edges."""
    height, width = pixels.shape
    ink = np.where(pixels < INK, np.uint8(255), np.uint8(0))
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((small > FAINT).astype(np.uint8), connectivity=8)
    large = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) > LONGEST * max(size)
    large[0] = False
    return np.where(large[labels], np.float32(0), small.astype(np.float32) / 255)


def _lean(ink: NDArray[np.float32]) -> tuple[float, float]:
    """Find the angle of the sharpest profile: roughly on a smaller picture, then finely."""
    half = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    coarse = {angle: _sharpness(half, angle) for angle in np.arange(-STEEPEST, STEEPEST + 0.1, 1.0)}
    best, last = max(coarse, key=coarse.__getitem__), 0.0
    for step in (0.5, 0.25, 0.1):
        around = {angle: _sharpness(ink, angle) for angle in (best - step, best, best + step)}
        best = max(around, key=around.__getitem__)
        last = around[best]
    return float(best), last


def _sharpness(ink: NDArray[np.float32], degrees: float) -> float:
    """Tell how much neighbouring rows differ once the picture is turned by so many degrees counter-clockwise."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(degrees), 1.0)
    rows = cv2.reduce(cv2.warpAffine(ink, turn, (width, height)), 1, cv2.REDUCE_SUM)
    return float(np.square(np.diff(rows[:, 0])).sum())
