"""Fixtures of the pages: the door off the UI thread, a state, a whole small workspace."""

import importlib.util
import sys
from pathlib import Path

import pytest

_PATH = Path(__file__).with_name("sample_world.py")
_spec = importlib.util.spec_from_file_location("clew_sample_world", _PATH)
sample_world = importlib.util.module_from_spec(_spec)
sys.modules["clew_sample_world"] = sample_world
_spec.loader.exec_module(sample_world)


@pytest.fixture
def ops(qapp):
    from clew.gui.ops import Ops

    made = Ops()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def state(qapp):
    from clew.gui.state import State
    from clew.gui.style import apply_style

    made = State()
    apply_style(qapp, made.theme)
    return made


@pytest.fixture(scope="module")
def shared_world(tmp_path_factory):
    """One workspace for the tests of a file that only read."""
    from clew.services.workspace import create_workspace

    ws = create_workspace(tmp_path_factory.mktemp("world") / "ws", "Coin survey")
    yield sample_world.build(ws)
    ws.close()


@pytest.fixture
def own_world(ws):
    """A workspace of the test's own, to change things in."""
    return sample_world.build(ws)


@pytest.fixture
def settled(qtbot, ops):
    """Wait until everything that was asked has come back; `settled(lambda: page.item.item is not None)`."""

    def wait(until=None):
        qtbot.waitUntil(lambda: ops.idle and (until is None or bool(until())))

    return wait


@pytest.fixture
def show(qtbot):
    """Put a widget on screen at a size, and take it away after the test."""

    def put(widget, width=1100, height=800):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return put


@pytest.fixture
def unnamed():
    """All controls inside a widget that a screen reader could not name."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QWidget

    def find(widget):
        found = []
        for child in widget.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible():
                interface = QAccessible.queryAccessibleInterface(child)
                if interface is not None and not interface.text(QAccessible.Text.Name):
                    found.append(f"{type(child).__name__} in {type(child.parent()).__name__}")
        return found

    return find
