"""When the blocks of a scene were made: every distinct moment is one step of the time slider."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clew.gui.canvas.scene import KINDS, Ints, Mask, Scene
from clew.model.refs import BlockKind, BlockRef

MARKED = (BlockKind.VERSION, BlockKind.MODEL)


@dataclass(frozen=True)
class Moments:
    """The steps in time; worked out once for a scene, so that a step costs one comparison.

    Attributes:
        times: int64 (s,), distinct and sorted, microseconds since 1970.
        step: int64 (n,), from which step on each row is there, counted from 1; 0 has been there always.
        marks: int64 (k,), steps at which versions and models were made.
    """

    times: Ints
    step: Ints
    marks: Ints

    def __len__(self) -> int:
        return len(self.times)

    def later(self, step: int) -> Mask:
        """The rows that are not there yet at a step, bool (n,)."""
        result: Mask = self.step > step
        return result

    def at(self, step: int) -> int:
        """The moment of a step, microseconds since 1970."""
        return int(self.times[min(max(step, 1), len(self)) - 1])

    def last_before(self, moment: int) -> int:
        """The last step that is not after a moment; the first one if all are."""
        return max(1, int(np.searchsorted(self.times, moment, side="right")))


def moments(scene: Scene, made: Mapping[BlockRef, int]) -> Moments:
    """The steps of a scene.

    Args:
        scene: the blocks as drawn.
        made: when each block was made; a folded frame is there with the first one in it.
    """
    when = np.array([_made(scene, block.ref, made) for block in scene.blocks], np.int64)
    times, step = np.unique(when[when > 0]), np.zeros(len(when), np.int64)
    step[when > 0] = np.searchsorted(times, when[when > 0]) + 1
    marked = np.isin(scene.kind, [KINDS.index(kind) for kind in MARKED])
    return Moments(times, step, np.unique(step[marked & (step > 0)]))


def _made(scene: Scene, ref: BlockRef, made: Mapping[BlockRef, int]) -> int:
    if ref in scene.hidden:
        return min((made.get(inner, 0) or 1 << 62 for inner in scene.hidden[ref]), default=0) % (1 << 62)
    return made.get(ref, 0)
