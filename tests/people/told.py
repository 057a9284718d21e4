"""A file of scenarios as rows; a key stands once, and so does a name under its rule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableError(ValueError):
    """A file of scenarios says something twice."""


class _Strict(yaml.SafeLoader):
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        keys = Counter(key.value for key, _ in node.value)
        if max(keys.values(), default=1) > 1:
            raise UnreadableError(f"{node.start_mark}: a key stands twice")
        return dict(super().construct_mapping(node, deep))


def told(file: Path) -> list[dict[str, Any]]:
    rows = yaml.load(file.read_text(encoding="utf-8"), _Strict)  # noqa: S506 - a SafeLoader
    names = Counter((row["rule"], row["name"]) for row in rows)
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise UnreadableError(f"{file.name}: told twice: {twice}")
    return list(rows)
