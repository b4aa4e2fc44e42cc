"""What the desk works with, handed in by whoever starts it; there are no globals."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from msgspec import Struct

from config.settings import Settings
from desk.passwords import Passwords
from records.arrival import Reception
from storage.database import Database
from storage.originals import Originals


class Picture(Protocol):
    """One page of an original as a picture."""

    @property
    def png(self) -> bytes:
        """The picture's bytes."""
        ...

    @property
    def media_type(self) -> str:
        """image/png or image/jpeg."""
        ...

    @property
    def width(self) -> int:
        """Pixels."""
        ...

    @property
    def height(self) -> int:
        """Pixels."""
        ...

    @property
    def pages(self) -> int:
        """Pages of the whole original."""
        ...


class Pictures(Protocol):
    """Makes pictures of pages, somewhere where hostile bytes do no harm."""

    def picture(
        self, content: bytes, media_type: str, page: int, *, rotation: int = 0, width: int | None = None,
        part: str | None = None,
    ) -> Picture:  # fmt: skip
        """Give page `page` (from 1), turned clockwise by `rotation`, scaled to `width` pixels.

        Of a mail `part` is the path of the part that is drawn, and `page` a page of that.

        Raises LookupError where there is no such page; any other exception: it can't be shown, with the reason.
        """
        ...


class Services(Struct, frozen=True, kw_only=True):
    """All that pages and API use."""

    settings: Settings
    database: Database
    originals: Originals | None
    reception: Reception
    pictures: Pictures
    now: Callable[[], datetime]  # aware
    ring: Callable[[], None]  # wakes the worker after a change
    passwords: Passwords


def services(request: Request) -> Services:
    """Give the services of the app that a request came to."""
    found: Services = request.app.state.services
    return found


#: For an endpoint's parameter.
Wired = Annotated[Services, Depends(services)]
