"""What the hand wants done on the canvas, as values; the page turns each into an action of a service."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint

from clew.model.refs import BlockRef
from clew.model.view import BlockLink, Edit, Place


@dataclass(frozen=True)
class WriteNote:
    """Other words on a note, or a new note where `ref` is None; no words take it away."""

    ref: BlockRef | None
    text: str
    place: Place
    size: tuple[float, float]


@dataclass(frozen=True)
class Describe:
    """A description of a block."""

    ref: BlockRef
    text: str


@dataclass(frozen=True)
class MakeFrame:
    """A frame around blocks; its name is asked for when it is there."""

    refs: tuple[BlockRef, ...]


@dataclass(frozen=True)
class ChangeFrame:
    """Another name, colour or fold of a frame; what is None stays."""

    frame: int
    title: str | None = None
    colour: str | None = None
    folded: bool | None = None


@dataclass(frozen=True)
class PutInFrame:
    """Blocks into a frame, or out of the one they are in (`frame` is None); `move` took them there."""

    refs: tuple[BlockRef, ...]
    frame: int | None
    move: Edit | None = None


@dataclass(frozen=True)
class RemoveFrame:
    """No frame around these blocks any more."""

    frame: int


@dataclass(frozen=True)
class Pin:
    """Blocks that nothing shall move any more, or that may move again."""

    refs: tuple[BlockRef, ...]
    pinned: bool


@dataclass(frozen=True)
class RemoveLink:
    """A link taken away; only one that was drawn by hand can be."""

    link: BlockLink


@dataclass(frozen=True)
class RunWith:
    """An app run on a block that was dropped on one of its tasks or on its line in the side bar, or the other
    way round; on nothing yet where the app was dropped on empty paper.
    """

    ref: BlockRef | None
    app: str


@dataclass(frozen=True)
class Add:
    """A double click on empty paper: what can be put there."""

    at: QPoint  # on the screen


@dataclass(frozen=True)
class FrameMenu:
    """A right click on a frame."""

    frame: int
    at: QPoint


@dataclass(frozen=True)
class LinkMenu:
    """The menu of a link, by its place in the scene, wanted with the keyboard."""

    link: int
    at: QPoint


@dataclass(frozen=True)
class IntoFrame:
    """Blocks, or a frame, to be put into a frame that is still to be chosen."""

    refs: tuple[BlockRef, ...]
    at: QPoint


@dataclass(frozen=True)
class Say:
    """A sentence for the person: why nothing was done, or what comes next."""

    text: str


@dataclass(frozen=True)
class Copy:
    """The selection on the clipboard: as "picture", as "references", or as "both"."""

    what: str


@dataclass(frozen=True)
class NotNow:
    """Something was to be changed while the past is shown."""


@dataclass(frozen=True)
class GoThroughTime:
    """The time slider shown or put away, or (`play`) time going by or stopped."""

    play: bool = False


@dataclass(frozen=True)
class ShowOnly:
    """Only "these" that are selected, what leads "to" them, came "from" them, or lies "between" two."""

    way: str


@dataclass(frozen=True)
class ChooseWay:
    """Select what leads "to" the selection, or what came "from" it."""

    way: str
