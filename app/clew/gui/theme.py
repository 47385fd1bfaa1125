"""The colours of the window, read from `resources/themes/tokens.json`, light and dark."""

import json
from dataclasses import dataclass, fields
from functools import cache

from PySide6.QtGui import QColor

from clew.base.places import resource
from clew.model.refs import BlockKind


@dataclass(frozen=True)
class Theme:
    """One set of colours; the names are those of `tokens.json`."""

    name: str
    bg: QColor
    surface: QColor
    sunken: QColor
    line: QColor
    grid: QColor
    text: QColor
    dim: QColor
    faint: QColor
    accent: QColor
    accentsoft: QColor
    good: QColor
    bad: QColor
    project: QColor
    version: QColor
    task: QColor
    model: QColor
    report: QColor
    dataset: QColor
    file: QColor
    job: QColor
    edge: QColor

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def kind(self, kind: BlockKind) -> QColor:
        """The colour of a kind of block: projects and their versions blue, intermediate states indigo."""
        colour: QColor = getattr(self, KIND_TOKENS[kind])
        return colour


KIND_TOKENS = {
    BlockKind.PROJECT: "project",
    BlockKind.VERSION: "project",
    BlockKind.STATE: "version",
    BlockKind.DATASET: "dataset",
    BlockKind.TASK: "task",
    BlockKind.MODEL: "model",
    BlockKind.REPORT: "report",
    BlockKind.FILE: "file",
    BlockKind.JOB: "job",
    BlockKind.FRAME: "dim",
    BlockKind.NOTE: "dim",
}


@cache
def load_theme(name: str) -> Theme:
    """The theme called "light" or "dark"."""
    tokens = json.loads(resource("themes", "tokens.json").read_text("utf-8"))[name]
    return Theme(name, **{f.name: QColor(tokens[f.name]) for f in fields(Theme) if f.name != "name"})


def css(colour: QColor, alpha: float | None = None) -> str:
    """A colour as a style sheet writes it, optionally with an opacity from 0 to 1."""
    if alpha is None:
        return colour.name()
    return f"rgba({colour.red()}, {colour.green()}, {colour.blue()}, {alpha:.3f})"


def mix(over: QColor, under: QColor, share: float) -> QColor:
    """The colour that `over` with opacity `share` gives on `under`."""
    return QColor(
        round(over.red() * share + under.red() * (1 - share)),
        round(over.green() * share + under.green() * (1 - share)),
        round(over.blue() * share + under.blue() * (1 - share)),
    )
