"""The dispatch shelf: what must leave the house, one file per backend."""
