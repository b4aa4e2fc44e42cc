"""The audit log for supervisors."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
