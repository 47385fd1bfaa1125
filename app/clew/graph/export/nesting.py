"""Which block stands in which frame, for formats that group."""

from dataclasses import dataclass

from clew.model.refs import BlockRef
from clew.model.view import Frame, GraphView


@dataclass(frozen=True)
class Nested:
    """A frame with what stands in it directly; `frame` is None for what stands in no frame."""

    frame: Frame | None
    refs: tuple[BlockRef, ...]
    inner: tuple["Nested", ...]


def nested(view: GraphView) -> Nested:
    """The frames of a view as a tree; each block and note stands in one place of it.

    A frame whose parent is not there, or would stand in itself, stands on the paper.
    """
    frames = {frame.id: frame for frame in view.frames}
    there = [block.ref for block in view.blocks] + [note.ref for note in view.notes]
    left = dict.fromkeys(there)
    held: dict[int, list[BlockRef]] = {}
    for frame in view.frames:
        held[frame.id] = [ref for ref in frame.members if ref in left]
        for ref in held[frame.id]:
            del left[ref]
    inside: dict[int | None, list[Frame]] = {}
    for frame in view.frames:
        inside.setdefault(_parent(frame, frames), []).append(frame)

    def tree(frame: Frame | None) -> Nested:
        key = frame.id if frame else None
        inner = tuple(part for f in inside.get(key, ()) if (part := tree(f)).refs or part.inner)
        return Nested(frame, tuple(held[frame.id] if frame else left), inner)

    return tree(None)


def _parent(frame: Frame, frames: dict[int, Frame]) -> int | None:
    seen, at = {frame.id}, frame.parent
    while at is not None:
        if at in seen or at not in frames:
            return None
        seen.add(at)
        at = frames[at].parent
    return frame.parent
