"""All pages in one list."""

from fastapi import APIRouter

from desk.pages import assets, decisions, pictures, queue, report, review, search, senior, upload, walk_in


def routers() -> tuple[APIRouter, ...]:
    """Give the pages."""
    modules = (queue, review, decisions, pictures, report, senior, search, upload, walk_in, assets)
    return tuple(module.router for module in modules)
