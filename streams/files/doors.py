"""Where bytes come in and go out: files and, named `-`, the standard streams."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD: Final = "-"


def opened(path: str) -> io.BufferedReader:
    """Return a file open for reading; UnusableError if it cannot be."""
    if path == STANDARD:
        if sys.stdin is None:
            raise UnusableError(path, "", "expected standard input, found it closed")
        stream: Any = sys.stdin.buffer
        return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        raise UnusableError(path, "", f"expected a readable file: {_cause(error)}") from None


def text_of(path: str) -> str:
    """Return a whole file's text, with or without a byte order mark; UnusableError if it is no UTF-8."""
    with opened(path) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnusableError(path, f"byte {error.start}", "expected UTF-8") from None
        except OSError as error:
            raise UnusableError(path, "", f"expected a readable file: {_cause(error)}") from None


def begins_with(stream: io.BufferedReader, path: str, magic: bytes) -> bool:
    """Say whether a stream just opened begins with `magic`, and leave it where it is."""
    try:
        return stream.peek(len(magic)).startswith(magic)
    except OSError as error:
        raise UnusableError(path, "", f"expected a readable file: {_cause(error)}") from None


def beside(path: str, name: str) -> str:
    """Return the path of a file named in another one: it stands in the same folder."""
    return name if path == STANDARD else str(Path(path).parent / name)


def same(one: str, other: str) -> bool:
    """Say whether two paths mean one file, whatever their spelling."""
    return one == other or (STANDARD not in (one, other) and os.path.realpath(one) == os.path.realpath(other))


@contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """Give a stream whose bytes stand at `path` only once the body has ended well.

    Standard output and devices get the bytes at once. UnusableError if nothing can be written there.
    """
    if path == STANDARD:
        if sys.stdout is None:
            raise UnusableError(path, "", "expected standard output, found it closed")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = Path(os.path.realpath(path))
    mode = _mode(path, final)
    if mode is not None and not stat.S_ISREG(mode):
        yield from _filled(path, final)
        return
    partial = final.with_name(f".{final.name}.{os.getpid()}.partial")
    try:
        yield from _filled(path, partial)
        if mode is not None:
            partial.chmod(stat.S_IMODE(mode))
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)


def _filled(path: str, file: Path) -> Iterator[BinaryIO]:
    """Give a stream into a file; UnusableError if what was written cannot be held, a full disk for one."""
    stream = _made(path, file)
    try:
        yield stream
    except BaseException:
        with suppress(OSError):
            stream.close()
        raise
    try:
        stream.close()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnusableError(path, "", f"expected a file that can be written: {_cause(error)}") from None


def _mode(path: str, final: Path) -> int | None:
    try:
        return final.stat().st_mode
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnusableError(path, "", f"expected a file that can be written: {_cause(error)}") from None


def _made(path: str, file: Path) -> BinaryIO:
    try:
        return file.open("wb")
    except OSError as error:
        raise UnusableError(path, "", f"expected a file that can be written: {_cause(error)}") from None


def _cause(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
