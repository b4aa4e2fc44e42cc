"""Pages as people see them: upright, in their proportions, as large as asked; hostile files hurt nobody."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from config.settings import Readers
from normalizer.leash import ReaderDied
from normalizer.paper import decoding
from normalizer.pictures import NotShown, Picture, Pictures
from records.media import LETTER
from tests.conftest import CORPORA, unavailable
from tests.normalizer.paper.reading_pages import encoded, faxed
from tests.pages import fax

HOSTILE = ("image-hostile", "pdf-hostile")


@pytest.fixture(scope="module")
def pictures() -> Iterator[Pictures]:
    made = Pictures(Readers())
    yield made
    made.close()


def seen(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.png))
    assert image.size == (picture.width, picture.height)
    assert picture.media_type == Image.MIME[image.format or ""]
    return image


def test_a_standard_fax_is_shown_in_its_true_proportions(pictures: Pictures) -> None:
    page = fax(Image.new("L", (2480, 3508), 255), 1, fine=False)
    shown = pictures.picture(faxed(page, page), "image/tiff", 2)
    assert shown.pages == 2
    assert shown.media_type == "image/png"
    assert shown.width == 1728
    assert 1.35 < shown.height / shown.width < 1.45
    assert seen(pictures.picture(faxed(page), "image/tiff", 1, width=600)).width == 600


@pytest.mark.parametrize(("rotation", "place"), [(0, (40, 20)), (90, (380, 40)), (180, (560, 380)), (270, (20, 560))])
def test_a_photo_is_turned_clockwise(pictures: Pictures, rotation: int, place: tuple[int, int]) -> None:
    """A red mark in the upper left corner of a blue page wanders round."""
    page = Image.new("RGB", (600, 400), "blue")
    page.paste("red", (0, 0, 100, 60))
    shown = pictures.picture(encoded(page, "PNG"), "image/png", 1, rotation=rotation)
    assert shown.media_type == "image/jpeg"
    image = seen(shown).convert("RGB")
    red, blue = (image.getchannel(band).getpixel(place) for band in ("R", "B"))
    assert isinstance(red, int)
    assert isinstance(blue, int)
    assert red > 200
    assert blue < 60


def test_a_page_of_a_pdf_and_of_a_letter_is_drawn(pictures: Pictures) -> None:
    import zipfile

    stored, stack = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(
        stored, "PDF", save_all=True, append_images=[Image.new("1", (600, 800), 1)]
    )
    assert pictures.picture(stored.getvalue(), "application/pdf", 2, width=300).width == 300
    with zipfile.ZipFile(stack, "w") as archive:
        archive.writestr("1.pdf", stored.getvalue())
        archive.writestr("2.jpg", encoded(Image.new("RGB", (400, 300), "green"), "JPEG"))
    shown = pictures.picture(stack.getvalue(), LETTER, 3)
    assert (shown.pages, shown.width, shown.height) == (3, 400, 300)


def test_no_such_page_and_no_such_picture(pictures: Pictures) -> None:
    page = encoded(Image.new("L", (200, 100), 255), "PNG")
    for number in (0, 2):
        with pytest.raises(LookupError, match="the original has 1"):
            pictures.picture(page, "image/png", number)
    for content in (b"", page[:60], encoded(Image.new("1", (10_000, 7_000)), "PNG"), b"%PDF-1.7"):
        with pytest.raises(NotShown):
            pictures.picture(content, "image/png", 1)


def hostile() -> list[Path]:
    return [path for folder in HOSTILE for path in sorted((CORPORA / folder).rglob("*")) if path.is_file()]


def test_hostile_files_are_shown_or_refused_and_the_next_page_is_drawn(pictures: Pictures) -> None:
    if not hostile():
        unavailable("corpora/image-hostile and corpora/pdf-hostile")
    for path in hostile():
        kind = "application/pdf" if path.suffix == ".pdf" else "image/tiff"
        try:
            shown = pictures.picture(path.read_bytes(), kind, 1, width=500)
        except (ReaderDied, LookupError):
            continue
        assert 0 < shown.width <= 500, path.name
    assert decoding.LARGEST == 60_000_000
    assert pictures.picture(encoded(Image.new("L", (200, 100), 255), "PNG"), "image/png", 1).width == 200
