"""The same things for programs: `/api/v1`, OpenAPI, errors as problem details (RFC 9457)."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/v1")
