"""Pages through the real thing: encoded as they come, read in guarded children, as many at once as there are cores."""

import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from msgspec.structs import replace
from PIL import Image

from config.settings import Readers
from normalizer.guard import Guard
from normalizer.job import Job, Normalized
from tests.normalizer.test_guard import CONTEXT

TYPES = {"PNG": "image/png", "TIFF": "image/tiff", "JPEG": "image/jpeg"}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Store a picture as a file of this kind."""
    stored = io.BytesIO()
    image.save(stored, kind, **options)
    return stored.getvalue()


def faxed(*pages: Image.Image) -> bytes:
    """Store fax pages as one TIFF, as a fax server does."""
    return encoded(
        pages[0], "TIFF", compression="group4", dpi=pages[0].info["dpi"], save_all=True, append_images=pages[1:]
    )


def read_all(originals: Iterable[tuple[bytes, str]], language: str = "ru") -> list[Normalized]:
    """Read originals with their media types in paper children."""
    context = replace(CONTEXT, recognise=True, language=language)
    guard = Guard(Readers())
    try:
        with ThreadPoolExecutor(Readers().paper) as threads:
            return list(
                threads.map(
                    lambda one: guard.normalize(Job(content=one[0], media_type=one[1], context=context), niced=True),
                    originals,
                )
            )
    finally:
        guard.close()
