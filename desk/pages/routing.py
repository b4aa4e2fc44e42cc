"""All pages in one list."""

from fastapi import APIRouter

from desk.pages import (
    assets,
    decisions,
    outages,
    outcomes,
    partners,
    pictures,
    quality,
    queue,
    report,
    review,
    search,
    senior,
    solved,
    texts,
    upload,
    walk_in,
    warnings,
)


def routers() -> tuple[APIRouter, ...]:
    """Give the pages."""
    modules = (
        queue, review, decisions, pictures, report, senior, partners, texts, outcomes, quality, solved, search, upload,
        walk_in, warnings, outages,
        assets,
    )  # fmt: skip
    return tuple(module.router for module in modules)
