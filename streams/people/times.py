"""Times as text: RFC 3339, printed in UTC, whole seconds, `Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def text(seconds: int) -> str:
    """Return unix seconds as RFC 3339 text."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat().replace("+00:00", "Z")


def seconds(text: str) -> int | None:
    """Return the unix seconds of an RFC 3339 time, None for what is none or has no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo is None else int(found.timestamp())
