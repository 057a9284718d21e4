"""Any single change to any chains is found; what is erased or what retention takes is not (rule 17.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.people.audit.chain import Link, Text, extended
from streams.people.audit.heads import Head
from streams.people.audit.verify import Erased, Stood
from tests.people.looking import DAY, HOUR, NOW, PERSON, PHONE, chained, codes, head, lookup, salt
from tests.properties.seeds import HISTORIES, patient

if TYPE_CHECKING:
    from collections.abc import Callable

    Records = list[Stood]
    Change = Callable[[Records, Random], Records | None]

WRITERS = ("gate-1", "web-1", "web-2")


def history(random: Random, began: int) -> Records:
    """Return some writers' chains, mixed in two partitions, heads between, texts in a third."""
    records: Records = []
    for partition, writer in enumerate(WRITERS[: random.randint(1, 3)]):
        count = random.randint(1, 9)
        times = sorted(random.randrange(began, NOW) for _ in range(count))
        links, texts = chained(writer, *(lookup(at, random.choice((PHONE, PERSON))) for at in times))
        kept: list[Link | Text | Head] = []
        for link in links:
            kept += [link, head(link)] if link is links[-1] or random.random() < 0.3 else [link]
        if random.random() < 0.3:
            kept.pop()
        records += [Stood(partition % 2, 0, one) for one in kept]
        records += [Stood(2, 0, text) for text in texts]
    return records


def chosen(records: Records, random: Random, kind: type[Link | Text | Head]) -> int | None:
    places = [place for place, one in enumerate(records) if isinstance(one.what, kind)]
    return random.choice(places) if places else None


def with_what(records: Records, place: int, *what: Link | Text | Head | Erased) -> Records:
    before, one, after = records[:place], records[place], records[place + 1 :]
    return [*before, *(replace(one, what=other) for other in what), *after]


def covered(records: Records, link: Link) -> bool:
    """Say whether something remembers a link: a later one, or a head."""
    ends = [one.what.end for one in records if isinstance(one.what, Head)]
    later = [one.what for one in records if isinstance(one.what, Link) and one.what.writer == link.writer]
    sequences = [end.sequence for end in ends if end.writer == link.writer]
    return link.sequence < max([other.sequence for other in later] + sequences) or link.sequence in sequences


def a_link_is_changed(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Link)
    assert place is not None
    link = records[place].what
    assert isinstance(link, Link)
    changes: list[dict[str, object]] = [{name: salt(99)} for name in ("previous", "commitment", "hash")]
    changes += [{"at": link.at + 1}, {"previous_at": link.previous_at + 1}, {"sequence": link.sequence + 1}]
    changes += [{"writer": "nobody"}]
    changed = replace(link, **random.choice(changes))  # type: ignore[arg-type]
    if random.random() < 0.5 and covered(records, link) and changed.writer == link.writer:
        changed = replace(changed, hash=changed.computed())
    return None if changed == link else with_what(records, place, changed)


def a_link_is_gone(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Link)
    assert place is not None
    link = records[place].what
    assert isinstance(link, Link)
    if not covered(records, link):
        return None  # its text, were it not erased, tells; the chain cannot
    return with_what(records, place)


def a_link_is_marked_for_removal(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Link)
    assert place is not None
    link = records[place].what
    assert isinstance(link, Link)
    return with_what(records, place, link, Erased(link.writer, link.sequence, link=True))


def two_links_change_places(records: Records, random: Random) -> Records | None:
    one, other = chosen(records, random, Link), chosen(records, random, Link)
    assert one is not None
    assert other is not None
    a, b = records[one].what, records[other].what
    assert isinstance(a, Link)
    assert isinstance(b, Link)
    if a.writer != b.writer or a == b:
        return None
    return with_what(with_what(records, one, b), other, a)


def a_link_is_doubled_or_forked(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Link)
    assert place is not None
    link = records[place].what
    assert isinstance(link, Link)
    if random.random() < 0.5:
        return with_what(records, place, link, link)
    before = replace(link.end(), sequence=link.sequence - 1, hash=link.previous, at=link.previous_at)
    other, _ = extended(before, lookup(link.at, PERSON), salt(98))
    return with_what(records, place, *random.sample((link, other), 2))


def a_text_is_changed(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Text)
    assert place is not None
    text = records[place].what
    assert isinstance(text, Text)
    seen = text.lookup
    changed = random.choice(
        (
            replace(text, salt=salt(97)),
            replace(text, sequence=text.sequence + 100),
            replace(text, lookup=replace(seen, purpose="curiosity")),
            replace(text, lookup=replace(seen, at=seen.at + 1)),
            replace(text, lookup=replace(seen, ticket=None)),
            replace(text, lookup=replace(seen, shown=seen.shown[:1])),
            replace(text, lookup=replace(seen, shown=(), denied="wrong_role")),
            replace(text, lookup=replace(seen, actor=replace(seen.actor, id="li.na"))),
        )
    )
    return with_what(records, place, changed)


def a_head_is_changed(records: Records, random: Random) -> Records | None:
    place = chosen(records, random, Head)
    if place is None:
        return None
    found = records[place].what
    assert isinstance(found, Head)
    end = found.end
    changed = random.choice(
        (
            replace(found, signature=bytes(64)),
            replace(found, at=found.at + 1),
            replace(found, key=bytes(8)),
            replace(found, end=replace(end, hash=salt(96))),
            replace(found, end=replace(end, sequence=end.sequence + 1)),
            replace(found, end=replace(end, writer="nobody")),
            replace(found, end=replace(end, at=end.at + 1)),
        )
    )
    return with_what(records, place, changed)


CHANGES: tuple[Change, ...] = (
    a_link_is_changed,
    a_link_is_gone,
    a_link_is_marked_for_removal,
    two_links_change_places,
    a_link_is_doubled_or_forked,
    a_text_is_changed,
    a_head_is_changed,
)


@settings(patient, max_examples=max(HISTORIES // 8, 1))
@given(st.integers(0, 2**62))
def test_any_single_change_is_found(seed: int) -> None:
    found = changed(seed)
    assert found is None or codes(found[1]) != [], found[0]


def changed(seed: int) -> tuple[str, Records] | None:
    random = Random(seed)
    records, change = history(random, NOW - 20 * HOUR), random.choice(CHANGES)
    assert codes(records) == []
    after = change(records, random)
    return None if after is None else (change.__name__, after)


def test_every_kind_of_change_is_met() -> None:
    met = Counter(found[0] for seed in range(HISTORIES // 8) if (found := changed(seed)))
    assert min(met[change.__name__] for change in CHANGES) >= HISTORIES // 160


@settings(patient, max_examples=max(HISTORIES // 8, 1))
@given(st.integers(0, 2**62))
def test_what_is_erased_and_what_retention_takes_is_not_found(seed: int) -> None:
    random = Random(seed)
    records = with_daily_heads(history(random, NOW - 500 * DAY))
    old = NOW + HOUR - 400 * DAY
    since = {number: random.randrange(NOW - 500 * DAY, old) for number in range(3)}
    kept = [one for one in records if written(one.what) >= since[one.partition]]
    kept = [one for one in kept if not isinstance(one.what, Text) or random.random() < 0.7]
    for place, one in enumerate(kept):
        if isinstance(one.what, Text) and random.random() < 0.2:
            kept = with_what(kept, place, Erased(one.what.writer, one.what.sequence))
    assert codes(kept) == []


def with_daily_heads(records: Records) -> Records:
    """Return chains whose ends were signed lately, as they are each day."""
    ends: dict[str, tuple[int, Link]] = {}
    for one in records:
        if isinstance(one.what, Link):
            ends[one.what.writer] = (one.partition, one.what)
    return records + [Stood(partition, 0, head(link, NOW)) for partition, link in ends.values()]


def written(what: object) -> int:
    match what:
        case Text(lookup=seen):
            return seen.at
        case Link(at=at) | Head(at=at):
            return at
    raise AssertionError(what)
