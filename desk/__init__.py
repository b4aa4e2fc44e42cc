"""The window for people: sign-in, pages and API over the archive."""
