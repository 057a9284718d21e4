"""How the demo is stopped: a signal interrupts it until it notices, and then nothing disturbs the end."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN_SECONDS: Final = 1.0


@contextmanager
def interrupted_by_signals() -> Iterator[Callable[[], None]]:
    """Raise KeyboardInterrupt at a signal, and each second again until what is yielded is called.

    Again, because kafka-python, where it connects, takes an interrupt for a failed connection and tries on.
    After the call signals are ignored: everything that was started is then taken away undisturbed.
    """
    before = {number: signal.getsignal(number) for number in (*SIGNALS, signal.SIGALRM)}

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS)
        raise KeyboardInterrupt

    def noticed() -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)

    for number in before:
        signal.signal(number, interrupt)
    try:
        yield noticed
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
