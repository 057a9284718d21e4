"""What a preview says is what then happens, and asking changes nothing (rules 6.1, 6.4, 6.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy, PolicyError, merged
from streams.domain.preview import Change, Proposed, counted, preview
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished, Record, Sightings
from tests.naive.derivation import behind
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import held, said, started, tell
from tests.properties.seeds import HISTORIES, hold, met, patient, seeded, seeds
from tests.properties.world import DAY, FAR, HOMES, NO_CELLS, PHONES, SHAPES, START, cell_at, thresholds

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from tests.properties.histories import History

some = settings(patient, max_examples=max(HISTORIES // 12, 1))
MAKERS: Final = (history, history, history, chain)
makers = st.sampled_from(MAKERS)


def area(fold: Fold, random: Random) -> AreaVersion:
    """A version of an area that stands, mostly a higher one, or of one that does not."""
    name = random.choice([*SHAPES, *SHAPES, "its own"])
    known = fold.versions.get(name)
    version = max((known.version if known else 0) + random.choice([1, 1, 1, 3, 0, -1]), 1)
    if random.random() < 0.2:
        return AreaVersion(name, version, (), 0, withdrawn=True)
    shape = random.choice([*SHAPES.get(name, HOMES), *SHAPES["a"], *SHAPES["é"]])
    shape = NO_CELLS if random.random() < 0.05 else shape
    since = random.choice([0, START, START + 2 * DAY])
    until = random.choice([None, None, since + START + DAY])
    return AreaVersion(name, version, shape, since, until, random.choice([0, 1, 2]))


def policy(fold: Fold, random: Random) -> Policy | None:
    """A whole policy that may come into force, mostly higher than the one that does."""
    old = fold.rules.policy
    chosen = thresholds(random, old.slot_minutes, fold.deployment.retention_days)
    few = [["window_days", "min_days"], ["jurisdiction"], ["dwell_mode"], ["jump_speed", "jump_min_km"]]
    named = random.choice([*few, list(chosen), list(chosen)])
    try:
        found = merged(old, max(old.version, 1), {name: chosen[name] for name in named}, fold.deployment)
    except PolicyError:
        return None
    return replace(found, version=max(old.version + random.choice([1, 1, 4, 0]), 0))


def proposed(fold: Fold, random: Random) -> Proposed:
    several = random.choice([0, 1, 1, 2])
    areas = {one.id: one for one in (area(fold, random) for _ in range(several))}
    return Proposed(areas, policy(fold, random) if not several or random.random() < 0.1 else None)


def records(plan: Proposed) -> list[Record]:
    found: list[Record] = [AreaPublished(0, one) for one in plan.areas.values()]
    if plan.policy is not None:
        found.append(PolicyPublished(0, plan.policy.version, plan.policy.thresholds()))
    return found


def as_previewed(past: History, random: Random, tally: Counter[str]) -> None:
    """Ask one fold, let the same happen to another; then go on with both."""
    until = max(random.randint(0, len(past.records)) for _ in range(2))
    asked, other = started(past), started(past)
    tell(asked, past.records[:until])
    tell(other, past.records[:until])
    plan = proposed(asked, random)
    changes = list(preview(asked, plan))
    before, before_of_all = said(other), held(other)
    assert said(asked) == before
    assert held(asked) == before_of_all
    events = tell(other, [(None, record) for record in records(plan)])
    after = said(other)
    assert {c.phone: (c.before, c.after, c.keys) for c in changes} == {
        name: (before[name][0], *after[name]) for name in after if after[name] != before[name]
    }
    if len(records(plan)) == 1:
        assert [(c.phone, c.after, set(c.keys)) for c in sorted(changes, key=lambda c: c.phone)] == [
            (event.phone, event.colour, set(behind(event.reasons))) for event in events
        ]
    alone = started(past)
    tell(alone, past.records[:until])
    assert tell(asked, past.records[until:]) == tell(alone, past.records[until:])
    tally.update(f"{change.before} to {change.after}" for change in changes)
    tally["a policy changes somebody"] += bool(changes) and plan.policy is not None
    tally["several areas"] += bool(changes) and len(plan.areas) > 1
    tally["withdrawn"] += bool(changes) and any(one.withdrawn for one in plan.areas.values())


@some
@given(seeds, makers)
def test_a_preview_says_who_would_change_and_changes_nothing(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(as_previewed, made_from(seeded(seed)), seed)


MUST_BE_MET: Final = (
    *("green to red", "green to yellow", "unknown to red", "unknown to yellow"),
    *("yellow to unknown", "yellow to red", "red to yellow", "yellow to green"),
    *("a policy changes somebody", "several areas", "withdrawn"),
)


def test_the_histories_of_previews_reach_what_they_speak_of() -> None:
    found = met(as_previewed, MAKERS, 1200)
    assert [what for what in MUST_BE_MET if found[what] < 2] == []


def test_a_fold_that_has_seen_nothing_has_nobody_to_change() -> None:
    past = history(seeded(1))
    assert list(preview(started(past), Proposed({"a": AreaVersion("a", 9, SHAPES["a"][0], 0)}))) == []


def test_a_speed_at_which_nobody_can_have_come_discounts_in_a_preview_too() -> None:
    old = Policy(version=1, slot_minutes=60, min_days=1)
    fold = Fold(Deployment(), old, [AreaVersion("a", 1, SHAPES["a"][0], 0)])
    slot = START // 3600
    seen = Sightings(START + 3600, [PHONES[0]] * 2, [cell_at(-3), FAR[0]], [slot, slot + 1], [False] * 2)
    assert [event.colour for event in fold.apply(seen, 0).changes] == ["yellow"]
    slower = Proposed({}, replace(old, version=2, jump_speed=2))
    assert [(c.before, c.after) for c in preview(fold, slower)] == [("yellow", "unknown")]


def test_changes_are_counted_by_colour_before_and_after() -> None:
    one, other = (Change(bytes([n]), "green", "red", frozenset()) for n in (1, 2))
    third = Change(bytes([3]), "red", "red", frozenset())
    assert counted([one, other, third]) == {("green", "red"): 2, ("red", "red"): 1}
