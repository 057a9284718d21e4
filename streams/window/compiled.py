"""How code is compiled: once a machine and version of the code, kept in a cache.

Numba's own caches look at the file of the function called and not at those of the functions in it, and know a
file by its path. Ours has a folder for each state of a package's sources, wherever they lie: compiled code
calls no compiled code of another package (tests/contract holds that).
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

import numba
from numba.core.caching import UserProvidedCacheLocator

if TYPE_CHECKING:
    from collections.abc import Callable

config: Any = numba.config
F = TypeVar("F", bound="Callable[..., Any]")

ROOT: Final = __name__.partition(".")[0]
OTHERS: Final = (
    "UserProvidedCacheLocator,InTreeCacheLocator,UserWideCacheLocator,IPythonCacheLocator,ZipCacheLocator"
)


@cache
def digest(folder: Path) -> str:
    """Return what tells the sources of a folder, as they are when first asked for, from any others."""
    found = hashlib.sha256()
    for source in sorted(folder.glob("*.py")):
        found.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return found.hexdigest()[:16]


UNCALLED: Final[dict[str, Any]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""For what neither Python nor C calls: unpacking its arguments would be a third of all that is compiled."""


class Locator(UserProvidedCacheLocator):
    """Where machine code is kept: NUMBA_CACHE_DIR or the user's cache folder, by the state of the sources."""

    def __init__(self, function: Any, file: str) -> None:
        super().__init__(function, file)  # type: ignore[no-untyped-call]
        own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shendeng"
        self._sources = digest(Path(file).parent)
        self._cache_path = str(Path(config.CACHE_DIR or own) / self._sources)

    def get_source_stamp(self) -> str:
        """Return what a cached function is of."""
        return self._sources

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Locator | None:
        """Return a locator for a function of ours, None for any other, or with no folder to write."""
        if py_func.__module__.partition(".")[0] != ROOT:
            return None
        found = cls(py_func, py_file)
        try:
            found.ensure_cache_path()  # type: ignore[no-untyped-call]
        except OSError:
            return None
        return found


config.CACHE_LOCATOR_CLASSES = f"{__name__}.{Locator.__name__},{OTHERS}"


def options(function: Callable[..., Any]) -> dict[str, Any]:
    """Return how a function is compiled.

    The window's code makes no array, so it does not count who holds one: counting took a third of its time.
    """
    return {
        "nogil": True,
        "error_model": "numpy",
        "_nrt": not function.__module__.startswith(__name__.rpartition(".")[0]),
    }


def compiled(function: F) -> F:
    """Compile a function that only compiled functions call, as part of these."""
    return cast("F", numba.njit(**options(function) | UNCALLED)(function))


def leaf(function: F) -> F:
    """Compile a function into each compiled one that calls it.

    A call copies each word of each array in its arguments: some 200 ns where a World is among them, more than
    many a function's work.
    """
    return cast("F", numba.njit(**options(function) | UNCALLED, forceinline=True)(function))


def entry(function: F) -> F:
    """Compile a function that Python calls, and keep its machine code for later processes."""
    return cast("F", numba.njit(**options(function), cache=True)(function))


class direct(Generic[F]):  # noqa: N801 - used as a decorator
    """An entry whose arguments have always the types of its first call's; types that differ go unnoticed.

    Numba works out the types of named tuples and records at each call, which takes several times what
    unpacking them does: 27 against 2 us for 30 arrays.
    """

    def __init__(self, function: F) -> None:
        self.entry: Any = function
        self._code: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """Call the machine code."""
        if self._code is None:
            self._code = self.entry.compile(tuple(map(numba.typeof, arguments)))
        return self._code(*arguments)
