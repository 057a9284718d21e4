"""A signal stops the demo even where a library swallows the interrupt, and no second one disturbs the end."""

from __future__ import annotations

import os
import signal
from threading import Event

import pytest

from streams.cli.demo._stopping import interrupted_by_signals


def test_an_interrupt_that_is_swallowed_comes_again_until_it_is_noticed_and_then_no_more() -> None:
    never, before = Event(), signal.getsignal(signal.SIGTERM)
    with interrupted_by_signals() as noticed:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            never.wait(60)
        noticed()
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGTERM) == before
