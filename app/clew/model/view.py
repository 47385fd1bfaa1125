"""The graph as it is drawn: blocks, links, frames, notes, places. Coordinates are scene pixels at zoom 1."""

from dataclasses import dataclass, field
from enum import StrEnum

from clew.model.entities import Link
from clew.model.refs import BlockKind, BlockRef


class BlockState(StrEnum):
    SAVED = "saved"
    UNSAVED = "unsaved"  # dashed: an intermediate state, a model still in training
    RUNNING = "running"
    FAILED = "failed"
    DELETED = "deleted"  # hatched, titled "deleted"


class LinkKind(StrEnum):
    DATA = "data"  # left to right
    SPINE = "spine"  # from a version to the next of the same project, downwards
    HAND = "hand"  # drawn by a person


@dataclass(frozen=True, slots=True)
class Preview:
    """One thumbnail: a file of a stored tree (`tree` set) with the path inside it."""

    tree: str
    path: str
    project_id: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block as drawn: caption ("Project, version 2"), title, one fact at the left, up to two chips."""

    ref: BlockRef
    caption: str
    title: str
    fact: str = ""
    chips: tuple[str, ...] = ()
    state: BlockState = BlockState.SAVED
    previews: tuple[Preview, ...] = ()
    progress: float | None = None
    project_id: int | None = None
    task_kind: str = ""
    created_at: int = 0
    description: str = ""
    step: str = ""  # a second line at the left: what a running task is at
    left: str = ""  # how long it will still take: "about 2 min left"
    app: str = ""  # of a task: the slug of the app that it ran
    size: tuple[float, float] | None = None  # of a note; the others have the size of their kind
    colour: str = ""  # of a folded frame: its tint as #rrggbb
    person: str = ""  # who made it
    maker: str = ""  # the app that made it, or that it is a run of: its slug, or the name of a script
    pinned: bool = False  # to its place: no drag, alignment or arrangement moves it

    @property
    def tall(self) -> bool:
        """Whether the block has a strip of thumbnails (224 x 148 instead of 224 x 92)."""
        return bool(self.previews)


@dataclass(frozen=True, slots=True)
class BlockLink:
    """One link as drawn; `id` is None for links that follow from the model (the spine)."""

    source: BlockRef
    target: BlockRef
    kind: LinkKind = LinkKind.DATA
    id: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Frame:
    """A named group of blocks, drawn as a sunken rectangle around its members, or as one block when folded.

    Attributes:
        members: what stands in it directly: blocks and notes, not those of frames inside it.
        colour: its tint as "#rrggbb"; empty for the plain one.
        parent: the frame around it.
        folded: whether it is drawn as one block.
    """

    id: int
    title: str
    members: tuple[BlockRef, ...]
    colour: str = ""
    parent: int | None = None
    folded: bool = False

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.FRAME, self.id)


@dataclass(frozen=True)
class Note:
    """A paper card with a text; top left corner and size in scene pixels."""

    id: int
    text: str
    x: float
    y: float
    width: float
    height: float
    created_at: int = field(default=0, compare=False)  # no part of what an edit changes

    @property
    def ref(self) -> BlockRef:
        return BlockRef(BlockKind.NOTE, self.id)


@dataclass(frozen=True)
class Scope:
    """What part of the workspace a graph shows."""

    kind: str = "workspace"  # "workspace", "project", "task"
    id: int = 0

    @property
    def key(self) -> str:
        return self.kind if self.kind == "workspace" else f"{self.kind}:{self.id}"

    @staticmethod
    def parse(key: str) -> "Scope":
        """Read a key."""
        kind, _, number = key.partition(":")
        return Scope(kind, int(number or 0))


@dataclass(frozen=True)
class GraphView:
    """Everything the canvas needs; `positions` are top-left corners that the person or a layout gave."""

    scope: Scope
    title: str
    blocks: tuple[Block, ...]
    links: tuple[BlockLink, ...]
    frames: tuple[Frame, ...] = ()
    positions: dict[BlockRef, tuple[float, float]] = field(default_factory=dict)
    seq: int = 0  # change_log number it was read at
    notes: tuple[Note, ...] = ()


BLOCK_WIDTH = 224.0
BLOCK_HEIGHT = 92.0
TALL_BLOCK_HEIGHT = 148.0
FRAME_MARGIN = (22.0, 42.0, 22.0, 20.0)  # left, top (room for the name), right, bottom


@dataclass(frozen=True)
class TextOf:
    """Names the description of a block in an edit."""

    ref: BlockRef


@dataclass(frozen=True)
class LinkOf:
    """Names the link between two blocks in an edit."""

    source: BlockRef
    target: BlockRef


@dataclass(frozen=True)
class HintOf:
    """Names a hint in an edit; its value is "dismissed", or None while it is shown."""

    id: str


@dataclass(frozen=True)
class PinOf:
    """Names the pin of a block in an edit; its value is "pinned", or None where it has none."""

    ref: BlockRef


PINNED = "pinned"

Place = tuple[float, float]
Thing = BlockRef | TextOf | LinkOf | HintOf | PinOf
Value = Place | Frame | Note | str | Link
Values = dict[Thing, Value | None]


@dataclass(frozen=True)
class Edit:
    """One edit of a scope's picture that can be undone: what it touched, as it was and as it became.

    A block's reference names its place, a frame's or a note's the frame or the note itself, `TextOf` a
    description, `LinkOf` a link drawn by hand, `HintOf` a hint, `PinOf` a pin. None stands for what is not
    there.
    """

    label: str  # "Move 3 blocks"
    before: Values
    after: Values

    @property
    def only_places(self) -> bool:
        """Whether it moves blocks and notes and does nothing else."""
        return all(
            isinstance(value, tuple | Note) and isinstance(self.before[thing], tuple | Note)
            for thing, value in self.after.items()
        )

    @property
    def turned(self) -> "Edit":
        """The edit that takes this one back."""
        return Edit(self.label, self.after, self.before)


__all__ = [
    "BLOCK_HEIGHT",
    "BLOCK_WIDTH",
    "FRAME_MARGIN",
    "PINNED",
    "TALL_BLOCK_HEIGHT",
    "Block",
    "BlockKind",
    "BlockLink",
    "BlockRef",
    "BlockState",
    "Edit",
    "Frame",
    "GraphView",
    "HintOf",
    "LinkKind",
    "LinkOf",
    "Note",
    "PinOf",
    "Place",
    "Preview",
    "Scope",
    "TextOf",
    "Thing",
    "Value",
    "Values",
]
