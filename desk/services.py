"""What the desk works with, handed in by whoever starts it; there are no globals."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from msgspec import Struct

from config.settings import Settings
from desk.passwords import Passwords
from records.arrival import Reception
from records.deliveries import Kind, Medium, Reply
from records.partner_template import Made, Wanted
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


class Drafts(Protocol):
    """Makes templates of partners' mail, somewhere where hostile bytes do no harm."""

    def make(self, wanted: Wanted) -> Made:
        """Look at mails; where something is said of them, make a template and show what it reads.

        Raises TryAgain where it can't now; any other exception: it can't be done with this mail.
        """
        ...


class Texts(Protocol):
    """The texts of automatic answers."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in."""
        ...

    def shipped(self, kind: Kind, language: str, medium: Medium) -> str:
        """Give the text that stands where nobody has written another."""
        ...

    def preview(self, reply: Reply, url: str) -> str:
        """Write a reply as its reader gets it; `url` stands for the page of the two links."""
        ...


class Services(Struct, frozen=True, kw_only=True):
    """All that pages and API use."""

    settings: Settings
    database: Database
    originals: Originals | None
    reception: Reception
    pictures: Pictures
    drafts: Drafts
    now: Callable[[], datetime]  # aware
    ring: Callable[[], None]  # wakes the worker after a change
    passwords: Passwords
    texts: Texts
    key: bytes  # of reply tokens


def services(request: Request) -> Services:
    """Give the services of the app that a request came to."""
    found: Services = request.app.state.services
    return found


#: For an endpoint's parameter.
Wired = Annotated[Services, Depends(services)]
