"""How tests of documents ask for a reading."""

from datetime import UTC, datetime, timedelta

from normalizer.context import Context
from normalizer.job import Job, Normalized
from normalizer.normalize import normalize
from normalizer.readers import sniff
from records.record import OriginalRef

ARRIVED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def job(content: bytes, media_type: str | None = None, **circumstances: object) -> Job:
    """Give the job of an original; pages are recognised unless the circumstances say otherwise."""
    told = media_type or sniff(content, None)
    plain: dict[str, object] = {
        "id": None, "channel": "paper", "received_at": ARRIVED, "due_at": ARRIVED + timedelta(hours=2),
        "original": OriginalRef(media_type=told, size=len(content), sha256=""), "recognise": True,
        "own_addresses": ("support@isp.example",), "own_domains": ("isp.example",),
    }  # fmt: skip
    return Job(content=content, media_type=told, context=Context(**{**plain, **circumstances}))  # type: ignore[arg-type]


def read(content: bytes, media_type: str | None = None, **circumstances: object) -> Normalized:
    """Read an original in this process."""
    return normalize(job(content, media_type, **circumstances))
