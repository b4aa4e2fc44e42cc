"""Media types of the office files that are read."""

from typing import Final

_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."

WORD: Final = frozenset({f"{_OPEN_XML}wordprocessingml.document"})
SHEET: Final = frozenset({f"{_OPEN_XML}spreadsheetml.sheet"})
OPEN: Final = frozenset({f"{_OPEN_DOCUMENT}text", f"{_OPEN_DOCUMENT}spreadsheet"})
RICH: Final = frozenset({"application/rtf", "text/rtf"})
OFFICE: Final = WORD | SHEET | OPEN | RICH
#: Office files of older programs: told, kept, and not read.
OLD: Final = frozenset({"application/msword", "application/vnd.ms-excel", "application/x-ole-storage"})
