"""Tables of text: columns aligned, numbers to the right."""

import unicodedata
from collections.abc import Sequence

from clew.base.words import figure

GAP = "  "


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under their headers; a column whose cells are all numbers (or missing) goes to the right."""
    right = [
        bool(rows) and all(isinstance(row[i], (int, float)) or row[i] is None for row in rows)
        for i in range(len(headers))
    ]
    return align(headers, [[cell_text(cell) for cell in row] for row in rows], right)


def align(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """The same for cells that are text already; `right` says which columns go to the right."""
    lines = [list(headers), *[list(row) for row in rows]]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(headers))]

    def written(line: Sequence[str]) -> str:
        cells = []
        for cell, width, to_right in zip(line, widths, right, strict=True):
            space = " " * (width - _width(cell))
            cells.append(space + cell if to_right else cell + space)
        return GAP.join(cells).rstrip()

    return "\n".join(written(line) for line in lines)


def cell_text(cell: object) -> str:
    """A cell as it is read: thousands with a comma, fractions with three digits, a dash for nothing."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return figure(cell)
    return str(cell).replace("\n", " ")


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
