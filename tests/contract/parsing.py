"""Sources parsed, whatever else runs in the process."""

from __future__ import annotations

import ast
import gc


def parsed(text: str) -> ast.Module:
    """Parse a source with nothing collected meanwhile.

    Python before 3.11.8 counts how deep it is for all threads together; collecting lets others run, and if
    one of them parses, too, both counts are wrong: a SystemError (python/cpython, issue 106905).
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(text)
    finally:
        if collects:
            gc.enable()
