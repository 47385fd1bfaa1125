"""Run-length masks as COCO writes them: runs of 0 and 1 in turn, down the columns.

Source of both forms: `common/maskApi.c` of the COCO API (rleFrString, rleToBbox).
"""

from typing import Any

from clew.model.annotations import Box


def rle_box(raw: Any) -> Box | None:
    """The smallest box around a mask {"size": [height, width], "counts": list or text}; None when empty.

    Raises:
        ValueError: it is no mask.
    """
    try:
        height, width = (int(n) for n in raw["size"])
        counts = raw["counts"]
        runs = _unpack(counts) if isinstance(counts, str) else [int(n) for n in counts]
    except (KeyError, TypeError, IndexError, OverflowError) as error:
        raise ValueError("no run-length mask") from error
    if height <= 0 or width <= 0 or min(runs, default=0) < 0 or sum(runs) > height * width:
        raise ValueError("run lengths do not fit the size")
    import numpy as np

    ends = np.cumsum(np.asarray(runs, np.int64))
    starts = ends[0::2][: len(ends) // 2]
    stops = ends[1::2]
    filled = stops > starts
    starts, stops = starts[filled], stops[filled] - 1  # first and last pixel of each run of ones
    if not len(starts):
        return None
    left, right = int(starts.min()) // height, int(stops.max()) // height
    whole = starts // height != stops // height  # a run over a column's end touches top and bottom
    if whole.any():
        top, bottom = 0, height - 1
    else:
        top, bottom = int((starts % height).min()), int((stops % height).max())
    return (float(left), float(top), float(right - left + 1), float(bottom - top + 1))


def _unpack(text: str) -> list[int]:
    """Counts from text: five bits a character, lowest first; from the third on differences to two before."""
    runs: list[int] = []
    at = 0
    while at < len(text):
        value, shift, more = 0, 0, True
        while more:
            bits = ord(text[at]) - 48
            if not 0 <= bits < 64:
                raise ValueError("no run-length text")
            value |= (bits & 31) << shift
            more = bool(bits & 32)
            at += 1
            shift += 5
            if not more and bits & 16:
                value -= 1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    return runs
