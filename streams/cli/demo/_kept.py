"""What `--keep` must find again beside the topics: which city they are of, and how far its story was told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """A city's phones, seed and first midnight (unix seconds), and how far its story is told.

    `days` are those of the history that are published whole, `steps` those that are announced.
    """

    phones: int
    seed: int
    start: int
    days: int = 0
    steps: int = 0

    def a_day_more(self) -> Kept:
        """Return it with one more day published."""
        return replace(self, days=self.days + 1)

    def a_step_more(self) -> Kept:
        """Return it with one more step announced."""
        return replace(self, steps=self.steps + 1)


def read(file: Path) -> Kept | None:
    """Return what a file says, None where there is none; EngineError if it cannot be read."""
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        return Kept(**{name: int(fields[name]) for name in Kept.__slots__})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        raise EngineError(
            f"{file}: expected what a demo with --keep wrote: delete it to begin anew"
        ) from None


def write(file: Path, kept: Kept) -> None:
    """Write it whole or not at all."""
    partial = file.with_suffix(".new")
    partial.write_text(json.dumps(asdict(kept)) + "\n", encoding="utf-8")
    partial.replace(file)


def check(kept: Kept | None, file: Path, phones: int, seed: int, remedy: str) -> None:
    """Raise EngineError if another city is kept than the one asked for."""
    if kept is not None and (kept.phones, kept.seed) != (phones, seed):
        raise EngineError(
            f"{file}: expected --phones {kept.phones} --seed {kept.seed}, the city that is kept, found "
            f"--phones {phones} --seed {seed}: ask for that one, or {remedy}"
        )
