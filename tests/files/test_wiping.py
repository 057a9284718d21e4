"""What is deleted for good, and a key file that loses an epoch (rules 6.7, 19.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.files.keys import keys_of, write_key
from streams.files.private import write_private
from streams.files.unusable import UnusableError
from streams.files.wiping import remove, still_there, wipe

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = bytes(range(32)).hex(), bytes(range(32, 64)).hex()
BOTH = f'[[epoch]]\nnumber = 1\nkey = "{OLD}"\nending = true\n\n[[epoch]]\nnumber = 2\nkey = "{NEW}"\n'


def test_a_secret_is_written_over_before_it_goes(tmp_path: Path) -> None:
    secret, other = tmp_path / "secret", tmp_path / "other name of the same file"
    secret.write_bytes(b"secret")
    other.hardlink_to(secret)
    wipe(secret)
    wipe(secret)
    assert other.read_bytes() == bytes(6)
    assert still_there([secret, other]) == [str(other)]


def test_a_store_goes_with_all_in_it_and_a_link_goes_alone(tmp_path: Path) -> None:
    store, kept = tmp_path / "store", tmp_path / "kept"
    (store / "deep").mkdir(parents=True)
    (store / "deep" / "file").write_bytes(b"12345")
    kept.mkdir()
    (kept / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to(kept)
    assert remove(store) == f"{store}: 1 files, 5 bytes"
    remove(tmp_path / "link")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept"]
    assert (kept / "file").exists()
    with pytest.raises(UnusableError, match="expected a store"):
        remove(store)


def test_a_key_file_loses_an_epoch_and_keeps_the_other(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    write_private(file, BOTH.encode())
    current = keys_of(str(file)).current
    (tmp_path / ".keys.toml.new").write_text("left by a kill")
    write_key(str(file), current)
    assert keys_of(str(file)).all() == (current,)
    assert [path.name for path in tmp_path.iterdir()] == ["keys.toml"]
