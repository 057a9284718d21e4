"""How far a file of sightings is published, remembered beside it so that a killed run goes on there.

What is remembered may lag behind what is acknowledged, never run ahead: a sighting sent twice changes
nothing (rule 2.1), one not sent would be lost.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.files.doors import STANDARD
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD: Final = 1 << 16
"""Bytes of the file's beginning that tell it from another."""
LARGEST: Final = 4096
"""Bytes of a state file at most."""


def identity_of(path: str, more: Iterable[str]) -> str:
    """Return a digest of what must be the same for a run to go on: the file, where to, under which keys."""
    file = Path(path).resolve()
    try:
        with file.open("rb") as stream:
            found = os.fstat(stream.fileno())
            head = blake2b(stream.read(HEAD), digest_size=16).hexdigest()
    except OSError as error:
        raise UnusableError(path, "", f"expected a readable file: {error.strerror}") from None
    parts = [str(file), found.st_size, found.st_mtime_ns, head, *more]
    return blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


class Resume:
    """The state file of one run: `line` is the last one of which all before is acknowledged, 0 if none.

    `latest` is the last moment a sighting may be dated, as the first run took it: a run that goes on leaves
    out the same rows. The state of another run counts as none; a file that is no state is left as it is.
    """

    def __init__(self, path: Path, identity: str, latest: int) -> None:
        self._path, self._identity = path, identity
        # One name for every run, so that what a kill in mid-write leaves is taken away by the next.
        self._partial = path.parent / f".{path.name}.partial"
        self.line, self.latest = 0, latest
        found = self._read()
        if found is not None:
            self.line, self.latest = found
        self._write()

    def reached(self, line: int) -> None:
        """Remember that everything up to a line is acknowledged."""
        if line > self.line:
            self.line = line
            self._write()

    def done(self) -> None:
        """Forget the run: the file is published whole."""
        try:
            self._partial.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from None

    def _read(self) -> tuple[int, int] | None:
        try:
            with self._path.open("rb") as stream:
                text = stream.read(LARGEST)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from None
        if not text:
            return None
        found = _state_of(text)
        if found is None:
            raise UnusableError(
                str(self._path),
                "",
                "expected a state file of `publish`, or no file; remove it to begin anew",
            )
        identity, line, latest = found
        return (line, latest) if identity == self._identity else None

    def _write(self) -> None:
        state = {"identity": self._identity, "line": self.line, "latest": self.latest}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._partial.write_text(json.dumps(state), encoding="utf-8")
            self._partial.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                self._partial.unlink()
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> UnusableError:
        return UnusableError(
            str(self._path), "", f"expected a state file that can be written: {error.strerror}"
        )


def _state_of(text: bytes) -> tuple[str, int, int] | None:
    """Return what a state file says, None for a text that is none: it would be somebody's file."""
    try:
        state = json.loads(text)
        found = state["identity"], state["line"], state["latest"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if [type(value) for value in found] == [str, int, int] else None


def state_file(given: str | None, home: str, path: str, topic: str) -> Path | None:
    """Return where a run is remembered: as given, else under `home`; nowhere for standard input."""
    if path == STANDARD:
        if given is not None:
            raise UnusableError(
                "--state", "", "expected a file of sightings: standard input is not read twice"
            )
        return None
    if given is not None:
        return Path(given)
    name = blake2b(json.dumps([topic, str(Path(path).resolve())]).encode(), digest_size=8).hexdigest()
    return Path(home) / "publish" / f"{name}.json"
