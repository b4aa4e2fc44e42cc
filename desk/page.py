"""What every page needs: who asks, in which language, and how to show a template or go elsewhere.

An endpoint takes `page: Here` and gives `page.show("queue.html", here="queue", rows=…)`. Beside what
`desk.pages.rendering` gives every template, each gets: `person` (None before signing in), `csrf` (for
`<input type="hidden" name="csrf" value="{{ csrf }}">` and the script's header `X-CSRF-Token`), `now`, `path` (of this
page), `here` (the place in the menu), `notice` (a word carried over a redirect), `senior_role`, `supervisor_role`,
`admin_role`.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.pages.rendering import Rendering
from desk.services import Services, services
from desk.translation import LANGUAGES, Speech
from desk.visit import Anybody, Visit
from records.people import Role

LANGUAGE_COOKIE = "language"
_ROLES = {"senior_role": Role.SENIOR, "supervisor_role": Role.SUPERVISOR, "admin_role": Role.ADMIN}


class Page:
    """The page that is asked for."""

    def __init__(self, request: Request, wired: Services, visit: Visit | None) -> None:
        self.request, self.wired, self.visit = request, wired, visit
        self._rendering: Rendering = request.app.state.rendering
        self.language = _language(request, visit, wired.settings.desk.language)
        self.speech: Speech = self._rendering.speeches[self.language]

    def _(self, message: str) -> str:
        """Give a text in the page's language."""
        return self.speech.gettext(message)

    def in_language(self, language: str) -> "Page":
        """Give this page in another language than its visitor's browser wishes."""
        self.language, self.speech = language, self.speech_of(language)
        return self

    def speech_of(self, language: str) -> Speech:
        """Give another language than the page's own: a letter is written in its reader's."""
        return self._rendering.speeches[language]

    def show(self, template: str, code: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> Response:
        """Fill a template."""
        known = {
            "person": self.visit.person if self.visit else None, "csrf": self.visit.csrf if self.visit else "",
            "now": self.wired.now(), "path": self.request.url.path, "here": None,
            "notice": self.request.query_params.get("notice", "")[:40], **_ROLES,
        }  # fmt: skip
        text = self._rendering.html(self.language, template, {**known, **values})
        return HTMLResponse(text, code, {"content-language": self.language, **(headers or {})})

    def go(self, path: str, notice: str | None = None) -> Response:
        """Send the browser on to a path of ours after a form was taken; `notice` is a word that is told there."""
        more = f"{'&' if '?' in path else '?'}notice={quote(notice)}" if notice else ""
        return RedirectResponse(local(path) + more, 303)


def local(path: str) -> str:
    """Give the path where it leads within the desk, otherwise the desk's front: no link may send people elsewhere."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain else "/"


def _language(request: Request, visit: Visit | None, fallback: str) -> str:
    """The person's own; before signing in the browser's cookie, its wishes, or the desk's."""
    if visit is not None and visit.person.language in LANGUAGES:
        return visit.person.language
    wishes = request.headers.get("accept-language", "")[:200].split(",")
    wished = [wish.partition(";")[0].partition("-")[0].strip().lower() for wish in wishes]
    chosen = (request.cookies.get(LANGUAGE_COOKIE, ""), *wished, fallback)
    return next((one for one in chosen if one in LANGUAGES), "en")


def page(request: Request, wired: Annotated[Services, Depends(services)], visit: Anybody) -> Page:
    """Give the page of a request."""
    return Page(request, wired, visit)


#: For an endpoint's parameter.
Here = Annotated[Page, Depends(page)]
