"""Whether the first colours are back once a window is as long as before (rule 1.5), and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from streams.cli.demo._tally import Standing
    from streams.domain.records import ColourChanged


def compared(
    before: Mapping[bytes, Standing],
    after: Mapping[bytes, Standing],
    meanwhile: Iterable[ColourChanged],
    ours: Container[tuple[int, int | None]],
) -> str:
    """Compare what the phones stood at, colours and reasons alike, and return what came of it in words.

    `meanwhile` are the changes in between, `ours` the (partition, offset) of the policies' own records.
    """
    phones = before.keys() | after.keys()
    differ = {phone for phone in phones if before.get(phone) != after.get(phone)}
    if not differ:
        return (
            f"    the first colours are back: all {len(phones):,} phones stand as before, "
            "reason for reason (rule 1.5)"
        )
    others = {change.phone for change in meanwhile if (change.partition, change.offset) not in ours}
    excused = len(differ & others)
    same = len(phones) - len(differ)
    told = [f"    of {len(phones):,} phones {same:,} stand as before, {len(differ):,} do not:"]
    if excused:
        told.append(
            f"      {excused:,} had other causes meanwhile: sightings, time, or somebody else's publishing"
        )
    if unexcused := len(differ) - excused:
        told.append(f"      {unexcused:,} had no other cause: rule 1.5 does not hold, please report it")
    return "\n".join(told)
