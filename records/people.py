"""Who works at the desk."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """What somebody may do; each may all that those before him may."""

    CLERK = "clerk"  # completes and corrects records, uploads, keys in
    SENIOR = "senior"  # decides what clerks pass on, approves their orders
    SUPERVISOR = "supervisor"  # reads the audit log and the figures
    ADMIN = "admin"  # accounts

    def may(self, needed: "Role") -> bool:
        """Tell whether this role includes another."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Person(Struct, frozen=True, kw_only=True):
    """One account."""

    id: int
    login: str
    name: str
    role: Role
    language: str = "ru"  # of the pages
    active: bool = True
    created_at: datetime
