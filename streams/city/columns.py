"""Columns: what the simulator passes around instead of objects, one value a row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.integer[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Mask: TypeAlias = "Bools | Ints"
"""What picks rows: a flag for each, or their numbers."""

C = TypeVar("C", "Seen", "Whereabouts")


@dataclass(frozen=True, slots=True)
class Seen:
    """Sightings: the phone's and the tower's numbers, and the unix second."""

    phone: Ints
    tower: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The truth: the phone's number, from, until (excluded, unix seconds) and metres on the plane."""

    phone: Ints
    start: Ints
    end: Ints
    xy: Floats


def picked(columns: C, rows: Mask) -> C:
    """Return some rows, in the order asked for."""
    return type(columns)(*(getattr(columns, field.name)[rows] for field in fields(columns)))


def joined(parts: Sequence[C]) -> C:
    """Return the rows of several one after the other; there must be at least one."""
    names = [field.name for field in fields(parts[0])]
    return type(parts[0])(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
