"""Align and distribute: where blocks go, as pure functions over arrays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clew.gui.canvas.scene import Floats

Placing = Callable[[Floats, Floats], Floats]  # positions and sizes, float64 (n, 2), to positions


@dataclass(frozen=True)
class Alignment:
    """One way to bring order into some blocks, of which there must be `least`."""

    label: str
    place: Placing
    least: int = 2


def _aligned(axis: int, share: float) -> Placing:
    """All at one line of the box around them: its low edge (0), middle (0.5) or high edge (1)."""

    def place(position: Floats, size: Floats) -> Floats:
        low, high = position[:, axis].min(), (position + size)[:, axis].max()
        result = position.copy()
        result[:, axis] = low + (high - low) * share - size[:, axis] * share
        return result

    return place


def _distributed(axis: int) -> Placing:
    """Equal gaps between neighbours; the first and the last stay, unless they would overlap."""

    def place(position: Floats, size: Floats) -> Floats:
        order = np.argsort(position[:, axis] + size[:, axis] / 2, kind="stable")
        low, long = position[order, axis], size[order, axis]
        room = low[-1] + long[-1] - low[0] - long.sum()
        gap = max(room / (len(order) - 1), 0.0)
        result = position.copy()
        result[order, axis] = low[0] + np.concatenate([[0.0], np.cumsum(long[:-1] + gap)])
        return result

    return place


ALIGNMENTS: dict[str, Alignment] = {
    "align-left": Alignment("Align left", _aligned(0, 0.0)),
    "align-centre": Alignment("Align centres", _aligned(0, 0.5)),
    "align-right": Alignment("Align right", _aligned(0, 1.0)),
    "align-top": Alignment("Align top", _aligned(1, 0.0)),
    "align-middle": Alignment("Align middles", _aligned(1, 0.5)),
    "align-bottom": Alignment("Align bottom", _aligned(1, 1.0)),
    "distribute-across": Alignment("Distribute across", _distributed(0), 3),
    "distribute-down": Alignment("Distribute down", _distributed(1), 3),
}
