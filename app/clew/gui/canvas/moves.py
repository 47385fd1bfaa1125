"""From rows that moved to an edit, and from an edit to rows; a folded frame takes its blocks along."""

from dataclasses import replace
from typing import Any

import numpy as np

from clew.graph.picture import begin_of
from clew.gui.canvas.scene import Floats, Ints, Scene
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, Note, Place, Value


def note_at(scene: Scene, row: int, place: Place | None = None) -> Note:
    """The note in a row, where it stands or at another place."""
    block = scene.blocks[row]
    x, y = place if place is not None else tuple(scene.position[row].tolist())
    return Note(block.ref.id, block.description, x, y, *scene.size[row].tolist())


def edit_of(scene: Scene, rows: Ints, before: Floats, after: Floats, verb: str) -> Edit | None:
    """The edit that moves rows; None if nothing moved.

    Args:
        scene: the rows, already where they go.
        rows: int64 (k,).
        before: where they stood, float64 (k, 2).
        after: where they stand.
        verb: the first word of its label, as "Move".
    """
    moved = np.flatnonzero((before != after).any(1))
    if not len(moved):
        return None
    was: dict[Any, Any] = {}
    now: dict[Any, Any] = {}
    for row, start, end in zip(rows[moved].tolist(), before[moved].tolist(), after[moved].tolist()):
        ref = scene.ref(row)
        if ref.kind is BlockKind.NOTE:
            was[ref], now[ref] = note_at(scene, row, tuple(start)), note_at(scene, row, tuple(end))
        elif ref.kind is BlockKind.FRAME:
            shift = end[0] - start[0], end[1] - start[1]
            hidden = scene.hidden.get(ref, {})
            was |= hidden
            scene.hidden[ref] = {inner: shifted(place, shift) for inner, place in hidden.items()}
            now |= scene.hidden[ref]
        else:
            was[ref], now[ref] = tuple(start), tuple(end)
    first = scene.blocks[int(rows[moved[0]])]
    name = f"{len(moved):,} blocks" if len(moved) > 1 else first.title
    return Edit(f"{verb} {name}", was, now)


def shifted(place: Place | Note, shift: Place) -> Place | Note:
    """A place, or a note, somewhere else."""
    if isinstance(place, Note):
        return replace(place, x=place.x + shift[0], y=place.y + shift[1])
    return place[0] + shift[0], place[1] + shift[1]


def rows_of(scene: Scene, values: dict[BlockRef, Value]) -> tuple[Ints, Floats]:
    """The rows that values are about, and where they put them; what is folded moves its frame's block."""
    found: dict[int, Place] = {}
    folds: set[BlockRef] = set()
    for ref, value in values.items():
        fold = scene.inside.get(ref)
        if fold is not None and isinstance(value, tuple | Note):
            scene.hidden[fold][ref] = value
            folds.add(fold)
        elif ref in scene.row and isinstance(value, tuple | Note):
            found[scene.row[ref]] = value if isinstance(value, tuple) else (value.x, value.y)
    for fold in folds:
        place = begin_of(scene.hidden[fold])
        if place is not None and fold in scene.row:
            found[scene.row[fold]] = place
    rows = np.array(list(found), np.int64)
    return rows, np.array(list(found.values()), float).reshape(-1, 2)
