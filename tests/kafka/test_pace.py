"""No more than so many sightings a second, and no catching up after a stop."""

from __future__ import annotations

from streams.kafka.pace import Pace


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def test_a_limit_holds_in_every_second() -> None:
    time = Time()
    pace = Pace(100, lambda: time.now, time.sleep)
    moments = []
    for count in range(1, 1001):
        pace.wait(count)
        moments.append(time.now)
    assert abs(time.now - 10) < 0.001
    assert all(later - sooner >= 0.999 for sooner, later in zip(moments, moments[110:], strict=False))


def test_what_was_not_sent_during_a_stop_is_not_caught_up() -> None:
    time = Time()
    pace = Pace(100, lambda: time.now, time.sleep)
    pace.wait(50)
    time.now += 60
    begun = time.now
    for count in range(51, 251):
        pace.wait(count)
    assert time.now - begun > 1.8


def test_a_rate_of_one_and_no_rate_at_all() -> None:
    time = Time()
    for count in range(1, 4):
        Pace(None, lambda: time.now, time.sleep).wait(count * 1_000_000)
    assert time.now == 0
    pace = Pace(1, lambda: time.now, time.sleep)
    for count in range(1, 4):
        pace.wait(count)
    assert time.now == 3
