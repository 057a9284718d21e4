"""Files and folders that are to be gone for good: secrets written over first, stores taken away (19.1)."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def wipe(path: Path) -> None:
    """Write zeros over a file, then unlink it; nothing to do where there is none.

    What a disk keeps of it beneath (a journal, a snapshot, worn cells) is out of a program's reach.
    """
    try:
        with path.open("r+b") as stream:
            stream.write(bytes(os.fstat(stream.fileno()).st_size))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnusableError(str(path), "", f"expected a file to delete: {error.strerror}") from None


def remove(path: Path) -> str:
    """Take away a file or a folder with all in it; return what it was."""
    try:
        if path.is_dir() and not path.is_symlink():
            files = [inside for inside in path.rglob("*") if inside.is_file()]
            told = f"{path}: {len(files)} files, {sum(one.stat().st_size for one in files)} bytes"
            shutil.rmtree(path)
        else:
            told = f"{path}: 1 file, {path.stat().st_size} bytes"
            path.unlink()
    except OSError as error:
        raise UnusableError(str(path), "", f"expected a store to delete: {error.strerror}") from None
    return told


def still_there(paths: Iterable[Path]) -> list[str]:
    """Return those of some files and folders that are there."""
    return [str(path) for path in paths if path.exists()]
