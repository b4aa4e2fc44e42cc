"""Word's and OpenDocument's texts: paragraphs in order, tables as `label: value` lines."""

import io
from collections.abc import Iterator
from typing import Any, Final

from normalizer.readers.office_tables import table

_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says it a second time
_BREAKS: Final = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}
_CELLS: Final = frozenset({"table:table-cell", "table:covered-table-cell"})
_ROWS_WITHIN: Final = frozenset({"table:table-header-rows", "table:table-rows", "table:table-row-group"})
_SILENT: Final = frozenset({"office:annotation", "text:tracked-changes", "text:sequence-decls", "office:forms"})
_MOST_ROWS, _MOST_CELLS = 2_000, 100


def word(file: io.BytesIO) -> str:
    """Read a docx: also what stands in content controls, text boxes and accepted changes."""
    from docx.opc.package import OpcPackage
    from docx.oxml.parser import parse_xml

    document = parse_xml(OpcPackage.open(file).main_document_part.blob)  # one with macros is no Document to python-docx
    return "\n".join(_blocks(document.find(f"{_WORD}body")))


def _blocks(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_WORD}p":
            yield _paragraph(child)
        elif child.tag == f"{_WORD}tbl":
            rows = list(child.iterchildren(f"{_WORD}tr"))[:_MOST_ROWS]
            yield "\n" + table([_cells(row) for row in rows]) + "\n"
        elif child.tag in {f"{_WORD}sdt", f"{_WORD}sdtContent", f"{_WORD}customXml", f"{_WORD}ins"}:
            yield from _blocks(child)


def _cells(row: Any) -> list[str]:
    return ["\n".join(_blocks(cell)) for cell in list(row.iterdescendants(f"{_WORD}tc"))[:_MOST_CELLS]]


def _paragraph(element: Any) -> str:
    return "".join(_runs(element))


def _runs(element: Any) -> Iterator[str]:
    """Give the text below an element in order; depth is what the file's XML parser allows."""
    for child in element:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == f"{_WORD}txbxContent":
            yield "\n" + "\n".join(_blocks(child))
        elif child.tag != _FALLBACK and isinstance(child.tag, str):
            yield from _runs(child)


def open_document(file: io.BytesIO) -> str:
    """Read an odt or ods; rows and cells that the file only says to repeat are read once."""
    from odfdo import Document

    return "\n".join(_open_blocks(Document(file).body))


def _open_blocks(element: Any) -> Iterator[str]:
    for child in element.children:
        if child.tag in {"text:p", "text:h"}:
            yield child.text_recursive if "\n" in child.text_recursive else child.inner_text
        elif child.tag == "table:table":
            yield "\n" + table(list(_open_rows(child))) + "\n"
        elif child.tag not in _SILENT:
            yield from _open_blocks(child)


def _open_rows(element: Any) -> Iterator[list[str]]:
    for child in element.children[:_MOST_ROWS]:
        if child.tag == "table:table-row":
            cells = [cell for cell in child.children[:_MOST_CELLS] if cell.tag in _CELLS]
            yield ["\n".join(_open_blocks(cell)) for cell in cells]
        elif child.tag in _ROWS_WITHIN:
            yield from _open_rows(child)
