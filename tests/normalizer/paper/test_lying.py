"""How a page lies: lean, quarter turns, upside down, on made pages and on real ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from normalizer.paper.cleaning import clean
from normalizer.paper.decoding import Unreadable, frames, sheet_of
from normalizer.paper.recognising import recognise
from normalizer.paper.sheet import Sheet
from normalizer.paper.stacks import is_blank
from normalizer.paper.turning import lean
from tests.conftest import CORPORA, unavailable
from tests.page_texts import letter
from tests.pages import fax, render, scan

REAL = CORPORA / "dedoc-ru"


def sheet(path: Path) -> Sheet:
    read = next(frame for _, frame in frames(path.read_bytes()))
    page = read if isinstance(read, Unreadable) else sheet_of(read)
    assert isinstance(page, Sheet)
    return page


@pytest.mark.parametrize("language", ["ru", "zh", "en"])
@pytest.mark.parametrize("skew", [-7.0, -2.2, -0.4, 0.7, 3.3, 9.0])
def test_lean_is_measured_to_a_third_of_a_degree(language: str, skew: float) -> None:
    page = np.asarray(scan(render(letter(language, 31).text, language, 31), 31, skew=skew))
    across, down = lean(clean(Sheet(page, (300, 300)))), lean(clean(Sheet(np.rot90(page).copy(), (300, 300))))
    assert (across[1], down[1]) == (False, True)
    assert across[0] == pytest.approx(-skew, abs=0.3)
    assert down[0] == pytest.approx(-skew, abs=0.3)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("fine", [True, False])
def test_a_fax_is_read_whichever_way_it_was_fed(rotation: int, fine: bool) -> None:  # noqa: FBT001
    page = render(letter("it", 32).text, "it", 32).rotate(rotation, expand=True, fillcolor=255)
    page = page.resize((2480, round(2480 * page.height / page.width)))
    dots = fax(page, 32, fine=fine)
    read = recognise(Sheet(np.asarray(dots.convert("L")), dots.info["dpi"], bilevel=True), language="ru")
    assert (read.rotation, read.language) == (rotation, "it")


def test_real_pages_are_turned_upright() -> None:
    told = REAL / "expected_from_upstream_tests.shared.json"
    if not told.exists():
        unavailable("corpora/dedoc-ru")
    expected = json.loads(told.read_text(encoding="utf-8"))["orientation_angle_deg(+-10)"]
    found = {name: recognise(sheet(REAL / name)).rotation for name in expected}
    assert found == {name: (360 - lies) % 360 for name, lies in expected.items()}


def test_real_pages_are_straightened_within_a_degree() -> None:
    """What was turned by a known angle is turned back by it; straight pages stay as they are."""
    told = REAL / "expected_from_upstream_tests.shared.json"
    if not told.exists():
        unavailable("corpora/dedoc-ru")
    for name in json.loads(told.read_text(encoding="utf-8"))["skew_zero_exact"]:
        assert lean(clean(sheet(REAL / name))) == (0, False), name


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_a_page_without_writing_is_blank(paper: int) -> None:
    page = recognise(Sheet(np.full((3508, 2480), paper, np.uint8), (300, 300)))
    assert (page.text, page.words, page.rotation, page.problem) == ("", (), 0, None)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (3, 3), (40, 40), (16, 30000), (30000, 16)])
def test_pages_of_any_shape_are_no_trouble(shape: tuple[int, int]) -> None:
    page = np.random.default_rng(1).integers(0, 255, shape).astype(np.uint8)
    for dpi in (None, (300.0, 300.0), (204.0, 98.0), (1e-9, 1e9), (72.0, 72.0)):
        for bilevel in (False, True):
            recognise(Sheet(page, dpi, bilevel))
    is_blank(Sheet(page))
