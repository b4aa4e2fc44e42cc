"""Secrets are named in the wiring file, never written there."""

import os
from pathlib import Path

from msgspec import Struct


class Secret(Struct, frozen=True, forbid_unknown_fields=True):
    """A secret kept in a file (`file = "/run/secrets/x"`) or in the environment (`env = "NAME"`)."""

    file: str | None = None
    env: str | None = None

    def reveal(self) -> str:
        """Read the secret now, so that a rotated file is seen. Raises LookupError with the remedy."""
        if self.file is not None:
            try:
                return Path(self.file).read_text(encoding="utf-8").rstrip("\r\n")
            except OSError as error:
                raise LookupError(f"secret file {self.file} can't be read ({error.strerror}): create it") from error
            except UnicodeDecodeError:  # left out of the chain: it holds the bytes
                raise LookupError(f"secret file {self.file} is no UTF-8 text: write it anew") from None
        if self.env is not None and self.env in os.environ:
            return os.environ[self.env]
        raise LookupError(f"secret variable {self.env} is not set: export it" if self.env else "give file or env")
