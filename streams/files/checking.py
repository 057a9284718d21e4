"""What `publish events --check` says of a file: rows, phones, span, and what would be left out and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.codecs.times import text

if TYPE_CHECKING:
    from streams.files.deadletters import Bury, Reason
    from streams.files.events import Event


@dataclass(slots=True)
class Checked:
    """Counts of a file's rows; of each reason how many rows and the first one's line."""

    good: int = 0
    phones: set[bytes] = field(default_factory=set)
    span: tuple[int, int] | None = None
    bad: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Count a row that would be sent; a phone counts once, also where it is sent under two pseudonyms."""
        self.good += 1
        self.phones.add(event.phones[-1])
        first, last = self.span or (event.seconds, event.seconds)
        self.span = min(first, event.seconds), max(last, event.seconds)

    def bury(self) -> Bury:
        """Return what counts the rows that would be left out."""

        def bury(reason: Reason, line: int) -> None:
            count, first = self.bad.get(reason, (0, line))
            self.bad[reason] = (count + 1, first)

        return bury

    @property
    def left_out(self) -> int:
        """Return how many rows would be left out."""
        return sum(count for count, _ in self.bad.values())

    def as_text(self) -> str:
        """Return the report as lines."""
        first, last = map(text, self.span) if self.span is not None else ("-", "-")
        rows = [
            ("rows", str(self.good + self.left_out)),
            ("good", str(self.good)),
            ("left out", str(self.left_out)),
            *((f"  {reason}", f"{count}, first at line {line}") for reason, (count, line) in self._bad()),
            ("phones", str(len(self.phones))),
            ("first seen", first),
            ("last seen", last),
        ]
        return "\n".join(f"{name:<17}{value}" for name, value in rows)

    def as_json(self) -> str:
        """Return the report as one line of JSON."""
        first, last = map(text, self.span) if self.span is not None else (None, None)
        bad = {reason: {"rows": count, "first_line": line} for reason, (count, line) in self._bad()}
        return json.dumps(
            {
                "rows": self.good + self.left_out,
                "good": self.good,
                "left_out": bad,
                "phones": len(self.phones),
                "first_seen": first,
                "last_seen": last,
            }
        )

    def _bad(self) -> list[tuple[str, tuple[int, int]]]:
        return sorted(self.bad.items())
