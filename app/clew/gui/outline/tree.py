"""The graph of a scope as a tree: projects, tasks, models, files, frames; each branch is made when wanted."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from clew.gui.words import block_words, project_name
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Block, Frame, GraphView, LinkKind

_OF_PROJECT = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE, BlockKind.DATASET, BlockKind.JOB)
_KIND_ORDER = {BlockKind.DATASET: 1, BlockKind.JOB: 2}
_NONE = -2
Branch = Callable[[], "list[Line]"]


@dataclass(frozen=True)
class Line:
    """What stands in one line, before it has a place in the tree.

    Attributes:
        name: tells it from its neighbours, also when the tree is made anew.
        title: the words of a heading; a block says its own.
        ref: the block, or the project or frame that it stands for.
        branch: makes what is below; None for nothing.
        refs: the blocks that choosing it selects, when these are others than `ref`.
        count: how many are below a heading.
        own: a version or state below its own project, which need not say the project's name.
    """

    name: str
    title: str = ""
    ref: BlockRef | None = None
    branch: Branch | None = None
    refs: tuple[BlockRef, ...] | None = None
    count: int = 0
    own: bool = False


@dataclass
class Node:
    """A line in its place; `below` is None until somebody asked for it."""

    number: int
    line: Line
    key: str
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
        self._model_of: dict[BlockRef, BlockRef] | None = None
        for block in view.blocks:
            if block.project_id is not None and block.ref.kind in _OF_PROJECT:
                self._projects[block.project_id].append(block)
            else:
                self._by_kind[block.ref.kind].append(block)
        self._roots: list[int] | None = None
        self._names: dict[int, dict[str, int]] = {}

    def kids(self, number: int) -> list[int]:
        """The nodes below one, made now if nobody asked before."""
        if number < 0:
            if self._roots is None:
                self._roots = self._put(self._groups(), -1, "")
            return self._roots
        node = self.nodes[number]
        if node.below is None:
            node.below = self._put(node.line.branch() if node.line.branch else [], number, node.key)
        return node.below

    def has_kids(self, number: int) -> bool:
        """Whether there is anything below; headings and projects always have something."""
        if number < 0:
            return bool(self.kids(-1))
        line = self.nodes[number].line
        if line.branch is None or line.ref is None or line.ref.kind in (BlockKind.PROJECT, BlockKind.FRAME):
            return line.branch is not None
        return bool(self.made(line.ref))

    def made(self, ref: BlockRef) -> list[BlockRef]:
        """What came out of a task; of a model the reports on it."""
        if self._made is None:
            self._made = defaultdict(list)
            for link in self.view.links:
                if link.kind is not LinkKind.SPINE and link.target in self.blocks:
                    self._made[link.source].append(link.target)
        out = self._made.get(ref, [])
        if ref.kind is not BlockKind.MODEL:
            return out
        by_tasks = (r for task in out if self._evaluates(task) for r in self._made.get(task, []))
        return list(dict.fromkeys(r for r in (*out, *by_tasks) if r.kind is BlockKind.REPORT))

    def find(self, ref: BlockRef) -> int | None:
        """The first place of a block, of a project or of a frame; None if it has none."""
        for way in self._ways(ref):
            at = -1
            for name in way:
                at = self._named(at).get(name, _NONE)
                if at == _NONE:
                    break
            else:
                return at
        return None

    def _named(self, number: int) -> dict[str, int]:
        """What is below a node by name."""
        if number not in self._names:
            self._names[number] = {self.nodes[n].line.name: n for n in self.kids(number)}
        return self._names[number]

    # --- how it is made ----------------------------------------------------------------------------

    def _put(self, lines: Iterable[Line], parent: int, key: str) -> list[int]:
        first = len(self.nodes)
        for row, line in enumerate(lines):
            self.nodes.append(Node(first + row, line, f"{key}/{line.name}", parent, row))
        return list(range(first, len(self.nodes)))

    def _evaluates(self, ref: BlockRef) -> bool:
        return ref.kind is BlockKind.TASK and self.blocks[ref].task_kind != "train"

    def _ways(self, ref: BlockRef) -> list[tuple[str, ...]]:
        name, block = str(ref), self.blocks.get(ref)
        if ref.kind is BlockKind.PROJECT:
            return [("projects", name)]
        if block is not None and block.project_id is not None and ref.kind in _OF_PROJECT:
            return [("projects", str(BlockRef(BlockKind.PROJECT, block.project_id)), name)]
        if ref.kind is BlockKind.REPORT:
            model = self._held().get(ref)
            return [("reports", name), *([("models", str(model), name)] if model is not None else [])]
        if ref.kind is BlockKind.FRAME and ref in self.frames:
            line, frame = [name], self.frames[ref]
            while frame.parent is not None:
                frame = self.frames[BlockRef(BlockKind.FRAME, frame.parent)]
                line.insert(0, str(frame.ref))
            return [("frames", *line)]
        if ref.kind is BlockKind.NOTE:
            return [("notes", name)]
        return [(_GROUPS[ref.kind], name)] if ref.kind in _GROUPS else []

    def _fits(self, text: str) -> bool:
        text = text.casefold()
        return all(word in text for word in self._words)

    def _fitting(self, blocks: Iterable[Block]) -> list[Block]:
        return [b for b in blocks if self._fits(block_words(b))] if self._words else list(blocks)

    def _groups(self) -> Iterable[Line]:
        groups = (
            ("projects", "Projects", self._project_lines()),
            ("tasks", "Tasks", self._lines(BlockKind.TASK, newest_first=True)),
            ("models", "Models", self._lines(BlockKind.MODEL)),
            ("reports", "Reports", self._loose_reports()),
            ("files", "Files", self._lines(BlockKind.FILE)),
            ("frames", "Frames", self._frame_lines(None)),
            ("notes", "Notes", self._note_lines()),
        )
        for name, title, lines in groups:
            if lines:
                yield Line(name, title, branch=partial(list, lines), count=len(lines))

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
                    str(ref),
                    name,
                    ref,
                    partial(_own, parts) if parts else None,
                    tuple(b.ref for b in blocks if b.ref.kind not in _KIND_ORDER) or None,
                )
            )
        return sorted(found, key=lambda line: line.title.casefold())

    def _lines(self, kind: BlockKind, *, newest_first: bool = False) -> list[Line]:
        blocks = self._fitting(self._by_kind[kind])
        if newest_first:
            blocks.sort(key=lambda b: -b.created_at)
        else:
            blocks.sort(key=lambda b: (b.title.casefold(), b.created_at))
        return [self._line(block.ref) for block in blocks]

    def _line(self, ref: BlockRef) -> Line:
        opens = ref.kind in (BlockKind.TASK, BlockKind.MODEL)
        return Line(str(ref), ref=ref, branch=partial(self._out_of, ref) if opens else None)

    def _out_of(self, ref: BlockRef) -> list[Line]:
        return [self._leaf(made) for made in self.made(ref)]

    def _leaf(self, ref: BlockRef) -> Line:
        """Below a task its model shows the reports on it too."""
        return self._line(ref) if ref.kind is BlockKind.MODEL else Line(str(ref), ref=ref)

    def _loose_reports(self) -> list[Line]:
        """Reports that belong to no model of this graph."""
        reports = self._fitting(self._by_kind[BlockKind.REPORT])
        if not reports:
            return []
        held = self._held()
        if self._words:  # what fits is shown even where its model does not
            fitting = {model.ref for model in self._fitting(self._by_kind[BlockKind.MODEL])}
            held = {report: model for report, model in held.items() if model in fitting}
        return [Line(str(b.ref), ref=b.ref) for b in reports if b.ref not in held]

    def _held(self) -> dict[BlockRef, BlockRef]:
        """The model that each report is on."""
        if self._model_of is None:
            models = self._by_kind[BlockKind.MODEL]
            self._model_of = {report: model.ref for model in models for report in self.made(model.ref)}
        return self._model_of

    def _frame_lines(self, parent: int | None) -> list[Line]:
        return [
            Line(
                str(frame.ref),
                frame.title or "Frame without a name",
                frame.ref,
                partial(self._in_frame, frame),
                count=len(frame.members),
            )
            for frame in self.view.frames
            if (self._fits(frame.title) if self._words and parent is None else frame.parent == parent)
        ]

    def _in_frame(self, frame: Frame) -> list[Line]:
        members = [ref for ref in frame.members if ref in self.blocks or ref in self.notes]
        return [*self._frame_lines(frame.id), *(self._leaf(ref) for ref in members)]

    def _note_lines(self) -> list[Line]:
        return [Line(str(n.ref), ref=n.ref) for n in self.view.notes if self._fits(n.text)]


def _own(blocks: list[Block]) -> list[Line]:
    return [Line(str(block.ref), ref=block.ref, own=True) for block in blocks]


_GROUPS = {BlockKind.TASK: "tasks", BlockKind.MODEL: "models", BlockKind.FILE: "files"}
