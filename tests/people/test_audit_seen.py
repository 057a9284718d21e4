"""Rule 17.2: a subject reads who looked at them: roles and times at once, names after 30 days."""

from __future__ import annotations

from streams.people.actors import Actor, Role
from streams.people.audit.seen import Seen, seen_by
from tests.people.looking import DAY, NOW, OFFICER, PERSON, PHONE, lookup


def test_roles_and_times_are_told_at_once_and_names_only_after_thirty_days() -> None:
    [seen] = seen_by(PHONE, [lookup(NOW)], NOW + 30 * DAY - 1)
    assert seen == Seen(Role.OFFICER, NOW, allowed=True)
    [seen] = seen_by(PHONE, [lookup(NOW)], NOW + 30 * DAY)
    assert (seen.name, seen.office) == (OFFICER.id, OFFICER.office)


def test_a_look_that_was_denied_is_told_too() -> None:
    [seen] = seen_by(PHONE, [lookup(NOW, denied="wrong_role", shown=())], NOW)
    assert not seen.allowed


def test_the_latest_look_comes_first_and_nobody_elses_is_told() -> None:
    looks = [lookup(NOW), lookup(NOW + 2, PERSON), lookup(NOW + 1)]
    assert [seen.at for seen in seen_by(PHONE, looks, NOW)] == [NOW + 1, NOW]


def test_a_resident_who_looked_is_not_given_away_by_their_pseudonym() -> None:
    proxy = Actor("0123456789abcdef" * 2, Role.RESIDENT)
    [seen] = seen_by(PERSON, [lookup(NOW, PERSON, proxy)], NOW + 31 * DAY)
    assert seen.name == "01234567"


def test_what_was_asked_and_shown_is_no_part_of_it() -> None:
    [seen] = seen_by(PHONE, [lookup(NOW)], NOW + 31 * DAY)
    for secret in ("appeal", "T-17", "STAYED"):
        assert secret not in repr(seen)
