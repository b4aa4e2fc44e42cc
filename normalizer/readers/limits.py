"""How much of one mail is looked at. What lies beyond is kept in the original and marked for a person."""

from typing import Final

HEADER_BYTES: Final = 256_000  # of one header section
HEADER_LINES: Final = 1_000
FIELD_BYTES: Final = 100_000  # of one header field
DECODED_BYTES: Final = 16_000  # of one field whose encoded words are decoded
SUBJECT: Final = 500  # characters
REFERENCES: Final = 100
MAILBOXES: Final = 200
PARAMETERS: Final = 100
DEPTH: Final = 20  # multiparts and messages inside one another
PARTS: Final = 500
NAME: Final = 200  # characters of a file name
FALLBACK_BYTES: Final = 2_000_000  # of a structure too deep or too odd that is read as one text
HIDDEN: Final = 300  # characters of hidden text that are shown in a note
TNEF_ATTRIBUTES: Final = 10_000
TRIMMED: Final = 100_000  # characters of a text in which quotes and signatures are looked for
