"""Times as text, for whoever has the codecs anyway; they are spelled in streams.people.times."""

from __future__ import annotations

from streams.people.times import text

__all__ = ["text"]
