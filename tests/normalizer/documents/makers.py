"""Documents made for tests: PDFs with a text layer in any script, forms, bombs; office files by their own libraries."""

import ctypes
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
A4 = (595.0, 842.0)  # points


def text_pdf(
    *pages: Iterable[tuple[float, float, str]],
    rules: Sequence[tuple[float, float, float, float]] = (),
    size: float = 11,
) -> bytes:
    """Print words at (points from the left, points from the top, text) on pages, with lines between two points."""
    document = pypdfium2.PdfDocument.new()
    data = open(SANS, "rb").read()  # noqa: PTH123, SIM115
    buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
    font = pdfium.FPDFText_LoadFont(document, buffer, len(data), pdfium.FPDF_FONT_TRUETYPE, 1)
    for words in pages:
        page = document.new_page(*A4)
        for left, top, text in words:
            _print(document, page, font, size, left, A4[1] - top, text)
        for rule in rules:
            _rule(page, *rule)
        pdfium.FPDFPage_GenerateContent(page)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def letter_pdf(text: str, size: float = 11) -> bytes:
    """Print a letter line by line on one page."""
    return text_pdf([(60, 60 + 17 * number, line) for number, line in enumerate(text.split("\n")) if line], size=size)


def _print(
    document: pypdfium2.PdfDocument,
    page: pypdfium2.PdfPage,
    font: object,
    size: float,
    left: float,
    base: float,
    text: str,
) -> None:
    item = pdfium.FPDFPageObj_CreateTextObj(document, font, size)
    encoded = (text + "\0").encode("utf-16-le")
    pdfium.FPDFText_SetText(item, ctypes.cast(ctypes.c_char_p(encoded), ctypes.POINTER(ctypes.c_ushort)))
    pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, left, base)
    pdfium.FPDFPage_InsertObject(page, item)


def _rule(page: pypdfium2.PdfPage, left: float, top: float, right: float, bottom: float) -> None:
    path = pdfium.FPDFPageObj_CreateNewPath(left, A4[1] - top)
    pdfium.FPDFPath_LineTo(path, right, A4[1] - bottom)
    pdfium.FPDFPath_SetDrawMode(path, 0, 1)
    pdfium.FPDFPage_InsertObject(page, path)


def grid(lefts: Sequence[float], tops: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """Give the lines of a table."""
    across = [(lefts[0], top, lefts[-1], top) for top in tops]
    return across + [(left, tops[0], left, tops[-1]) for left in lefts]


def picture_pdf(*pages: Image.Image, dpi: float = 300) -> bytes:
    """Wrap pictures, one a page."""
    stored = io.BytesIO()
    first, *more = (page.copy() for page in pages)  # saving leaves marks on an image
    first.save(stored, "PDF", save_all=True, append_images=more, resolution=dpi)
    return stored.getvalue()


def tiff(*pages: Image.Image) -> bytes:
    """Store pages as a fax server or a scanner does."""
    stored = io.BytesIO()
    packed = "group4" if pages[0].mode == "1" else None
    dpi = pages[0].info.get("dpi", (300, 300))
    first, *more = (page.copy() for page in pages)  # saving leaves marks on an image
    first.save(stored, "TIFF", save_all=True, append_images=more, compression=packed, dpi=dpi)
    return stored.getvalue()


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Write a PDF of these objects; the first is the catalog."""
    out, places = b"%PDF-1.6\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + head + table + end


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object."""
    return b"<</Length %d%s>>stream\n" % (len(data), entries) + data + b"\nendstream"


def page_pdf(
    content: bytes, *more: bytes, resources: bytes = b"/Font<</F1 5 0 R>>", page: bytes = b"", catalog: bytes = b""
) -> bytes:
    """Write a PDF of one page with this content stream; `more` are objects from number 6 on."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>%s>>" % (resources, page),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    )


def said(text: bytes) -> bytes:
    """Write a content stream that prints one line."""
    return stream(b"BT /F1 12 Tf 60 700 Td (" + text + b") Tj ET")


def flate_bomb(millions: int, times: int = 1) -> bytes:
    """Write a content stream of so many million blanks, deflated `times` times."""
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(b" " * 1_000_000) for _ in range(millions)) + packing.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return stream(packed, b"/Filter[" + b"/FlateDecode" * times + b"]")


def laughing_forms(width: int, depth: int) -> bytes:
    """Write a page whose forms draw forms that draw forms: width ** depth drawings."""
    forms = [
        stream(
            b"/X Do " * width,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
        for number in range(6, 6 + depth)
    ]
    last = stream(b"BT /F1 9 Tf (a) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return page_pdf(stream(b"/X Do"), *forms, last, resources=b"/XObject<</X 6 0 R>>")


def bundle(**files: bytes) -> bytes:
    """Make the letter of several files that a door of ours makes."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stored.getvalue()


def repacked(content: bytes, **changed: bytes) -> bytes:
    """Give a ZIP with parts exchanged or added; `a__b` stands for `a/b`, the last `_` for the dot."""
    stored = io.BytesIO()
    names = {name.replace("__", "/")[::-1].replace("_", ".", 1)[::-1]: body for name, body in changed.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, body in names.items():
            new.writestr(name, body)
    return stored.getvalue()
