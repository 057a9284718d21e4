"""What the demo says: controls in words, how much is printed, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.cli.demo import _kept
from streams.cli.demo._controls import Effect
from streams.cli.demo._screen import A_SECOND, Screen
from streams.cli.demo._telling import Telling, changed
from streams.domain.policy import Policy
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished
from streams.kafka.errors import EngineError
from tests.demo.changes import change

if TYPE_CHECKING:
    from pathlib import Path


def square(version: int, half: float, *, withdrawn: bool = False) -> AreaPublished:
    ring = tuple((121 + x * half, 28 + y * half) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)))
    return AreaPublished(
        0, AreaVersion("fair", version, ((ring,),), 0, withdrawn=withdrawn, name="County fair")
    )


def test_an_area_is_published_amended_withdrawn_and_published_again() -> None:
    telling = Telling(Policy())
    told = [
        telling.what(one)
        for one in (square(1, 0.01), square(2, 0.02), square(3, 0.02, withdrawn=True), square(4, 0.01))
    ]
    assert told[0].startswith("area 'fair' version 1 published: County fair; ")
    assert told[1].startswith("area 'fair' version 2 amended: County fair; ")
    assert told[1].endswith(f", before it was {told[0].partition('; ')[2]}")
    assert told[2] == "area 'fair' version 3 withdrawn"
    assert told[3] == told[0].replace("version 1 published", "version 4 published again")
    assert telling.names() == {"fair": "County fair"}


def test_a_policy_is_told_by_what_differs_from_the_one_before() -> None:
    telling, seven = Telling(Policy()), Policy().thresholds() | {"window_days": 7}
    assert telling.what(PolicyPublished(0, 1, seven)) == "policy version 1: window_days 14 → 7"
    assert telling.what(PolicyPublished(0, 2, seven)) == "policy version 2: nothing is different"
    assert telling.what(PolicyPublished(0, 3, {"window_days": 14})) == "policy version 3: window_days 7 → 14"


def test_an_effect_is_told_by_colour_before_and_after_and_by_reason() -> None:
    effect = Effect()
    assert changed(effect) == ["    nobody's colour changed, nor the reasons behind it"]
    for one in (change(1, "red", "green"), change(2, "red", "green"), change(3, "red", "red")):
        effect.take(one)
    told = changed(effect)
    assert (len(told), told[0], told[-1]) == (4, "    3 phones changed:", "      because: STAYED 3")


def test_no_more_than_a_few_single_changes_a_second_are_printed_and_the_rest_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = [10.0]
    screen = Screen(lambda: now[0], terminal=False)
    for number in range(A_SECOND + 5):
        screen.one(f"line {number}")
    screen.status("never drawn where there is no terminal")
    now[0] += 1
    screen.pause()
    screen.one("the next second")
    told = capsys.readouterr().out.splitlines()
    assert told[:A_SECOND] == [f"line {number}" for number in range(A_SECOND)]
    assert told[A_SECOND:] == ["  … and 5 more", "the next second"]


def test_a_status_line_is_taken_away_before_a_line_that_stays(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(lambda: 0.0, terminal=True)
    screen.status("busy")
    screen.say("done")
    assert "done\n" in capsys.readouterr().out


def test_another_city_than_the_one_kept_is_refused_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "city.json"
    assert _kept.read(file) is None
    _kept.write(file, _kept.Kept(300, 1, 1000).a_day_more().a_step_more().a_step_more())
    kept = _kept.read(file)
    assert kept == _kept.Kept(300, 1, 1000, 1, 2)
    _kept.check(kept, file, 300, 1, "delete it")
    with pytest.raises(EngineError) as refused:
        _kept.check(kept, file, 301, 1, "delete it")
    assert str(refused.value) == (
        f"{file}: expected --phones 300 --seed 1, the city that is kept, found --phones 301 --seed 1: "
        "ask for that one, or delete it"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"phones": "x"}', '{"phones": null}'])
def test_a_kept_citys_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "city.json"
    file.write_text(text)
    with pytest.raises(EngineError, match="expected what a demo with --keep wrote"):
        _kept.read(file)
