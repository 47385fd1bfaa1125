"""Every key and every gesture of the window, in one table: shortcuts, menus, palette, tool tips and the
cheat sheet all read it, so that they cannot disagree.

A new shortcut is one row here, and a function under its name where it acts (`bind`, `bound`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

T = TypeVar("T")

EVERYWHERE, GRAPH, SEEING, EDITING, LISTS, DIALOGS = (
    "Everywhere",
    "Graph: choosing and opening",
    "Graph: moving the view",
    "Graph: editing",
    "Lists and tables",
    "Dialogs",
)
GROUPS = (EVERYWHERE, GRAPH, SEEING, EDITING, LISTS, DIALOGS)


@dataclass(frozen=True)
class Keys:
    """One row: what happens, and by which keys.

    `hand` is a gesture of the mouse in words, or keys that are no single sequence ("Shift+arrow keys"); it
    is shown and never bound.
    """

    name: str
    words: str
    keys: tuple[str, ...]
    group: str
    hand: str = ""
    icon: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """All ways, as this system writes keys."""
        return (*(native(text) for text in self.keys), *((self.hand,) if self.hand else ()))


TABLE: tuple[Keys, ...] = (
    Keys("palette", "Command palette", ("Ctrl+K",), EVERYWHERE, icon="search"),
    Keys("cheat-sheet", "Keyboard shortcuts", ("?", "F1"), EVERYWHERE, icon="info"),
    Keys("next-pane", "Next part of the window", ("F6",), EVERYWHERE, icon="arrow-right"),
    Keys("last-pane", "Previous part of the window", ("Shift+F6",), EVERYWHERE, icon="arrow-left"),
    Keys("back", "Go back", ("Alt+Left",), EVERYWHERE, "back button of the mouse", "arrow-left"),
    Keys("forward", "Go forward", ("Alt+Right",), EVERYWHERE, "forward button of the mouse", "arrow-right"),
    Keys("refresh", "Refresh", ("F5",), EVERYWHERE, icon="rotate-ccw"),
    Keys("import", "Import", ("Ctrl+I",), EVERYWHERE, "drop a folder on the window", "import"),
    Keys("new-workspace", "New workspace", ("Ctrl+N",), EVERYWHERE, icon="plus"),
    Keys("open-workspace", "Open workspace", ("Ctrl+O",), EVERYWHERE, icon="folder-open"),
    Keys("quit", "Close the window", ("Ctrl+Q",), EVERYWHERE, icon="x"),
    Keys("find", "Find a block", ("Ctrl+F",), GRAPH, icon="search"),
    Keys("find-next", "Go to the next block found", ("F3",), GRAPH, icon="arrow-down"),
    Keys("find-last", "Go to the previous block found", ("Shift+F3",), GRAPH, icon="arrow-up"),
    Keys("outline", "Show or hide the outline", ("Ctrl+B",), GRAPH, icon="list-tree"),
    Keys("walk", "Walk along the links", (), GRAPH, "arrow keys"),
    Keys("walk-add", "Walk, and add to the selection", (), GRAPH, "Shift+arrow keys"),
    Keys("next-thing", "Next block, note or frame", ("J",), GRAPH, icon="arrow-down"),
    Keys("last-thing", "Previous block, note or frame", ("Shift+J",), GRAPH, icon="arrow-up"),
    Keys("next-frame", "Next frame", ("G",), GRAPH, "click on its name", "group"),
    Keys("last-frame", "Previous frame", ("Shift+G",), GRAPH, icon="group"),
    Keys("next-note", "Next note", ("M",), GRAPH, icon="sticky-note"),
    Keys("last-note", "Previous note", ("Shift+M",), GRAPH, icon="sticky-note"),
    Keys("next-link", "Next link of the block", ("L",), GRAPH, "click on a link", "link"),
    Keys("last-link", "Previous link of the block", ("Shift+L",), GRAPH, icon="link"),
    Keys("along", "Go to the other end of the link", (), GRAPH, "Enter, with a link selected"),
    Keys("open", "Open", ("Return",), GRAPH, "double click", "eye"),
    Keys("menu", "Menu of the block", ("Menu", "Shift+F10"), GRAPH, "right click"),
    Keys("all", "Select all", ("Ctrl+A",), GRAPH, icon="check"),
    Keys("none", "Go back: call off a drag, show now, show all blocks, select nothing", ("Esc",), GRAPH),
    Keys("band", "Select a rectangle", (), GRAPH, "drag on empty paper; with Shift it adds"),
    Keys("made-from", "Select what it is made from", ("U",), GRAPH, icon="arrow-left"),
    Keys("depends", "Select what depends on this", ("D",), GRAPH, icon="arrow-right"),
    Keys("export", "Export graph", ("Ctrl+Shift+E",), GRAPH, icon="upload"),
    Keys("filter", "Filter blocks", ("Ctrl+Shift+F",), SEEING, icon="filter"),
    Keys("only-these", "Show only these", ("O",), SEEING, icon="eye"),
    Keys("only-to", "Show only what leads here", ("Shift+U",), SEEING, icon="arrow-left"),
    Keys("only-from", "Show only what came from it", ("Shift+D",), SEEING, icon="arrow-right"),
    Keys("only-between", "Show the way between two blocks", ("B",), SEEING, icon="spline"),
    Keys("time", "Time slider", ("T",), SEEING, icon="history"),
    Keys("play", "Play how it grew, or pause", ("Shift+T",), SEEING, icon="play"),
    Keys("fit-selection", "Fit the selection", ("F",), SEEING, icon="maximize"),
    Keys("fit", "Fit everything", ("Shift+F",), SEEING, icon="maximize"),
    Keys("zoom-in", "Zoom in", ("+", "Shift++"), SEEING, "Ctrl+wheel or pinch", "plus"),
    Keys("zoom-out", "Zoom out", ("-",), SEEING, "Ctrl+wheel or pinch", "search"),
    Keys("zoom-100", "Zoom to 100 %", ("0",), SEEING, icon="search"),
    Keys("pan", "Pan", (), SEEING, "middle drag, Space and drag, or wheel"),
    Keys("pan-up", "Move the view up", ("PgUp",), SEEING, icon="arrow-up"),
    Keys("pan-down", "Move the view down", ("PgDown",), SEEING, icon="arrow-down"),
    Keys("pan-left", "Move the view left", ("Shift+PgUp",), SEEING, icon="arrow-left"),
    Keys("pan-right", "Move the view right", ("Shift+PgDown",), SEEING, icon="arrow-right"),
    Keys("undo", "Undo", ("Ctrl+Z",), EDITING, icon="undo-2"),
    Keys("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), EDITING, icon="redo-2"),
    Keys("nudge", "Move the selection", (), EDITING, "Ctrl+arrow keys; with Shift by one pixel"),
    Keys("move", "Move one or many", (), EDITING, "drag"),
    Keys("free", "Move without snapping", (), EDITING, "hold Alt while dragging"),
    Keys("write", "Describe, rename or write", ("F2",), EDITING, icon="pencil"),
    Keys("note", "New note", ("N",), EDITING, "double click on empty paper", "sticky-note"),
    Keys("frame", "Frame the selection", ("Ctrl+J",), EDITING, icon="group"),
    Keys("fold", "Fold or unfold the frame", ("H",), EDITING, icon="chevrons-down-up"),
    Keys("into-frame", "Put into a frame", ("I",), EDITING, "drop on the frame", "group"),
    Keys("unframe", "Take out of the frame", ("Ctrl+Shift+J",), EDITING, icon="ungroup"),
    Keys("pin", "Pin or unpin", ("P",), EDITING, icon="pin"),
    Keys("copy", "Copy as picture and references", ("Ctrl+C",), EDITING, icon="copy"),
    Keys("copy-picture", "Copy as picture", ("Ctrl+Shift+C",), EDITING, icon="image"),
    Keys("copy-references", "Copy references", ("Ctrl+Alt+C",), EDITING, icon="link"),
    Keys("align-left", "Align left", ("Alt+A",), EDITING, icon="align-start-vertical"),
    Keys("align-centre", "Align centres", ("Alt+H",), EDITING, icon="align-center-vertical"),
    Keys("align-right", "Align right", ("Alt+D",), EDITING, icon="align-end-vertical"),
    Keys("align-top", "Align top", ("Alt+W",), EDITING, icon="align-start-horizontal"),
    Keys("align-middle", "Align middles", ("Alt+V",), EDITING, icon="align-center-horizontal"),
    Keys("align-bottom", "Align bottom", ("Alt+S",), EDITING, icon="align-end-horizontal"),
    Keys(
        "distribute-across",
        "Distribute across",
        ("Alt+Shift+H",),
        EDITING,
        icon="align-horizontal-space-between",
    ),
    Keys(
        "distribute-down", "Distribute down", ("Alt+Shift+V",), EDITING, icon="align-vertical-space-between"
    ),
    Keys("link", "Link to another block", ("C",), EDITING, "drag from port to port", "link"),
    Keys("link-from", "Link from another block", ("Shift+C",), EDITING, icon="link"),
    Keys("offer", "Run an app on the block", ("A",), EDITING, "drag from a port to empty paper", "play"),
    Keys(
        "give", "Run this app on a block", (), EDITING, "drop it on a task, or on an app at the left", "play"
    ),
    Keys("wider", "Make the note wider", (".",), EDITING, "drag its corner", "sticky-note"),
    Keys("narrower", "Make the note narrower", (",",), EDITING, icon="sticky-note"),
    Keys("delete", "Delete", ("Del", "Backspace"), EDITING, icon="trash-2"),
    Keys("filter-list", "Filter the list", ("Ctrl+F",), LISTS, icon="search"),
    Keys("open-row", "Open the row", ("Return",), LISTS, "double click"),
    Keys("menu-row", "Menu of the row", ("Menu", "Shift+F10"), LISTS, "right click"),
    Keys("show", "Show in graph", ("Ctrl+G",), LISTS, icon="workflow"),
    Keys("accept", "Do it", ("Return", "Ctrl+Return"), DIALOGS),
    Keys("reject", "Cancel", ("Esc",), DIALOGS),
    Keys("field", "Next field or button", ("Tab",), DIALOGS),
)

_BY_NAME = {row.name: row for row in TABLE}


def native(text: str) -> str:
    """Keys as this system writes them."""
    said = QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText)
    return {"Return": "Enter", "Ctrl+Return": "Ctrl+Enter", "Del": "Delete", "Shift++": "+"}.get(said, said)


def keys_of(name: str) -> Keys:
    """The row of a name."""
    return _BY_NAME[name]


def shown(name: str) -> str:
    """The first keys of a row, for a menu or the palette; empty for a name that has none."""
    row = _BY_NAME.get(name)
    return native(row.keys[0]) if row is not None and row.keys else ""


def tip(words: str, name: str) -> str:
    """A tool tip that ends with the keys: "Show everything (Shift+F)"."""
    keys = shown(name)
    return f"{words} ({keys})" if keys else words


def entry(words: str, name: str) -> str:
    """The text of a menu entry, with the keys in the column that menus have for them."""
    keys = shown(name)
    return f"{words}\t{keys}" if keys else words


def bind(
    widget: QWidget,
    acts: Mapping[str, Callable[[], object]],
    *,
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> None:
    """Let the keys of some rows act in a widget; each sequence once: twice the same would do nothing."""
    wanted = {text: run for name, run in acts.items() for text in keys_of(name).keys}
    for text, run in wanted.items():
        shortcut = QShortcut(QKeySequence(text), widget)
        shortcut.setContext(context)
        shortcut.activated.connect(run)


def bound(acts: Mapping[str, T]) -> dict[tuple[int, Qt.KeyboardModifier], T]:
    """The same for a widget that reads its keys itself: from key and modifiers to what acts."""
    found: dict[tuple[int, Qt.KeyboardModifier], T] = {}
    for name, run in acts.items():
        for text in keys_of(name).keys:
            pressed = QKeySequence(text)[0]  # type: ignore[index]  # PySide leaves it out of its stub
            found[int(pressed.key()), pressed.keyboardModifiers()] = run
    return found


def grouped(rows: Iterable[Keys] = TABLE) -> dict[str, list[Keys]]:
    """Rows by group, in the order of the groups."""
    found: dict[str, list[Keys]] = {group: [] for group in GROUPS}
    for row in rows:
        found[row.group].append(row)
    return {group: members for group, members in found.items() if members}
