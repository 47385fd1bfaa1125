"""Sentences that several places of the window say about changes and versions."""

import unicodedata

from PySide6.QtCore import Qt, QTextBoundaryFinder
from PySide6.QtGui import QFontMetrics, QFontMetricsF

from clew.base.words import count
from clew.model.changes import Change, VersionDiff
from clew.model.view import Block, BlockState

READ_ONLY = (
    "This workspace lies where it cannot be written. You can look, compare, verify and download, "
    "but nothing can be changed."
)


def change_sentence(diff: VersionDiff) -> str:
    """What is different, in a line: "12 items added, 3 labels changed, nothing removed"."""
    if diff.empty:
        return "Nothing changed"
    parts = []
    for change, word in ((Change.ADDED, "added"), (Change.RENAMED, "renamed"), (Change.EDITED, "edited")):
        if number := diff.number(change):
            parts.append(f"{count(number, 'item')} {word}")
    if diff.labels_changed:
        parts.append(f"{count(diff.labels_changed, 'label')} changed")
    if diff.boxes_moved:
        parts.append(f"{count(diff.boxes_moved, 'box', 'boxes')} moved")
    if diff.files:
        parts.append(f"{count(len(diff.files), 'other file')} changed")
    removed = diff.number(Change.REMOVED)
    parts.append(f"{count(removed, 'item')} removed" if removed else "nothing removed")
    return ", ".join(parts)


def block_words(block: Block) -> str:
    """All that a block shows, for looking words up in it."""
    return f"{block.title} {block.caption} {block.fact} {' '.join(block.chips)}"


def project_name(block: Block) -> str:
    """The name of the project that a version, a state or a project itself is of."""
    return block.fact if block.state is BlockState.DELETED else block.title


def capital(text: str) -> str:
    """The text with a capital first letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def readable(name: str) -> str:
    """A file's name for the screen: bytes that are no text, and control characters, as replacement signs."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def elided(
    measure: QFontMetrics | QFontMetricsF,
    text: str,
    room: float,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> str:
    """The text, cut with "…" where it does not fit; written from right to left the "…" stands at the left."""
    shown = measure.elidedText(text, mode, int(room))
    return shown + "\u200f" if shown != text and _from_right(text) else shown


def sentence(text: str) -> str:
    """A sentence that runs from left to right also where it begins with a name that does not."""
    return "\u200e" + text if _from_right(text) else text


def _from_right(text: str) -> bool:
    """Whether the first letter belongs to a script that runs from right to left."""
    ways = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


def breakable(text: str, most: int = 26) -> str:
    """The text with invisible places to break words, such as paths, that would not fit a narrow column."""
    return " ".join(_parts(word) if len(word) > most else word for word in text.split(" "))


def _parts(word: str, each: int = 8) -> str:
    """A word in pieces of some letters; no piece ends inside a sign made of several."""
    finder, pieces, begin = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word), [], 0
    units = word.encode("utf-16-le", "surrogatepass")  # Qt counts these
    while (end := finder.toNextBoundary()) >= 0:
        if end - begin >= each or end * 2 >= len(units):
            pieces.append(units[2 * begin : 2 * end].decode("utf-16-le", "surrogatepass"))
            begin = end
    return "\u200b".join(pieces)
