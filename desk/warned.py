"""What people are warned of, for the page and the API alike; each may see what those before him may."""

from datetime import datetime

from msgspec import Struct

from desk.errors import Forbidden, NotThere
from desk.services import Services
from desk.visit import Visit
from records.clocks import Warned
from records.people import Role
from records.standing import Standing
from storage import audit, standings, warnings
from storage.database import Transaction


class WarningLine(Struct, frozen=True, kw_only=True):
    """One warning that nobody has dealt with."""

    warning: int  # its number, to deal with it
    role: Role  # who is warned
    at: datetime
    told: Warned
    standing: Standing


def roles(visit: Visit) -> tuple[Role, ...]:
    """Name the roles whose warnings somebody sees: his own and those before it."""
    return tuple(role for role in (Role.CLERK, Role.SENIOR, Role.SUPERVISOR) if visit.may(role))


def listed(wired: Services, visit: Visit, role: Role | None, limit: int) -> list[WarningLine]:
    """List the open warnings, the first due first; `role`: of that one only. Raises Forbidden."""
    wanted = roles(visit) if role is None else (role,)
    if role is not None and role not in roles(visit):
        raise Forbidden
    with wired.database.read() as tx:
        found = warnings.open_warnings(tx, wanted, limit)
        stood = {one.report: one for one in standings.these(tx, list({one.report for one in found}))}
    return [
        WarningLine(warning=one.warning, role=one.role, at=one.at, told=one.told, standing=stood[one.report])
        for one in found
        if one.report in stood
    ]


def deal(wired: Services, visit: Visit, warning: int) -> None:
    """Take a warning off the lists. Raises NotThere where it is on none of those that he sees."""
    at = wired.now()

    def work(tx: Transaction) -> int | None:
        report = warnings.dealt_with(tx, warning, roles(visit), visit.person.login, at)
        if report is not None:
            audit.note(tx, actor=visit.person.login, what="deal", at=at, report=report, peer=visit.peer)
        return report

    if wired.database.write(work) is None:
        raise NotThere
