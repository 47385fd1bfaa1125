"""The graph of a scope as a tree: projects, tasks, models, files, frames; each branch is made when wanted."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from clew.gui.words import block_words, project_name
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, Frame, GraphView

_OF_PROJECT = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE, BlockKind.DATASET, BlockKind.JOB)
_KIND_ORDER = {BlockKind.DATASET: 1, BlockKind.JOB: 2}
Name = str | BlockRef
Key = tuple[Name, ...]
Branch = Callable[[], "list[Line]"]


class Line(NamedTuple):
    """What stands in one line, before it has a place in the tree.

    Attributes:
        name: tells it from its neighbours, also when the tree is made anew.
        title: the words of a heading; a block says its own.
        ref: the block, or the project or frame that it stands for.
        branch: makes what is below; None for nothing.
        refs: the blocks that choosing it selects, when these are others than `ref`.
        total: how many are below a heading.
        own: a version or state below its own project, which need not say the project's name.
    """

    name: Name
    title: str = ""
    ref: BlockRef | None = None
    branch: Branch | None = None
    refs: tuple[BlockRef, ...] | None = None
    total: int = 0
    own: bool = False


@dataclass(slots=True)
class Node:
    """A line in its place; `below` is None until somebody asked for it."""

    number: int
    line: Line
    parent: int
    row: int
    below: list[int] | None = field(default=None)


class Tree:
    """Nodes by number; the roots are `kids(-1)`.

    Args:
        view: the graph.
        words: only what shows all of them, and what stands below that.
    """

    def __init__(self, view: GraphView, words: str = "") -> None:
        self.view = view
        self.blocks: dict[BlockRef, Block] = {block.ref: block for block in view.blocks}
        self.notes = {note.ref: note for note in view.notes}
        self.frames = {frame.ref: frame for frame in view.frames}
        self.nodes: list[Node] = []
        self._words = tuple(words.casefold().split())
        self._by_kind: dict[BlockKind, list[Block]] = defaultdict(list)
        self._projects: dict[int, list[Block]] = defaultdict(list)
        self._made: dict[BlockRef, list[BlockRef]] | None = None
        self._on_models: tuple[dict[BlockRef, list[BlockRef]], dict[BlockRef, BlockRef]] | None = None
        for block in view.blocks:
            if block.project_id is not None and block.ref.kind in _OF_PROJECT:
                self._projects[block.project_id].append(block)
            else:
                self._by_kind[block.ref.kind].append(block)
        self._roots: list[int] | None = None
        self._names: dict[int, dict[Name, int]] = {}

    def kids(self, number: int) -> list[int]:
        """The nodes below one, made now if nobody asked before."""
        if number < 0:
            if self._roots is None:
                self._roots = self._put(self._groups(), -1)
            return self._roots
        node = self.nodes[number]
        if node.below is None:
            node.below = self._put(node.line.branch() if node.line.branch else [], number)
        return node.below

    def has_kids(self, number: int) -> bool:
        """Whether there is anything below."""
        return bool(self.kids(-1)) if number < 0 else self.nodes[number].line.branch is not None

    def made(self, ref: BlockRef) -> list[BlockRef]:
        """What came out of a task; of a model the reports on it."""
        if ref.kind is BlockKind.MODEL:
            return self._reports()[0].get(ref, [])
        if self._made is None:
            self._made = defaultdict(list)
            for link in self.view.links:
                if link.source.kind is BlockKind.TASK and link.target in self.blocks:
                    self._made[link.source].append(link.target)
        return self._made.get(ref, [])

    def find(self, ref: BlockRef) -> int | None:
        """The first place of a block, of a project or of a frame; None if it has none."""
        return next((at for way in self._ways(ref) if (at := self.at(way)) is not None), None)

    def at(self, key: Key) -> int | None:
        """The node to which the names of lines lead, from the root down."""
        number = -1
        for name in key:
            found = self._named(number).get(name)
            if found is None:
                return None
            number = found
        return number

    def key(self, number: int) -> Key:
        """The names of the lines from the root down to a node: the same in a tree that is made anew."""
        found: list[Name] = []
        while number >= 0:
            node = self.nodes[number]
            found.append(node.line.name)
            number = node.parent
        return tuple(reversed(found))

    def _named(self, number: int) -> dict[Name, int]:
        """What is below a node by name."""
        if number not in self._names:
            self._names[number] = {self.nodes[n].line.name: n for n in self.kids(number)}
        return self._names[number]

    # --- how it is made ----------------------------------------------------------------------------

    def _put(self, lines: Iterable[Line], parent: int) -> list[int]:
        first = len(self.nodes)
        for row, line in enumerate(lines):
            self.nodes.append(Node(first + row, line, parent, row))
        return list(range(first, len(self.nodes)))

    def _reports(self) -> tuple[dict[BlockRef, list[BlockRef]], dict[BlockRef, BlockRef]]:
        """The reports on each model, and the model of each report: linked, or by the task that evaluated."""
        if self._on_models is None:
            on: dict[BlockRef, list[BlockRef]] = defaultdict(list)
            by_task: dict[BlockRef, list[BlockRef]] = defaultdict(list)
            for link in self.view.links:
                if link.target.kind is BlockKind.REPORT:
                    (by_task if link.source.kind is BlockKind.TASK else on)[link.source].append(link.target)
            for link in self.view.links:
                if link.source.kind is BlockKind.MODEL and link.target.kind is BlockKind.TASK:
                    on[link.source] += by_task.get(link.target, [])
            of = {report: model for model, reports in on.items() for report in reports}
            self._on_models = dict(on), of
        return self._on_models

    def _ways(self, ref: BlockRef) -> list[Key]:
        block = self.blocks.get(ref)
        if ref.kind is BlockKind.PROJECT:
            return [("projects", ref)]
        if block is not None and block.project_id is not None and ref.kind in _OF_PROJECT:
            return [("projects", BlockRef(BlockKind.PROJECT, block.project_id), ref)]
        if ref.kind is BlockKind.REPORT:
            model = self._reports()[1].get(ref)
            return [("reports", ref), *([("models", model, ref)] if model is not None else [])]
        if ref.kind is BlockKind.FRAME and ref in self.frames:
            line, frame = [ref], self.frames[ref]
            while frame.parent is not None:
                frame = self.frames[BlockRef(BlockKind.FRAME, frame.parent)]
                line.insert(0, frame.ref)
            return [("frames", *line)]
        return [(_GROUPS[ref.kind], ref)] if ref.kind in _GROUPS else []

    def _fits(self, text: str) -> bool:
        text = text.casefold()
        return all(word in text for word in self._words)

    def _fitting(self, blocks: Iterable[Block]) -> list[Block]:
        return [b for b in blocks if self._fits(block_words(b))] if self._words else list(blocks)

    def _groups(self) -> Iterable[Line]:
        """The headings that have something below; what it is, is made when one is unfolded."""
        lists: tuple[tuple[str, str, list[Block], bool], ...] = (
            ("tasks", "Tasks", self._fitting(self._by_kind[BlockKind.TASK]), True),
            ("models", "Models", self._fitting(self._by_kind[BlockKind.MODEL]), False),
            ("reports", "Reports", self._loose_reports(), False),
            ("files", "Files", self._fitting(self._by_kind[BlockKind.FILE]), False),
        )
        drawn = (("frames", "Frames", self._frame_lines(None)), ("notes", "Notes", self._note_lines()))
        projects = self._project_lines()
        if projects:
            yield Line("projects", "Projects", branch=partial(list, projects), total=len(projects))
        for name, title, blocks, newest_first in lists:
            if blocks:
                branch = partial(self._lines, blocks, newest_first=newest_first)
                yield Line(name, title, branch=branch, total=len(blocks))
        for name, title, lines in drawn:
            if lines:
                yield Line(name, title, branch=partial(list, lines), total=len(lines))

    def _project_lines(self) -> list[Line]:
        found = []
        for project_id, blocks in self._projects.items():
            name = next((project_name(b) for b in blocks if b.ref.kind not in _KIND_ORDER), "Project")
            kept = blocks if self._words and self._fits(name) else self._fitting(blocks)
            if not kept:
                continue
            kept.sort(key=lambda b: (_KIND_ORDER.get(b.ref.kind, 0), b.created_at, b.ref.id))
            ref = BlockRef(BlockKind.PROJECT, project_id)
            parts = [b for b in kept if b.ref != ref]
            found.append(
                Line(
                    ref,
                    name,
                    ref,
                    partial(_own, parts) if parts else None,
                    tuple(b.ref for b in blocks if b.ref.kind not in _KIND_ORDER) or None,
                )
            )
        return sorted(found, key=lambda line: line.title.casefold())

    def _lines(self, blocks: list[Block], *, newest_first: bool) -> list[Line]:
        if newest_first:
            blocks.sort(key=lambda b: -b.created_at)
        else:
            blocks.sort(key=lambda b: (b.title.casefold(), b.created_at))
        return [self._line(block.ref) for block in blocks]

    def _line(self, ref: BlockRef) -> Line:
        opens = ref.kind in (BlockKind.TASK, BlockKind.MODEL)
        return Line(ref, ref=ref, branch=partial(self._out_of, ref) if opens and self.made(ref) else None)

    def _out_of(self, ref: BlockRef) -> list[Line]:
        return [self._leaf(made) for made in self.made(ref)]

    def _leaf(self, ref: BlockRef) -> Line:
        """Below a task its model shows the reports on it too."""
        return self._line(ref) if ref.kind is BlockKind.MODEL else Line(ref, ref=ref)

    def _loose_reports(self) -> list[Block]:
        """Reports that belong to no model of this graph; with words also those whose model does not fit."""
        reports = self._fitting(self._by_kind[BlockKind.REPORT])
        held = self._reports()[1] if reports else {}
        if self._words:
            fitting = {model.ref for model in self._fitting(self._by_kind[BlockKind.MODEL])}
            held = {report: model for report, model in held.items() if model in fitting}
        return [block for block in reports if block.ref not in held]

    def _frame_lines(self, parent: int | None) -> list[Line]:
        return [
            Line(
                frame.ref,
                frame.title or "Frame without a name",
                frame.ref,
                partial(self._in_frame, frame),
                total=len(frame.members),
            )
            for frame in self.view.frames
            if (self._fits(frame.title) if self._words and parent is None else frame.parent == parent)
        ]

    def _in_frame(self, frame: Frame) -> list[Line]:
        members = [ref for ref in frame.members if ref in self.blocks or ref in self.notes]
        return [*self._frame_lines(frame.id), *(self._leaf(ref) for ref in members)]

    def _note_lines(self) -> list[Line]:
        return [Line(n.ref, ref=n.ref) for n in self.view.notes if self._fits(n.text)]


def _own(blocks: list[Block]) -> list[Line]:
    return [Line(block.ref, ref=block.ref, own=True) for block in blocks]


_GROUPS = {
    BlockKind.TASK: "tasks",
    BlockKind.MODEL: "models",
    BlockKind.FILE: "files",
    BlockKind.NOTE: "notes",
}
