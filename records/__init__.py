"""The hall: the nouns of the desk. Frozen types and pure functions; no I/O, no import of another room."""
