"""The picture of a page is the window with everything loaded, in the size that was asked for."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from clew.base.errors import UserError
from clew.gui.screenshot import screenshot


def colours(path: Path) -> int:
    image = QImage(str(path))
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


@pytest.mark.parametrize("page", ["workflow", "project:Coin finds/versions", "dialog:restore:1"])
def test_a_page_is_drawn(page: str, filled: Path, tmp_path: Path, qtbot: Any) -> None:
    out = tmp_path / "page.png"
    screenshot(filled, page, out, size=(1100, 700), theme="dark", select=None)
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1100, 700)
    assert colours(out) > 20


def test_the_start_page_needs_no_workspace(tmp_path: Path, qtbot: Any) -> None:
    screenshot(None, "start", tmp_path / "start.png", size=(1000, 640))
    assert QImage(str(tmp_path / "start.png")).width() == 1000


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("nowhere", "no page called nowhere"),
        ("project:Welds", "Welds"),
        ("diff:1:2", "diff:PROJECT:OLD:NEW"),
        ("dialog:dance", "no dialog called dance"),
        ("report:first", "number"),
        ("project", "Name it, as project:NAME"),
    ],
)
def test_a_page_that_is_not_there_is_named(
    page: str, words: str, filled: Path, tmp_path: Path, qtbot: Any
) -> None:
    with pytest.raises(UserError, match=words):
        screenshot(filled, page, tmp_path / "page.png", size=(1000, 640))
    assert not (tmp_path / "page.png").exists()


def test_a_folder_without_a_workspace_is_said(tmp_path: Path, qtbot: Any) -> None:
    with pytest.raises(UserError):
        screenshot(tmp_path, "workflow", tmp_path / "page.png", size=(1000, 640))
