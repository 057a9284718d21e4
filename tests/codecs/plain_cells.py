"""What an H3 cell is, by h3 itself."""

import h3.api.basic_int as h3


def is_cell(cell: int, resolution: int) -> bool:
    return cell > 0 and h3.is_valid_cell(cell) and h3.get_resolution(cell) == resolution
