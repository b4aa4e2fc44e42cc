"""Accounts: the admin's page, and everybody's own."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
