"""Which epoch a key names, and bindings that forget the other one (rules 6.7, 10.1)."""

from __future__ import annotations

import pytest

from streams.people.bindings import Binding
from streams.people.epochs import EpochsError, epoch_of, epochs_in, unlinked
from tests.scenarios.notation import phone

OLD, NEW = phone("a"), phone("a.2")
LI, LI_NEW = phone("li"), phone("li.2")


@pytest.mark.parametrize(
    ("key", "raw", "epoch"),
    [
        (OLD, True, 1),
        (OLD, False, None),
        (NEW.hex().encode(), True, 2),
        (f"{NEW.hex()}/decided-3".encode(), False, 2),
        (f"{LI.hex()}/{NEW.hex()}".encode(), False, 1),
        (f"proxy-{LI_NEW.hex()}/1".encode(), False, 2),
        (b"link/web-1/12345", False, None),
        (b"clock", True, None),
        (None, True, None),
    ],
)
def test_a_key_says_whose_it_is(key: bytes | None, raw: bool, epoch: int | None) -> None:  # noqa: FBT001 - a column of the table
    assert epoch_of(key, raw=raw) == epoch


@pytest.mark.parametrize(("text", "found"), [("", set()), ("1", {1}), (" 1, 255 ", {1, 255})])
def test_a_list_of_epochs_is_read(text: str, found: set[int]) -> None:
    assert epochs_in(text) == found


@pytest.mark.parametrize("text", ["256", "-1", "1,", "one", "²"])
def test_what_is_no_list_of_epochs_is_an_error(text: str) -> None:
    with pytest.raises(EpochsError):
        epochs_in(text)


def test_the_link_goes_with_the_old_epoch_and_the_holder_stays() -> None:
    both = Binding(NEW, 1, LI, "mobile", 0, other_phone=OLD, other_person=LI_NEW, check=7)
    assert unlinked(both, {1}) == Binding(NEW, 1, LI_NEW, "mobile", 0, check=7)
    assert unlinked(both, {3}) == both
    alone = Binding(NEW, 1, LI, "mobile", 0)
    assert unlinked(alone, {1}) == alone
