"""Picture files become pages: every fax coding, whatever marks and depths they have, and damage told page by page."""

import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageDraw

from channels import folder_types
from normalizer.paper.decoding import Unreadable, frames, picture_of, sheet_of
from normalizer.paper.scale import stretched
from normalizer.paper.sheet import Sheet
from normalizer.readers import sniff
from tests.conftest import CORPORA, unavailable
from tests.normalizer.paper.reading_pages import encoded, faxed
from tests.page_texts import letter
from tests.pages import fax, render

FAX = CORPORA / "fax-tiff"
#: Test charts of ITU-T T.24 as TIFF and as plain bits.
CHARTS = (("libtiff.net/CCITT_1.TIF", "itu1.pbm"), ("libtiff.net/CCITT_6.TIF", "itu6.pbm"))
FAXES = sorted(path for path in FAX.rglob("*") if path.suffix.lower() in {".tif", ".tiff"} and "lenna" not in path.name)


def pages(content: bytes) -> list[Sheet | Unreadable]:
    return [one if isinstance(one, Unreadable) else sheet_of(one) for _, one in frames(content)]


def sheet(content: bytes) -> Sheet:
    [page] = pages(content)
    assert isinstance(page, Sheet), page
    return page


def drawn(mode: str = "L", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """A black mark in the upper left corner of a white page."""
    page = Image.new("L", size, 255)
    ImageDraw.Draw(page).rectangle((10, 10, 60, 40), fill=0)
    return page.convert(mode)


def is_drawn(pixels: np.ndarray) -> bool:
    return bool(pixels[25, 30] < 60 and pixels[25, 200] > 200 and pixels[150, 30] > 200)


def test_the_corpus_of_faxes_is_there() -> None:
    if not FAXES:
        unavailable("corpora/fax-tiff")


@pytest.mark.parametrize("path", FAXES, ids=lambda path: path.name)
def test_every_fax_decodes(path: Path) -> None:
    for page in pages(path.read_bytes()):
        assert isinstance(page, Sheet)
        assert page.bilevel


@pytest.mark.parametrize(("tiff", "bits"), CHARTS)
def test_fax_charts_are_identical_dot_by_dot(tiff: str, bits: str) -> None:
    if not FAXES:
        unavailable("corpora/fax-tiff")
    with Image.open(FAX / "spandsp-itu-pbm" / bits) as chart:
        known = np.asarray(chart.convert("L"))
    read = sheet((FAX / tiff).read_bytes()).pixels
    rows = min(len(known), len(read))
    assert read.shape[1] == known.shape[1]
    assert (read[:rows] == known[:rows]).all()
    assert rows > 1000


@pytest.mark.parametrize("coding", ["group3", "group4", "packbits", "raw", "tiff_lzw"])
@pytest.mark.parametrize("white_is_zero", [True, False])
def test_a_fax_of_any_coding_is_the_same(coding: str, white_is_zero: bool) -> None:  # noqa: FBT001
    page = fax(render(letter("ru", 3).text, "ru", 3), 3)
    content = encoded(page, "TIFF", compression=coding, tiffinfo={262: 0 if white_is_zero else 1})
    read = sheet(content)
    assert read.bilevel
    assert (read.pixels == np.asarray(page.convert("L"))).all()


def test_pages_keep_their_order_and_resolution() -> None:
    one, two = fax(drawn(size=(2480, 3508)), 1), fax(drawn(size=(2480, 3508)), 2, fine=False)
    content = faxed(two, two, two)
    assert [page.dpi for page in pages(content) if isinstance(page, Sheet)] == [(204, 98)] * 3
    assert len(pages(faxed(one))) == 1
    assert [number for number, _ in frames(content, {2, 3})] == [2, 3]


@pytest.mark.parametrize(("fine", "stretch"), [(True, 1.0), (False, 204 / 98)])
@pytest.mark.parametrize(("language", "told"), [("ru", {}), ("zh", {}), ("en", {"dpi": (72, 72)})])
def test_a_fax_that_does_not_tell_its_resolution_is_not_squashed(
    language: str,
    told: dict[str, tuple[int, int]],
    fine: bool,  # noqa: FBT001
    stretch: float,
) -> None:
    page = fax(render(letter(language, 21).text, language, 21), 21, fine=fine)
    [(_, frame)] = frames(encoded(page, "TIFF", compression="group4", **told))
    assert isinstance(frame, Image.Image)
    sheet, picture = sheet_of(frame), picture_of(frame)
    assert isinstance(sheet, Sheet)
    assert isinstance(picture, Image.Image)
    assert stretched(sheet) == stretch
    assert picture.size == (1728, round(page.height * stretch))


def test_a_page_that_is_cut_off_says_so_and_the_others_are_read() -> None:
    page = fax(render(letter("en", 4).text, "en", 4), 4)
    content = faxed(page, page, page)
    directory = max(content.rfind(b"\x1c\x01"), 0)
    assert directory
    read = pages(content[: len(content) - 3000])
    assert [isinstance(page, Sheet) for page in read][:2] == [True, True]
    assert isinstance(read[-1], Unreadable)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_mark_of_a_camera_turns_the_page(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that undoes what a viewer does
    stored = drawn() if orientation == 1 else drawn().transpose(Image.Transpose(back[orientation]))
    read = sheet(encoded(stored, "JPEG", exif=exif, quality=95))
    assert read.pixels.shape == (200, 300)
    assert is_drawn(read.pixels)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "GIF"), ("RGB", "BMP"), ("RGBA", "PNG"), ("I;16", "PNG"),
     ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("RGB", "WEBP"), ("RGBA", "WEBP"), ("F", "TIFF"), ("YCbCr", "TIFF")],
)  # fmt: skip
def test_every_depth_and_colour_becomes_grey(mode: str, kind: str) -> None:
    if mode == "I;16":
        page = Image.fromarray(np.asarray(drawn(), np.uint16) * 257)
    elif mode == "F":
        page = Image.fromarray(np.asarray(drawn(), np.float32))
    else:
        page = drawn(mode)
    if mode in {"RGBA", "LA"}:
        page.putalpha(Image.eval(drawn(), lambda value: 255 - value))  # paper is transparent
    assert is_drawn(sheet(encoded(page, kind)).pixels)


def test_heif_is_read() -> None:
    pillow_heif.register_heif_opener()
    assert is_drawn(sheet(encoded(drawn("RGB"), "HEIF", quality=90)).pixels)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"])
def test_what_a_door_calls_heif_is_heif_to_the_readers(brand: bytes) -> None:
    begins = b"\0\0\0\x18ftyp" + brand + bytes(12)
    kind = folder_types.media_type(begins, ".heic")
    assert kind in {"image/heic", "image/heif"}
    assert sniff(begins, kind) == kind


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_what_moves_the_first_picture_is_taken(kind: str) -> None:
    moving = encoded(drawn("RGB"), kind, save_all=True, append_images=[Image.new("RGB", (300, 200), "black")] * 50)
    assert is_drawn(sheet(moving).pixels)


def test_too_many_dots_are_refused_before_they_are_decoded() -> None:
    [page] = pages(encoded(Image.new("1", (10_000, 6_001)), "PNG"))
    assert isinstance(page, Unreadable)
    assert page.too_large
    read = sheet(encoded(Image.new("1", (10_000, 5_999), 1), "TIFF", compression="group4", dpi=(1200, 1200)))
    assert read.pixels.size <= 24_000_000
    assert read.dpi is not None
    assert round(read.dpi[0]) in {400, 600}


@pytest.mark.parametrize("content", [b"", b"II*\0", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\xff" * 30, b"%PDF-1.7"])
def test_what_is_no_picture_says_so(content: bytes) -> None:
    [page] = pages(content)
    assert isinstance(page, Unreadable)
    assert page.problem


def test_a_chain_of_pages_that_goes_round_ends() -> None:
    content = bytearray(encoded(drawn(), "TIFF"))
    with Image.open(io.BytesIO(content)) as image:
        offset = int(image.tag_v2.offset) if hasattr(image, "tag_v2") and hasattr(image.tag_v2, "offset") else 8
    entries = int.from_bytes(content[offset : offset + 2], "little")
    end = offset + 2 + 12 * entries
    content[end : end + 4] = offset.to_bytes(4, "little")
    assert len(pages(bytes(content))) == 1
