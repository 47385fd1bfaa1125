"""Nothing moves by itself where motion is to be reduced: by the person's setting, or by the desktop's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractAnimation, Qt, QVariantAnimation
from PySide6.QtTest import QTest

from clew.gui import motion
from clew.gui.canvas.acts import ACTS
from clew.gui.settings_menu import set_reduced_motion
from clew.model.refs import BlockKind, BlockRef
from clew.services import jobs

Settle = Callable[[Any], None]
VERSION = BlockRef(BlockKind.VERSION, 1)


@pytest.fixture
def page(open_shell: Callable[..., Any], filled: Path, settle: Settle) -> Any:
    shell = open_shell(filled)
    settle(shell)
    return shell.pages["workflow"]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[QAbstractAnimation]:
    """Every animation that ran, whoever began it."""
    seen: list[QAbstractAnimation] = []

    def note(self: QVariantAnimation, *args: Any) -> None:
        seen.append(self)
        plain(self, *args)

    plain = QVariantAnimation.start
    monkeypatch.setattr(QVariantAnimation, "start", note)
    return seen


@pytest.fixture(params=["setting", "system"])
def still(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Motion is reduced, either way."""
    if request.param == "setting":
        set_reduced_motion(True)
    else:
        (tmp_path / "kdeglobals").write_text("[KDE]\nAnimationDurationFactor=0\n")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        motion._asked_in_files.cache_clear()
    yield
    set_reduced_motion(False)
    motion._asked_in_files.cache_clear()


def do_all_that_moves(page: Any, settle: Settle) -> None:
    """Arrange, align, undo, a block that comes, panes, a sentence, folding, the time slider."""
    shell, canvas = page.window(), page.canvas
    for name in ("One", "Two"):
        jobs.create_job(page.ws, name, 1)
    shell.refresh()
    settle(shell)
    page._arrange()
    settle(shell)
    canvas.select([BlockRef(BlockKind.JOB, 1), BlockRef(BlockKind.JOB, 2)])
    ACTS["align-left"](canvas)
    settle(shell)
    page.history.undo()
    settle(shell)
    page.outlining.toggle()
    page.outlining.toggle()
    canvas.fit()
    canvas.fit_selection()
    shell.state.say("Something was done")
    page.sieve.open()
    QTest.keyClick(page.window(), Qt.Key.Key_Escape)
    page.past.toggle()
    for step in range(1, len(page.past.moments) + 1):
        page.past._show(step, glide=True)
    page.past.close()
    settle(shell)


def test_nothing_glides_or_fades(page: Any, started: list[Any], still: None, settle: Settle) -> None:
    do_all_that_moves(page, settle)
    assert started == []
    assert page.canvas.motion.glide is None


def test_things_do_move_otherwise(page: Any, started: list[Any], settle: Settle) -> None:
    if motion.reduced_motion(page.canvas):
        pytest.skip("this desktop asks for no animation")
    do_all_that_moves(page, settle)
    assert started


def test_playing_goes_in_jumps_and_stops_where_it_is_asked(
    page: Any, started: list[Any], still: None, settle: Settle
) -> None:
    jobs.create_job(page.ws, "One", 1)
    page.window().refresh()
    settle(page.window())
    page.past.play()
    assert page.past.playing
    page.past._tick()
    page.past.play()
    assert not page.past.playing
    assert started == []
    page.past.close()
