"""The recognition engine: tesseract inside this process, kept warm, one language at a time."""

from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from normalizer.paper.sheet import DPI, Pixels

#: Our languages and the engine's names of them.
NAMES: Final = {"ru": "rus", "en": "eng", "it": "ita", "zh": "chi_sim"}
DATA: Final = "/usr/share/tesseract-ocr"  # Debian's place; a folder for each version below it
COLUMN, MIXED, LINE = 6, 3, 7  # page segmentation: one column of text, find the layout, a single line
_WORD_LEVEL: Final = "5"


class Seen(NamedTuple):
    """One word as the engine saw it: box in pixels, confidence 0 to 1."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: tuple[int, int, int]  # block, paragraph, line


class NoLanguageData(RuntimeError):
    """The engine's language data are not installed."""


def see(pixels: Pixels, language: str, segmentation: int) -> list[Seen]:
    """Recognise one picture. Raises NoLanguageData."""
    engine = _engine(language)
    height, width = pixels.shape
    engine.SetPageSegMode(segmentation)
    engine.SetImageBytes(pixels.tobytes(), width, height, 1, width)  # pixels only: its own decoders are old
    engine.SetSourceResolution(DPI)
    try:
        rows = (row.split("\t") for row in engine.GetTSVText(0).splitlines() if row.startswith(_WORD_LEVEL))
        return [_seen(row) for row in rows if row[11].strip()]
    finally:
        engine.Clear()


def _seen(row: list[str]) -> Seen:
    """Take a row of the engine's table: level, page, block, paragraph, line, word, x, y, width, height, %, text."""
    block, paragraph, line, _, left, top, width, height = map(int, row[2:10])
    box = (left, top, left + width, top + height)
    return Seen(row[11].strip(), *box, max(0.0, float(row[10])) / 100, (block, paragraph, line))


@cache
def _engine(language: str) -> Any:
    import tesserocr

    name = NAMES[language]
    return tesserocr.PyTessBaseAPI(path=str(_folder(name)), lang=name, oem=tesserocr.OEM.LSTM_ONLY)


def _folder(name: str) -> Path:
    """Find the newest installed data of a language."""
    found = sorted(Path(DATA).glob(f"*/tessdata/{name}.traineddata"), key=lambda path: path.parts)
    if not found:
        package = f"tesseract-ocr-{name.replace('_', '-')}"
        raise NoLanguageData(f"no data to read {name} below {DATA}: install Debian's {package}")
    return found[-1].parent
