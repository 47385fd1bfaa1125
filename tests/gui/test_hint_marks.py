"""A light bulb on blocks that have a hint: on whole cards, in words, for as long as the person wants it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAccessible

from clew.gui.canvas.access_items import BlockAccess
from clew.gui.canvas.card import hint_spot
from clew.gui.settings import load_settings
from clew.gui.settings_menu import set_hint_marks, settings_menu
from clew.model.entities import TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.services import hints, tasks, versions, workflow
from clew.services.workspace import open_workspace

VERSION = BlockRef(BlockKind.VERSION, 1)
SAID = "Version 1 of Coin finds is in use and has no description."


@pytest.fixture
def shell(filled: Path, open_shell: Callable[..., Any], settle: Callable[[Any], None], qtbot: Any) -> Any:
    """A window on a version that a script read and nobody described."""
    ws = open_workspace(filled)
    versions.update_version(ws, VERSION.id, title="")
    task = tasks.create_task(ws, "Count", "script", status=TaskStatus.RUNNING)
    workflow.record_input(ws, task.id, VERSION)
    ws.close()
    shell = open_shell(filled)
    settle(shell)
    page = shell.pages["workflow"]
    qtbot.waitUntil(lambda: bool(page.canvas.scene_painter.hinted))
    page.canvas.set_zoom(1.0)
    page.canvas.settle()
    return shell


def corner(canvas: Any) -> Any:
    """The pixels around the light bulb."""
    row = canvas.scene.row[VERSION]
    at = hint_spot(canvas.scene.blocks[row]) + QPointF(*canvas.scene.position[row].tolist())
    spot = canvas.camera.to_view(at)
    canvas.settle()
    return canvas.viewport().grab().toImage().copy(int(spot.x()) - 8, int(spot.y()) - 8, 16, 16)


def test_a_block_with_a_hint_is_marked_and_says_it(shell: Any) -> None:
    page = shell.pages["workflow"]
    canvas, row = page.canvas, page.canvas.scene.row[VERSION]
    at = hint_spot(canvas.scene.blocks[row]) + QPointF(*canvas.scene.position[row].tolist())
    assert page.hinting.told_at(canvas.camera.to_view(at)) == SAID
    assert page.hinting.told_at(canvas.camera.to_view(at + QPointF(-90, 30))) == ""
    said = BlockAccess(canvas, VERSION).text(QAccessible.Text.Description)
    assert f"Hint: {SAID}".rstrip(".") in said
    canvas.select([VERSION])
    assert SAID in canvas.accessibleDescription()


def test_the_mark_goes_with_its_hint_and_other_cards_stay_as_they_are(
    shell: Any, settle: Callable[[Any], None], qtbot: Any
) -> None:
    page = shell.pages["workflow"]
    canvas, marked = page.canvas, corner(page.canvas)
    kept = {key: card.cacheKey() for key, card in canvas.scene_painter._cards.items() if key[0] != VERSION}
    hints.dismiss(shell.session.ws, f"no-description/{VERSION}")
    qtbot.waitUntil(lambda: not canvas.scene_painter.hinted)
    assert corner(canvas) != marked
    now = {key: card.cacheKey() for key, card in canvas.scene_painter._cards.items()}
    assert all(now[key] == card for key, card in kept.items())


def test_marks_are_switched_off_for_good(shell: Any, settle: Callable[[Any], None]) -> None:
    canvas = shell.pages["workflow"].canvas
    marked = corner(canvas)
    menu = settings_menu(shell, shell)
    (entry,) = (action for action in menu.actions() if action.text() == "Mark blocks with hints")
    assert entry.isChecked()
    entry.trigger()
    assert not load_settings().hint_marks
    assert not canvas.scene_painter.hinted
    assert corner(canvas) != marked
    set_hint_marks(shell, True)
    settle(shell)
    assert corner(canvas) == marked


def test_no_card_shows_a_mark_from_afar(shell: Any) -> None:
    canvas = shell.pages["workflow"].canvas
    canvas.set_zoom(0.4)
    canvas.settle()
    before = canvas.viewport().grab().toImage()
    canvas.set_hinted({})
    canvas.settle()
    assert canvas.viewport().grab().toImage() == before
