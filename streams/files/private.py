"""Files that hold secrets: their owner alone may read them, and they are never shown."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from streams.files.doors import STANDARD, opened
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from pathlib import Path

ONLY_OWNER: Final = 0o600
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def private_bytes(path: str, option: str) -> bytes:
    """Return what a file holds; UnusableError if others may read it, or if it is standard input."""
    if path == STANDARD:
        raise UnusableError(option, "", "expected a file: keys are not read from standard input")
    with opened(path) as stream:
        if os.fstat(stream.fileno()).st_mode & _OTHERS:
            raise UnusableError(
                path, "", f"expected a file that its owner alone can read: run chmod 600 {path}"
            )
        try:
            return stream.read()
        except OSError as error:
            raise UnusableError(path, "", f"expected a readable file: {error.strerror}") from None


def write_private(path: Path, data: bytes) -> None:
    """Make a file that its owner alone can read; UnusableError if there is one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
        with open(handle, "wb") as stream:  # noqa: PTH123 - the handle was made with its mode
            stream.write(data)
            stream.flush()
            os.fsync(handle)
    except OSError as error:
        raise UnusableError(str(path), "", f"expected to make this file: {error.strerror}") from None
