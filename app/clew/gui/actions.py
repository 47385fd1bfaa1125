"""What can be done with a block, by kind: one table for inspector, context menus and pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from clew.gui import block_actions as do
from clew.gui import drawn_actions as drawn
from clew.gui.context import Context
from clew.gui.icons import icon
from clew.gui.keys import shown
from clew.model.entities import TaskStatus, VersionStatus
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockState

__all__ = ["ACTIONS", "Action", "Context", "Template", "actions_for", "add_actions", "open_entity"]


@dataclass(frozen=True)
class Action:
    """One action on one block; `run(context)` starts it and returns at once."""

    name: str
    label: str
    icon: str
    primary: bool
    run: Callable[[Context], None]
    dangerous: bool = False
    keys: str = ""  # as a menu shows them


@dataclass(frozen=True)
class Template:
    """One row of the table; `when` looks at the entity (or the block as drawn) and may refuse."""

    name: str
    label: str
    icon: str
    run: Callable[[Context, BlockRef], None]
    primary: bool = False
    dangerous: bool = False
    keys: str = ""  # name of a row of `clew.gui.keys`
    when: Callable[[Any], bool] = field(default=lambda _entity: True)


def _deleted(entity: Any) -> bool:
    return (
        getattr(entity, "status", None) is VersionStatus.DELETED
        or getattr(entity, "state", None) is BlockState.DELETED
    )


def _kept(entity: Any) -> bool:
    return not _deleted(entity)


def _running(entity: Any) -> bool:
    status = getattr(entity, "status", None)
    if isinstance(status, TaskStatus):
        return not status.over
    return getattr(entity, "state", None) is BlockState.RUNNING


def _over(entity: Any) -> bool:
    return not _running(entity)


def _has_app(entity: Any) -> bool:
    return _over(entity) and getattr(entity, "app", "") is not None


def _folded(entity: Any) -> bool:
    return getattr(entity, "folded", True)  # a frame is drawn as a block only while it is folded


def _unfolded(entity: Any) -> bool:
    return not getattr(entity, "folded", False)


_SHOW = Template("show", "Show in graph", "workflow", do.show_in_graph, keys="show")
_DESCRIBE = Template("describe", "Describe", "pencil", do.describe_block)
_RUN = Template("run", "Run app", "play", do.run_app)

ACTIONS: dict[BlockKind, tuple[Template, ...]] = {
    BlockKind.PROJECT: (
        Template("version", "New version", "save", do.new_version, primary=True),
        Template("open", "Open", "folder-open", do.open_block, keys="open"),
        Template("import", "Import into", "import", do.import_into),
        _RUN,
        _SHOW,
        Template("rename", "Rename", "pencil", do.rename_project),
        Template("folder", "Open folder", "folder", do.open_folder),
        Template("remove", "Remove", "trash-2", do.remove_project, dangerous=True, keys="delete"),
    ),
    BlockKind.VERSION: (
        Template("restore", "Restore", "rotate-ccw", do.restore, primary=True, when=_kept),
        Template("undelete", "Undo delete", "undo-2", do.undelete, primary=True, when=_deleted),
        Template("download", "Download", "download", do.download, when=_kept),
        Template("compare", "Compare", "git-compare", do.compare, when=_kept),
        Template("run", "Run app", "play", do.run_app, when=_kept),
        Template("open", "Open project", "folder-open", do.open_block, keys="open"),
        _SHOW,
        Template("edit", "Edit title", "pencil", do.edit_version, when=_kept),
        Template("delete", "Delete", "trash-2", do.delete, dangerous=True, keys="delete", when=_kept),
    ),
    BlockKind.STATE: (
        Template("promote", "Save as version", "save", do.promote, primary=True),
        Template("open", "Open project", "folder-open", do.open_block, keys="open"),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.DATASET: (
        Template("open", "Open", "folder-open", do.open_block, primary=True, keys="open"),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.TASK: (
        Template("log", "Show log", "file-text", do.open_block, primary=True, keys="open"),
        Template("cancel", "Cancel", "circle-stop", do.cancel_task, when=_running),
        Template("again", "Run again", "play", do.run_again, when=_has_app),
        _SHOW,
        Template("folder", "Open folder", "folder", do.open_folder),
        _DESCRIBE,
    ),
    BlockKind.MODEL: (
        Template("evaluate", "Evaluate", "chart-no-axes-column", do.evaluate, primary=True),
        Template("download", "Download", "download", do.download),
        Template("compare", "Compare", "git-compare", do.compare),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.REPORT: (
        Template("open", "Open", "eye", do.open_block, primary=True, keys="open"),
        Template("compare", "Compare", "git-compare", do.compare),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.FILE: (
        Template("folder", "Open folder", "folder", do.open_folder, primary=True),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.JOB: (
        Template("progress", "Update progress", "pencil", do.update_job, primary=True),
        Template("open", "Open", "folder-open", do.open_block, keys="open"),
        _SHOW,
        _DESCRIBE,
    ),
    BlockKind.FRAME: (
        Template("unfold", "Unfold", "chevrons-down-up", drawn.fold, primary=True, when=_folded),
        Template("fold", "Fold", "chevrons-down-up", drawn.fold, primary=True, when=_unfolded),
        Template("rename", "Rename", "pencil", drawn.rename),
        Template("remove", "Remove frame", "trash-2", drawn.remove_frame, dangerous=True),
    ),
    BlockKind.NOTE: (
        Template("edit", "Edit note", "pencil", drawn.write, primary=True),
        Template("remove", "Remove note", "trash-2", drawn.remove_note, dangerous=True),
    ),
}


def _run(run: Callable[[Context, BlockRef], None], ref: BlockRef, context: Context) -> None:
    run(context, ref)


def actions_for(ref: BlockRef, entity: Any = None, *, without: tuple[str, ...] = ()) -> list[Action]:
    """What can be done with a block, the most wanted first.

    Args:
        ref: the block.
        entity: its dataclass, or the block as drawn, so that only what makes sense is offered.
        without: names of actions that make no sense where the list is shown.
    """
    return [
        Action(
            row.name,
            row.label,
            row.icon,
            row.primary,
            partial(_run, row.run, ref),
            row.dangerous,
            shown(row.keys),
        )
        for row in ACTIONS[ref.kind]
        if row.name not in without and row.when(entity)
    ]


def add_actions(menu: QMenu, actions: list[Action], context: Context) -> None:
    """Fill a menu; dangerous actions stand last, below a line."""
    theme = context.state.theme
    dangerous = False
    for action in sorted(actions, key=lambda a: a.dangerous):
        if action.dangerous and not dangerous:
            menu.addSeparator()
            dangerous = True
        words = f"{action.label}\t{action.keys}" if action.keys else action.label
        entry = menu.addAction(icon(action.icon, theme.dim, 15), words)
        entry.triggered.connect(lambda _checked=False, run=action.run: run(context))


def menu_for(parent: QWidget, actions: list[Action], context: Context) -> QMenu:
    """A menu of actions, made anew for every showing."""
    menu = QMenu(parent)
    menu.setAccessibleName("Actions")
    add_actions(menu, actions, context)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def open_entity(context: Context, ref: BlockRef) -> None:
    """Go to the page of an entity."""
    do.open_block(context, ref)
