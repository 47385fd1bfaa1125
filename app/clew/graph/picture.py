"""The picture of a view: notes and folded frames become blocks, links into a fold end at its block."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from clew.base.words import count
from clew.model.entities import Link
from clew.model.frames import frame_line
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import (
    Block,
    BlockLink,
    BlockState,
    Frame,
    GraphView,
    LinkKind,
    LinkOf,
    Note,
    PinOf,
    Place,
    Value,
    Values,
)

HiddenPlaces = dict[BlockRef, Place | Note]


@dataclass(frozen=True)
class Picture:
    """What `picture` makes of a view.

    Attributes:
        view: blocks are those of the view that are not folded in, one for each folded frame, and one for each
            note (first, so that they lie under the others); its notes are empty, its frames those unfolded.
        inside: for each folded block, note and frame the folded frame that stands for it.
        hidden: for each folded frame where the blocks in it stand, and the notes in it.
    """

    view: GraphView
    inside: dict[BlockRef, BlockRef] = field(default_factory=dict)
    hidden: dict[BlockRef, HiddenPlaces] = field(default_factory=dict)


def picture(view: GraphView) -> Picture:
    """Fold what is folded. A folded frame stands where its blocks begin, so unfolding puts all back there."""
    if not view.frames and not view.notes:
        return Picture(view)
    frames = {frame.id: frame for frame in view.frames}
    lines = {i: frame_line(frames, i) for i in frames}
    outer = {
        i: max((j for j in lines[i] if frames[j].folded), key=lines[i].index, default=None) for i in frames
    }
    inside: dict[BlockRef, BlockRef] = {}
    for i, around in outer.items():
        if around is not None:
            inside.update(dict.fromkeys(frames[i].members, frames[around].ref))
            if i != around:
                inside[frames[i].ref] = frames[around].ref
    folds = [frames[i] for i, around in outer.items() if around == i]
    notes = {note.ref: note for note in view.notes}
    there = {block.ref: block for block in view.blocks}
    hidden = {f.ref: _hidden(view, notes, (r for r, to in inside.items() if to == f.ref)) for f in folds}
    blocks = [_note_block(note) for note in view.notes if note.ref not in inside]
    blocks += [block for block in view.blocks if block.ref not in inside]
    places = {ref: place for ref, place in view.positions.items() if ref not in inside}
    places |= {note.ref: (note.x, note.y) for note in view.notes if note.ref not in inside}
    shown: set[BlockRef] = set()
    for fold in folds:
        members = [there[ref] for ref, to in inside.items() if to == fold.ref and ref in there]
        if members or hidden[fold.ref]:
            blocks.append(_fold_block(fold, members))
            shown.add(fold.ref)
            if begin := begin_of(hidden[fold.ref]):
                places[fold.ref] = begin
    return Picture(
        replace(
            view,
            blocks=tuple(blocks),
            links=_links(view.links, inside),
            frames=tuple(
                _open(frames, frame, outer, shown) for frame in view.frames if outer[frame.id] is None
            ),
            positions=places,
            notes=(),
        ),
        inside,
        hidden,
    )


def with_values(view: GraphView, values: Values) -> GraphView:
    """The view as it is after frames, notes, places, pins and hand-made links became something else."""
    frames: dict[BlockRef, Value] = {frame.ref: frame for frame in view.frames}
    notes: dict[BlockRef, Value] = {note.ref: note for note in view.notes}
    places: dict[BlockRef, Value] = dict(view.positions)
    home = {BlockKind.FRAME: frames, BlockKind.NOTE: notes}
    links = list(view.links)
    pins = {thing.ref: value is not None for thing, value in values.items() if isinstance(thing, PinOf)}
    for thing, value in values.items():
        if isinstance(thing, BlockRef):
            known = home.get(thing.kind, places)
            known.pop(thing, None)
            if value is not None:
                known[thing] = value
        elif isinstance(thing, LinkOf):
            links = [x for x in links if x.kind is not LinkKind.HAND or LinkOf(x.source, x.target) != thing]
            if isinstance(value, Link):
                links.append(BlockLink(thing.source, thing.target, LinkKind.HAND, value.id, value.title))
    return replace(
        view,
        blocks=tuple(replace(b, pinned=pins[b.ref]) if b.ref in pins else b for b in view.blocks),
        links=tuple(links),
        frames=tuple(sorted((f for f in frames.values() if isinstance(f, Frame)), key=lambda f: f.id)),
        notes=tuple(sorted((n for n in notes.values() if isinstance(n, Note)), key=lambda n: n.id)),
        positions={ref: place for ref, place in places.items() if isinstance(place, tuple)},
    )


def _open(
    frames: dict[int, Frame], frame: Frame, outer: dict[int, int | None], shown: set[BlockRef]
) -> Frame:
    """An unfolded frame, with the folded ones that stand in it directly as members."""
    folded = tuple(
        other.ref
        for i, other in frames.items()
        if other.parent == frame.id and outer[i] == i and other.ref in shown
    )
    return replace(frame, members=(*frame.members, *folded)) if folded else frame


def _hidden(view: GraphView, notes: dict[BlockRef, Note], refs: Iterable[BlockRef]) -> HiddenPlaces:
    found: HiddenPlaces = {}
    for ref in refs:
        if ref in notes:
            found[ref] = notes[ref]
        elif ref in view.positions:
            found[ref] = view.positions[ref]
    return found


def begin_of(places: HiddenPlaces) -> Place | None:
    """The top left corner around some places; blocks decide, notes only where there are no blocks."""
    spots = [place for place in places.values() if isinstance(place, tuple)]
    spots = spots or [(note.x, note.y) for note in places.values() if isinstance(note, Note)]
    return (min(x for x, _ in spots), min(y for _, y in spots)) if spots else None


def _links(links: Iterable[BlockLink], inside: dict[BlockRef, BlockRef]) -> tuple[BlockLink, ...]:
    """The links of the picture: those that end in a fold end at its block, each pair of ends once."""
    found: dict[tuple[BlockRef, BlockRef, LinkKind], BlockLink] = {}
    for link in links:
        source, target = inside.get(link.source, link.source), inside.get(link.target, link.target)
        if (source, target) == (link.source, link.target):
            found[source, target, link.kind] = link
        elif source != target:  # a fold has no spine: what follows in time runs like data then
            kind = LinkKind.DATA if link.kind is LinkKind.SPINE else link.kind
            found.setdefault((source, target, kind), BlockLink(source, target, kind))
    return tuple(found.values())


def _note_block(note: Note) -> Block:
    lines = note.text.splitlines() or [""]
    return Block(note.ref, "Note", lines[0], description=note.text, size=(note.width, note.height))


_STATES = (BlockState.FAILED, BlockState.RUNNING)  # what must not be folded away unseen


def _fold_block(frame: Frame, members: list[Block]) -> Block:
    """One block for all of them, with their number, and how many failed or run."""
    chips = tuple(f"{n} {state.value}" for state in _STATES if (n := sum(b.state is state for b in members)))
    state = next((s for s in _STATES if any(b.state is s for b in members)), BlockState.SAVED)
    return Block(
        BlockRef(BlockKind.FRAME, frame.id),
        "Frame",
        frame.title,
        count(len(members), "block"),
        chips,
        state,
        colour=frame.colour,
    )
