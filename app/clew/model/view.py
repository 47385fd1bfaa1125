"""The graph as it is drawn: blocks, links, frames, positions. Coordinates are scene pixels at zoom 1."""

from dataclasses import dataclass, field
from enum import StrEnum

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


@dataclass(frozen=True)
class Preview:
    """One thumbnail: a file of a stored tree (`tree` set) with the path inside it."""

    tree: str
    path: str
    project_id: int


@dataclass(frozen=True)
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

    @property
    def tall(self) -> bool:
        """Whether the block has a strip of thumbnails (224 x 148 instead of 224 x 92)."""
        return bool(self.previews)


@dataclass(frozen=True)
class BlockLink:
    """One link as drawn; `id` is None for links that follow from the model (the spine)."""

    source: BlockRef
    target: BlockRef
    kind: LinkKind = LinkKind.DATA
    id: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Frame:
    """A named group of blocks, drawn as a sunken rectangle around its members."""

    id: int
    title: str
    members: tuple[BlockRef, ...]
    colour: str = ""


@dataclass(frozen=True)
class Scope:
    """What part of the workspace a graph shows."""

    kind: str = "workspace"  # "workspace", "project", "task"
    id: int = 0

    @property
    def key(self) -> str:
        return self.kind if self.kind == "workspace" else f"{self.kind}:{self.id}"


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


BLOCK_WIDTH = 224.0
BLOCK_HEIGHT = 92.0
TALL_BLOCK_HEIGHT = 148.0


@dataclass(frozen=True)
class Edit:
    """One edit of a scope's picture that can be undone: positions before and after."""

    label: str  # "Move 3 blocks"
    before: dict[BlockRef, tuple[float, float] | None]
    after: dict[BlockRef, tuple[float, float] | None]


__all__ = [
    "BLOCK_HEIGHT",
    "BLOCK_WIDTH",
    "TALL_BLOCK_HEIGHT",
    "Block",
    "BlockKind",
    "BlockLink",
    "BlockRef",
    "BlockState",
    "Edit",
    "Frame",
    "GraphView",
    "LinkKind",
    "Preview",
    "Scope",
]
