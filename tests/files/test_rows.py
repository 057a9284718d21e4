"""CSV as RFC 4180 has it, and what is done with what it has not."""

from __future__ import annotations

import io

import pytest

from streams.files.rows import SPAN, Row, rows_of


def rows(data: bytes) -> list[tuple[int, Row]]:
    return list(rows_of(io.BytesIO(data), "some.csv"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"a,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        (b"a,b\r\n1,2\r\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        (b"\xef\xbb\xbfa,b\n1,2", [(1, ["a", "b"]), (2, ["1", "2"])]),
        (b'\xef\xbb\xbf"a",b\n', [(1, ["a", "b"])]),
        (b'"a,b","say ""hm""",\n', [(1, ["a,b", 'say "hm"', ""])]),
        (b'a,"two\nlines",b\nc\n', [(1, ["a", "two\nlines", "b"]), (3, ["c"])]),
        (b'a,"two\r\nlines"\r\nc\r\n', [(1, ["a", "two\r\nlines"]), (3, ["c"])]),
        (b"a\n\n\r\nb\n\n", [(1, ["a"]), (4, ["b"])]),
        (b'5" wide,b\n', [(1, ['5" wide', "b"])]),
        (b"\xff,b\nc,d\n", [(1, ["�", "b"]), (2, ["c", "d"])]),
        ("海,鲜\n".encode(), [(1, ["海", "鲜"])]),
    ],
)
def test_rows_come_with_the_line_they_begin_on(data: bytes, expected: list[tuple[int, Row]]) -> None:
    assert rows(data) == expected


def test_a_quote_that_never_closes_costs_its_own_row_only() -> None:
    data = b'a,b\n"c,d\n' + b"e,f\n" * 3
    assert rows(data) == [(1, ["a", "b"]), (2, None), (3, ["e", "f"]), (4, ["e", "f"]), (5, ["e", "f"])]


def test_a_quote_that_never_closes_costs_its_own_row_only_in_a_long_file() -> None:
    after = 50_000
    found = rows(b'a,b\n"c,d\n' + b"eeee,ffff\n" * after)
    assert found[1] == (2, None)
    assert found[2:] == [(line, ["eeee", "ffff"]) for line in range(3, 3 + after)]


def test_a_quote_closed_by_the_next_row_s_stray_one_costs_both_and_no_third() -> None:
    assert rows(b'"a,b\n"c,d\ne,f\n') == [(1, None), (2, None), (3, ["e", "f"])]


def test_text_after_a_closing_quote_costs_its_own_row_only() -> None:
    assert rows(b'"a"b,c\nd,e\n') == [(1, None), (2, ["d", "e"])]


def test_quotes_that_open_in_every_line_are_read_a_bounded_way_ahead() -> None:
    many = 3 * SPAN
    found = rows(b'z",",q\n' * many)
    assert [number for number, _ in found] == list(range(1, many + 1))
    whole = b'"' + b"x\n" * (SPAN - 1) + b'x"\n'
    assert [row is None for _, row in rows(whole)] == [False]
    beyond = b'"' + b"x\n" * (SPAN + 1) + b'x"\n'
    assert rows(beyond)[0] == (1, None)
