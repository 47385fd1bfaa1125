"""What a screen reader gets of the graph: blocks, outline, filter, time slider and export."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from clew.gui.inspector.parts import menu_button
from clew.gui.screenshot import _go
from clew.gui.widgets.filter_panel import FilterPanel
from clew.model.refs import BlockKind, BlockRef
from clew.services import arrange, jobs
from clew.services.workspace import open_workspace

Role, Text = QAccessible.Role, QAccessible.Text
Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


@pytest.fixture
def page(open_shell: Callable[..., Any], filled: Path, settle: Settle) -> Any:
    ws = open_workspace(filled)
    for name in ("Fix labels", "Check labels"):
        arrange.draw_link(ws, VERSION, BlockRef(BlockKind.JOB, jobs.create_job(ws, name, 1).id))
    ws.close()
    shell = open_shell(filled)
    settle(shell)
    return shell.pages["workflow"]


def parts(top: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield top
    for place in range(top.childCount()):
        child = top.child(place)
        if child is not None and child.isValid():
            yield from parts(child)


def read(widget: QWidget, *roles: Role) -> dict[str, QAccessibleInterface]:
    """The things of some roles inside a widget, by name."""
    top = QAccessible.queryAccessibleInterface(widget)
    return {p.text(Text.Name): p for p in parts(top) if p.role() in roles and not p.state().invisible}


def test_the_outline_is_a_tree_of_the_blocks(page: Any, settle: Settle) -> None:
    page.outlining.pane.show()
    settle(page.window())
    names = " ".join(read(page.outlining.pane, Role.TreeItem, Role.Cell, Role.ListItem))
    for block in page.canvas.scene.blocks:
        assert block.title in names


def test_the_filter_says_what_is_ticked(page: Any, settle: Settle) -> None:
    page.sieve.open()
    settle(page.window())
    panel = next(p for p in page.findChildren(FilterPanel) if p.isVisible())
    boxes = read(panel, Role.CheckBox)
    assert len(boxes) >= 2
    assert all(name.strip() for name in boxes)
    assert all(box.state().checkable for box in boxes.values())
    assert any(box.state().checked for box in boxes.values())
    panel.close()


def test_the_time_slider_says_the_moment(page: Any, settle: Settle) -> None:
    page.past.toggle()
    settle(page.window())
    track = QAccessible.queryAccessibleInterface(page.past.bar.track)
    assert (track.role(), track.text(Text.Name)) == (Role.Slider, "Time")
    assert track.text(Text.Description) == "now"
    page.past.bar.track.setValue(1)
    assert track.text(Text.Description) != "now"
    assert {"Play", "Now", "Speed: 1×", "Close the time slider"} <= set(read(page.past.bar, Role.PushButton))


def test_the_export_dialog_says_what_is_chosen(page: Any, settle: Settle) -> None:
    dialog = _go(page.window(), "dialog:export", None)
    settle(page.window())
    found = read(dialog, Role.RadioButton, Role.CheckBox, Role.ComboBox, Role.EditableText)
    assert len(found) >= 4
    assert all(name.strip() for name in found)
    assert any(p.state().checked for p in found.values() if p.role() == Role.RadioButton)
    dialog.reject()


def test_each_block_is_one_item_with_name_kind_and_links(page: Any) -> None:
    graph = QAccessible.queryAccessibleInterface(page.canvas)
    scene = page.canvas.scene
    assert len(scene.links)
    for row, block in enumerate(scene.blocks):
        item = graph.child(row)
        assert item.text(Text.Name) == f"{block.title}, {block.caption}"
        assert graph.indexOfChild(item) == row
    source = scene.blocks[int(scene.source[0])]
    target = graph.child(int(scene.target[0])).text(Text.Description)
    assert f"From {source.title}" in target


def test_the_message_is_named_by_what_it_says(page: Any) -> None:
    toast = page.window().toast
    for sentence in ("Saved version 1", "Restored version 1"):
        toast.show_sentence(sentence)
        (said,) = read(toast, Role.StaticText).values()
        assert said.text(Text.Name) == sentence
    toast.hide()


def test_the_card_of_a_link_says_what_stands_on_it(page: Any, qtbot: Any) -> None:
    canvas = page.canvas
    canvas.marks.hover_link = 0
    canvas.link_hand._ask()
    qtbot.waitUntil(lambda: canvas.link_hand.card is not None and canvas.link_hand.card.isVisible())
    card = QAccessible.queryAccessibleInterface(canvas.link_hand.card)
    assert card.text(Text.Name) == "Link"
    assert " → ".join(canvas.link_hand.ends(canvas.scene.links[0])) in card.text(Text.Description)


def test_every_menu_of_a_button_has_the_name_of_the_button(qtbot: Any) -> None:
    made = menu_button("More", [("Copy", print)], name="More about the model")
    qtbot.addWidget(made)
    menu = QAccessible.queryAccessibleInterface(made.menu())
    assert (menu.role(), menu.text(Text.Name)) == (Role.PopupMenu, "More about the model")
