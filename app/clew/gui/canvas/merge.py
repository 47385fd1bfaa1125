"""From one graph view to the next: who keeps a place, who gets one, what has to be drawn anew."""

from dataclasses import dataclass, replace

import numpy as np

from clew.graph.layout.place import place_all
from clew.graph.picture import picture
from clew.graph.routing.grid import spread
from clew.graph.routing.route import Routes
from clew.gui.canvas.arrangement import arrangement
from clew.gui.canvas.scene import LINK_KINDS, NOTE_CODE, SPINE_CODE, Floats, Ints, Mask, Scene
from clew.model.refs import BlockRef
from clew.model.view import GraphView

_NOWHERE = (np.nan, np.nan)


@dataclass(frozen=True)
class Merge:
    """What `merge` found.

    Attributes:
        scene: the new scene, all blocks placed.
        given: places that were given just now and should be kept by the caller.
        fresh: blocks that were not shown before.
        changed: blocks whose content is different.
        dirty: rectangles to draw anew, float64 (k, 4), left top right bottom.
    """

    scene: Scene
    given: dict[BlockRef, tuple[float, float]]
    fresh: tuple[BlockRef, ...]
    changed: frozenset[BlockRef]
    dirty: Floats


def merge(old: Scene, view: GraphView) -> Merge:
    """Build the scene of `view`.

    A place in the view wins over the place on screen, that over a new one. With no place at all everything
    is laid out; otherwise newcomers stand beside their inputs and nothing else moves.

    Args:
        old: what is shown now.
        view: what to show.
    """
    kept = _kept(old, view)
    seen = picture(replace(view, positions={**kept, **view.positions}) if kept else view)
    view = seen.view
    was = _rows_before(old, view)
    place = np.array([view.positions.get(b.ref, _NOWHERE) for b in view.blocks], float).reshape(-1, 2)
    stays = np.isnan(place[:, 0]) & (was >= 0)
    place[stays] = old.position[was[stays]]
    scene = Scene(view.blocks, view.links, view.frames, place)
    scene.inside, scene.hidden = seen.inside, seen.hidden
    new = np.flatnonzero(np.isnan(place[:, 0]))
    given: dict[BlockRef, tuple[float, float]] = {}
    if len(new):
        nobody = len(new) == np.count_nonzero(scene.kind != NOTE_CODE)
        spots = _all(scene) if nobody else _beside(scene, new)
        scene.move(new, spots[new])
        given = {
            scene.ref(r): (float(x), float(y))
            for r, (x, y) in zip(new.tolist(), spots[new].tolist())
            if not scene.ref(r).kind.drawn
        }
    links = _links_before(old, scene, was)
    _keep_ways(old, scene, links)
    other = [r >= 0 and old.blocks[r] != b for r, b in zip(was.tolist(), view.blocks)]
    return Merge(
        scene,
        given,
        tuple(scene.ref(row) for row in np.flatnonzero(was < 0).tolist()),
        frozenset(scene.ref(row) for row in np.flatnonzero(other).tolist()),
        _dirty(old, scene, was, links, np.array(other, bool)),
    )


def _rows_before(old: Scene, view: GraphView) -> Ints:
    """The row that each block had, -1 for one that is new; int64 (n,)."""
    if not len(old):
        return np.full(len(view.blocks), -1)
    return np.array([old.row.get(block.ref, -1) for block in view.blocks], np.int64)


def _links_before(old: Scene, new: Scene, was: Ints) -> Ints:
    """The number that each link had, -1 for one that is new; int64 (m,)."""
    number = np.full(len(new.links), -1)
    if not len(old.links) or not len(number):
        return number
    source, target = was[new.source], was[new.target]
    known = np.flatnonzero((source >= 0) & (target >= 0))
    rows, kinds = len(old), len(LINK_KINDS)
    had = (old.source * rows + old.target) * kinds + old.link_kind
    has = ((source * rows + target) * kinds + new.link_kind)[known]
    order = np.argsort(had, kind="stable")
    at = np.minimum(np.searchsorted(had[order], has), len(had) - 1)
    same = had[order][at] == has
    number[known[same]] = order[at[same]]
    return number


def _kept(old: Scene, view: GraphView) -> dict[BlockRef, tuple[float, float]]:
    """Where blocks without a place in the view stand on screen, or in a folded frame there."""
    found: dict[BlockRef, tuple[float, float]] = {}
    for block in view.blocks if len(old) else ():
        if block.ref in view.positions:
            continue
        row, fold = old.row.get(block.ref), old.inside.get(block.ref)
        place = old.hidden.get(fold, {}).get(block.ref) if fold is not None else None
        if row is not None:
            x, y = old.position[row].tolist()
            found[block.ref] = (x, y)
        elif isinstance(place, tuple):
            found[block.ref] = place
    return found


def _all(scene: Scene) -> Floats:
    work = arrangement(scene)
    result = scene.position.copy()
    result[scene.rows(work.refs)] = work.places()
    return result


def _beside(scene: Scene, new: Ints) -> Floats:
    links = np.column_stack([scene.source, scene.target])
    spine = scene.link_kind == SPINE_CODE
    return np.round(
        place_all(scene.position, scene.size, new.tolist(), links[~spine], links[spine], frames=scene.framed)
    )


def _keep_ways(old: Scene, new: Scene, before: Ints) -> None:
    """Links that went around blocks go on doing so until ways are sought anew, if their ends stay."""
    now = np.flatnonzero(before >= 0)
    now = now[old.way_count[before[now]] > 0]
    now = now[(new.control[now] == old.control[before[now]]).all((1, 2))]
    if not len(now):
        return
    count = old.way_count[before[now]]
    _, at = spread(old.way_first[before[now]], count)
    routes = Routes(np.arange(len(now)), old.ways[at], np.concatenate([[0], np.cumsum(count)]))
    new.lead(now, routes)


def _dirty(old: Scene, new: Scene, was: Ints, links: Ints, other: Mask) -> Floats:
    """Rectangles around all that came, went, moved or looks different."""
    if not len(old):
        return np.zeros((0, 4))  # all is drawn anew
    there = was >= 0
    moved = np.zeros(len(new), bool)
    moved[there] = (old.position[was[there]] != new.position[there]).any(1)
    moved |= other
    gone = np.delete(np.arange(len(old)), was[there])
    rects = [
        old.touched(np.concatenate([was[moved], gone])),
        new.touched(np.flatnonzero(moved | ~there)),
        old.around_threads(np.delete(np.arange(len(old.links)), links[links >= 0])),
        new.around_threads(np.flatnonzero(links < 0)),
    ]
    if old.frames != new.frames:
        rects.extend([old.frame_rects(), new.frame_rects()])
    return np.concatenate(rects)
