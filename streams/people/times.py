"""Times as text: RFC 3339 in UTC, whole seconds, `Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def text(seconds: int) -> str:
    """Return unix seconds as RFC 3339 text."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z")
