"""The key file: the pseudonym keys of a deployment's carriers, read and never shown (rule 6.7).

```toml
[[epoch]]
number = 1
key = "…"      # 64 hex digits: 32 bytes
ending = true  # during a rotation, of the old one of two; otherwise absent

[[epoch]]
number = 2
key = "…"
```
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from streams.files.private import private_bytes, write_private
from streams.files.unusable import UnusableError
from streams.files.wiping import wipe
from streams.people.pseudonyms import EPOCHS, SECRET, Key, Keys, KeysError

ENTRIES: Final = {"number", "key", "ending"}
ROTATION: Final = 2
"""Epochs that stand in the file during a rotation."""
_KEY: Final = re.compile(rf"[0-9a-fA-F]{{{2 * SECRET}}}", re.ASCII)
_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


def keys_of(path: str) -> Keys:
    """Read the key file; UnusableError says what is wrong with it and shows nothing that stands in it."""
    epochs = _table(path).get("epoch")
    if not isinstance(epochs, list) or not 1 <= len(epochs) <= ROTATION:
        raise UnusableError(path, "", "expected one [[epoch]], or two of them during a rotation")
    found = [_epoch(path, place, entry) for place, entry in enumerate(epochs, 1)]
    ending = [key for key, is_ending in found if is_ending]
    current = [key for key, is_ending in found if not is_ending]
    if len(current) != 1:
        raise UnusableError(
            path, "", "expected `ending = true` in the old one of two epochs, and in it alone"
        )
    try:
        return Keys(current[0], ending[0] if ending else None)
    except KeysError as error:
        raise UnusableError(path, "", f"expected two epochs with a key each: {error}") from None


def write_key(path: str, key: Key) -> None:
    """Leave one epoch's key in the key file; the file that had others is written over and gone.

    A kill leaves one of the two, and beside it what the next run takes away.
    """
    file = Path(path)
    new, old = (file.with_name(f".{file.name}.{word}") for word in ("new", "old"))
    new.unlink(missing_ok=True)
    write_private(new, f'[[epoch]]\nnumber = {key.epoch}\nkey = "{key.secret.hex()}"\n'.encode())
    old.unlink(missing_ok=True)
    old.hardlink_to(file)
    new.replace(file)
    wipe(old)


def _table(path: str) -> dict[str, Any]:
    data = private_bytes(path, "--key-file")
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnusableError(path, "", "expected UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        raise UnusableError(path, f"line {line[1]}" if line else "its end", "expected TOML") from None
    if table.keys() - {"epoch"}:
        raise UnusableError(path, "", "expected nothing but [[epoch]]")
    return table


def _epoch(path: str, place: int, entry: object) -> tuple[Key, bool]:
    """Return an epoch's key, and whether it is ending."""
    where = f"epoch {place} of the file"
    if not isinstance(entry, dict) or entry.keys() - ENTRIES:
        raise UnusableError(path, where, "expected number, key and, in the old one of two, ending")
    number, text, ending = entry.get("number"), entry.get("key"), entry.get("ending", False)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < EPOCHS:
        raise UnusableError(path, f"{where}: number", f"expected a whole number from 0 to {EPOCHS - 1}")
    if not isinstance(text, str) or _KEY.fullmatch(text) is None:
        raise UnusableError(path, f"{where}: key", f"expected {2 * SECRET} hex digits")
    secret = bytes.fromhex(text)
    if len(set(secret)) == 1:
        raise UnusableError(path, f"{where}: key", "expected random bytes, found one byte again and again")
    if not isinstance(ending, bool):
        raise UnusableError(path, f"{where}: ending", "expected true or false")
    return Key(number, secret), ending
