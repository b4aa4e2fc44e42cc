"""The pages that people work in: one file a page, server-rendered; what a script adds, it adds to a page that stands."""

from fastapi import APIRouter

from desk.pages import assets, decisions, pictures, queue, report, review, search, senior, upload, walk_in


def routers() -> tuple[APIRouter, ...]:
    """Give the pages."""
    modules = (queue, review, decisions, pictures, report, senior, search, upload, walk_in, assets)
    return tuple(module.router for module in modules)
