"""A started process ends with the one that started it, however that one ends."""

from __future__ import annotations

import subprocess
from typing import Final

KILL: Final = 'read -r _; kill -9 "$1"'


class Watchdog:
    """Kills a process once whoever made this is gone, by kill -9, too, when nobody cleans up.

    A pipe tells it: the kernel closes the other end. PR_SET_PDEATHSIG is Linux's alone, and is sent when the
    *thread* that started the process ends.
    """

    def __init__(self, number: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a line of our own and a number
            ["/bin/sh", "-c", KILL, "sh", str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def off(self) -> None:
        """Watch no more; before the process is waited for, since its number may then be another's."""
        self._process.kill()
        self._process.communicate()
