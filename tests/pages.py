"""Pages with known text, as they reach the desk: printed, scanned, faxed, photographed. The same for the same seed.

page = render(letter("ru", 7).text, "ru", seed=7)   # clean, A4, 300 dpi, grey
fax(page, seed=7)                                    # 1728 dots wide, one bit, noise of the line
character_errors(expected, got)                      # share of wrong characters
"""

import io
import random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.float32]
A4 = (2480, 3508)  # dots at 300 dpi
_TRUETYPE = "/usr/share/fonts/truetype"
_NOTO = "/usr/share/fonts/opentype/noto"
LATIN_FONTS = (
    f"{_TRUETYPE}/dejavu/DejaVuSans.ttf", f"{_TRUETYPE}/dejavu/DejaVuSerif.ttf",
    f"{_TRUETYPE}/liberation/LiberationSans-Regular.ttf", f"{_TRUETYPE}/liberation/LiberationSerif-Regular.ttf",
    f"{_TRUETYPE}/liberation/LiberationMono-Regular.ttf", f"{_TRUETYPE}/dejavu/DejaVuSansMono.ttf",
)  # fmt: skip
HAN_FONTS = (f"{_NOTO}/NotoSansCJK-Regular.ttc", f"{_NOTO}/NotoSerifCJK-Regular.ttc")
SIMPLIFIED = 2  # index of the simplified Chinese face in Noto's collections


def render(
    text: str, language: str, seed: int, *, size: float | None = None, font: str | None = None, dpi: int = 300
) -> Image.Image:
    """Print a text on white A4; `size` in points (default: by seed, 10.5 to 14, smaller where it would not fit)."""
    rng = random.Random(f"page/{language}/{seed}")
    path = font or rng.choice(HAN_FONTS if language == "zh" else LATIN_FONTS)
    wanted = size or rng.choice((10.5, 11, 12, 13, 14))
    width, height = (round(side * dpi / 300) for side in A4)
    page = Image.new("L", (width, height), 255)
    margin, spacing, lines = width // 10, rng.choice((1.25, 1.4, 1.6)), text.split("\n")
    while True:
        face = ImageFont.truetype(path, round(wanted * dpi / 72), index=SIMPLIFIED if path.endswith(".ttc") else 0)
        step = round(wanted * dpi / 72 * spacing)
        longest = max(face.getlength(line) for line in lines)
        if size or (longest <= width - 2 * margin and step * len(lines) <= height - 2 * margin):
            break
        wanted, spacing = wanted - 0.5, max(1.2, spacing - 0.05)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((margin, margin + number * step), line, fill=0, font=face)
    return page


def scan(page: Image.Image, seed: int, *, noise: float = 18.0, skew: float | None = None) -> Image.Image:
    """Scan a page on a tired grey scanner: uneven light, grain, specks, a little skew; 300 dpi, 8 bits."""
    rng = np.random.default_rng([seed, 1])
    grey = _turned(np.asarray(page, np.float32), rng.uniform(-1.5, 1.5) if skew is None else skew)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.5, 0.9)), np.float32)
    height, width = grey.shape
    across = np.linspace(0, rng.uniform(-50, 50), width, dtype=np.float32)
    down = np.linspace(0, rng.uniform(-40, 40), height, dtype=np.float32)
    paper = 215 + (across - across.mean()) + (down - down.mean())[:, None]
    ink = rng.uniform(20, 70)
    grey = ink + grey / 255 * (paper - ink) + rng.normal(0, noise, grey.shape).astype(np.float32)
    specks = rng.random(grey.shape, np.float32)
    grey[specks < 0.0005] = 20
    grey[specks > 0.9995] = 250
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def fax(page: Image.Image, seed: int, *, fine: bool = True, specks: float = 0.002) -> Image.Image:
    """Send a page by fax: 1728 dots wide, 196 or 98 lines an inch (ITU-T T.4), one bit, with `specks` of noise."""
    rng = np.random.default_rng([seed, 2])
    grey = _turned(np.asarray(page, np.float32), rng.uniform(-0.7, 0.7))
    lines = round(page.height * (196 if fine else 98) / 300)
    small = cv2.resize(grey, (1728, lines), interpolation=cv2.INTER_AREA)
    small = small + np.asarray(rng.normal(0, 12, small.shape), np.float32)
    bits = small > 140
    noise = rng.random(bits.shape, np.float32)
    bits[noise < specks] = False
    bits[noise > 1 - specks] = True
    image = Image.fromarray(bits.astype(np.uint8) * 255).convert("1", dither=Image.Dither.NONE)
    image.info["dpi"] = (204, 196 if fine else 98)
    return image


def photo(page: Image.Image, seed: int, *, turn: int = 90, quality: int = 85) -> Image.Image:
    """Photograph a page lying on a table: turned by `turn` degrees clockwise, in perspective, shaded, soft, JPEG."""
    rng = np.random.default_rng([seed, 3])
    paper = np.asarray(page)
    height, width = paper.shape
    across, down = round(width * 1.12), round(height * 1.12)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + (across - width) / 2 + rng.uniform(-0.025, 0.025, (4, 2)).astype(np.float32) * width
    bend = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    table = float(rng.uniform(60, 110))
    grey = cv2.warpPerspective(paper, bend, (across, down), borderValue=table, flags=cv2.INTER_AREA)
    shaded = grey.astype(np.float32) * _light(rng, across, down)
    shaded = np.asarray(cv2.GaussianBlur(shaded, (0, 0), rng.uniform(0.8, 1.3)), np.float32)
    shaded += rng.normal(0, 5, shaded.shape).astype(np.float32)
    colour = np.clip(shaded[..., None] * np.array([1.0, 0.97, 0.9], np.float32), 0, 255).astype(np.uint8)
    turned = np.ascontiguousarray(np.rot90(colour, -turn // 90))
    stored = io.BytesIO()
    Image.fromarray(turned).save(stored, "JPEG", quality=quality)
    return Image.open(stored)


def character_errors(expected: str, got: str) -> float:
    """Give the edit distance over the expected length; runs of white space count as one space, in Chinese as none."""
    glue = "" if sum("\u4e00" <= letter <= "\u9fff" for letter in expected) * 4 > len(expected) else " "
    wanted, found = (np.array([ord(letter) for letter in glue.join(text.split())] or [0]) for text in (expected, got))
    row = np.arange(len(found) + 1)
    steps = np.arange(len(found) + 1)
    for number, letter in enumerate(wanted, 1):
        new = np.empty_like(row)
        new[0] = number
        new[1:] = np.minimum(row[:-1] + (found != letter), row[1:] + 1)
        row = np.minimum.accumulate(new - steps) + steps  # insertions run along the row
    return float(row[-1]) / len(wanted)


def _turned(grey: Grey, degrees: float) -> Grey:
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(grey, turn, (width, height), borderValue=255.0, flags=cv2.INTER_LINEAR).astype(np.float32)


def _light(rng: np.random.Generator, width: int, height: int) -> Grey:
    """Make uneven light: a slope and the soft shadow of a hand."""
    x, y = np.meshgrid(np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    angle = rng.uniform(0, 2 * np.pi)
    slope = 0.85 + 0.3 * ((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle))
    edge = (x - rng.uniform(0.2, 0.8)) * np.cos(angle + 1) + (y - rng.uniform(0.2, 0.8)) * np.sin(angle + 1)
    return np.asarray(slope * (1 - 0.35 / (1 + np.exp(-edge * 25))), np.float32)
