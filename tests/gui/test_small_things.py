"""What every page and dialog is made of: marks that are seen, texts that fit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QRadioButton, QVBoxLayout, QWidget

from clew.gui.canvas.style import contrast
from clew.gui.dialogs.import_data import ImportDialog
from clew.gui.style import apply_style
from clew.gui.theme import load_theme
from clew.gui.widgets.basic import label
from clew.gui.widgets.front import FrontDialog

LONG = "quick_trainer_" * 9


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_mark_is_seen_on_and_off(qtbot: Any, theme: str, kind: type[Any]) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    colours = load_theme(theme)
    apply_style(app, colours)
    button = kind("A folder")
    qtbot.addWidget(button)
    pictures = []
    for on in (False, True):
        button.setChecked(on)
        picture = button.grab().toImage()
        mark = [picture.pixelColor(x, y) for x in range(14) for y in range(picture.height())]
        assert max(contrast(colour, colours.surface) for colour in mark) >= 3
        pictures.append(picture)
    assert pictures[0] != pictures[1]


def test_a_dialog_that_grows_keeps_its_buttons_on_the_screen(
    open_shell: Callable[..., Any], filled: Path, qtbot: Any, settle: Callable[[Any], None]
) -> None:
    shell = open_shell(filled)
    settle(shell)
    dialog = ImportDialog(shell.context())
    dialog.open()
    bottom = dialog.screen().availableGeometry().bottom()
    dialog.move(0, bottom - dialog.frameGeometry().height())
    tall = dialog.height()
    dialog.body.addWidget(label("One more line. " * 60, wrap=True))
    qtbot.waitUntil(lambda: dialog.height() > tall)
    assert dialog.frameGeometry().bottom() <= bottom
    dialog.reject()


def test_a_long_word_breaks_and_its_column_stays_narrow(qtbot: Any) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    text = label(LONG, wrap=True)
    column = QVBoxLayout(box)
    column.addWidget(text)
    assert box.minimumSizeHint().width() < 200
    assert text.heightForWidth(200) > 3 * text.fontMetrics().height()
    assert text.text() == text.accessibleName() == LONG  # without the places to break it
    assert isinstance(text, QLabel)


def test_a_dialog_that_was_left_below_comes_to_the_front(qtbot: Any) -> None:
    """As a busy window manager leaves it: open, and the window under it still has the keyboard."""
    below = QWidget()
    qtbot.addWidget(below)
    with qtbot.waitExposed(below):
        below.show()
    dialog = FrontDialog(below)
    dialog.open()
    below.activateWindow()
    qtbot.waitUntil(below.isActiveWindow)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.reject()
