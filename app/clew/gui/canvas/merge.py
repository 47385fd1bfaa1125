"""From one graph view to the next: who keeps a place, who gets one, what has to be drawn anew."""

from dataclasses import dataclass, replace

import numpy as np

from clew.graph.layout.place import place_all
from clew.graph.picture import picture
from clew.graph.routing.grid import spread
from clew.graph.routing.route import Routes
from clew.gui.canvas.arrangement import arrangement
from clew.gui.canvas.scene import NOTE_CODE, SPINE_CODE, Floats, Ints, Scene
from clew.model.refs import BlockRef
from clew.model.view import GraphView


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
    seen = picture(replace(view, positions={**_kept(old, view), **view.positions}))
    view = seen.view
    place = np.full((len(view.blocks), 2), np.nan)
    for i, block in enumerate(view.blocks):
        known = view.positions.get(block.ref)
        row = old.row.get(block.ref)
        if known is not None:
            place[i] = known
        elif row is not None:
            place[i] = old.position[row]
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
    _keep_ways(old, scene)
    fresh = tuple(b.ref for b in view.blocks if b.ref not in old.row)
    changed = frozenset(b.ref for b in view.blocks if b.ref in old.row and old.blocks[old.row[b.ref]] != b)
    return Merge(scene, given, fresh, changed, _dirty(old, scene, changed))


def _kept(old: Scene, view: GraphView) -> dict[BlockRef, tuple[float, float]]:
    """Where blocks without a place in the view stand on screen, or in a folded frame there."""
    found: dict[BlockRef, tuple[float, float]] = {}
    for block in view.blocks:
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
    return np.round(place_all(scene.position, scene.size, new.tolist(), links[~spine], links[spine]))


def _keep_ways(old: Scene, new: Scene) -> None:
    """Links that went around blocks go on doing so until ways are sought anew, if their ends stay."""
    was = {
        (old.links[i].source, old.links[i].target, old.links[i].kind): i
        for i in np.flatnonzero(old.way_count).tolist()
    }
    if not was:
        return
    pairs = [(i, was[key]) for i, e in enumerate(new.links) if (key := (e.source, e.target, e.kind)) in was]
    now, before = np.array(pairs, np.int64).reshape(-1, 2).T
    still = (new.control[now] == old.control[before]).all((1, 2))
    now, before = now[still], before[still]
    count = old.way_count[before]
    _, at = spread(old.way_first[before], count)
    routes = Routes(np.arange(len(now)), old.ways[at], np.concatenate([[0], np.cumsum(count)]))
    new.lead(now, routes)


def _dirty(old: Scene, new: Scene, changed: frozenset[BlockRef]) -> Floats:
    """Rectangles around all that came, went, moved or looks different."""
    before, after = [], []
    for ref, row in old.row.items():
        at = new.row.get(ref)
        if at is None or not np.array_equal(old.position[row], new.position[at]) or ref in changed:
            before.append(row)
            if at is not None:
                after.append(at)
    after.extend(row for ref, row in new.row.items() if ref not in old.row)
    rects = [old.touched(np.array(before, np.int64)), new.touched(np.array(after, np.int64))]
    was = {(e.source, e.target, e.kind): i for i, e in enumerate(old.links)}
    now = {(e.source, e.target, e.kind): i for i, e in enumerate(new.links)}
    for mine, other, scene in ((was, now, old), (now, was, new)):
        at_links = np.array([i for k, i in mine.items() if k not in other], np.int64)
        rects.append(scene.around_threads(at_links))
    if old.frames != new.frames:
        rects.extend([old.frame_rects(), new.frame_rects()])
    return np.concatenate(rects)
