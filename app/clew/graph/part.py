"""Some blocks of a graph alone, as a graph of its own."""

from collections.abc import Collection
from dataclasses import replace

from clew.model.frames import frame_line
from clew.model.refs import BlockRef
from clew.model.view import GraphView


def part(view: GraphView, refs: Collection[BlockRef]) -> GraphView:
    """Blocks and notes with the links among them; a frame named in `refs` brings what stands in it.

    A frame is in the part when everything that stands in it is.
    """
    frames = {frame.id: frame for frame in view.frames}
    there = {block.ref for block in view.blocks} | {note.ref for note in view.notes}
    held: dict[int, set[BlockRef]] = {i: set() for i in frames}
    for frame in view.frames:
        for around in frame_line(frames, frame.id):
            held[around] |= there.intersection(frame.members)
    kept = there.intersection(refs)
    for frame in view.frames:
        if frame.ref in refs:
            kept |= held[frame.id]
    whole = {i for i, inside in held.items() if inside and inside <= kept}
    return replace(
        view,
        blocks=tuple(block for block in view.blocks if block.ref in kept),
        links=tuple(link for link in view.links if link.source in kept and link.target in kept),
        frames=tuple(
            frame if frame.parent in whole else replace(frame, parent=None)
            for frame in view.frames
            if frame.id in whole
        ),
        positions={ref: place for ref, place in view.positions.items() if ref in kept},
        notes=tuple(note for note in view.notes if note.ref in kept),
    )
