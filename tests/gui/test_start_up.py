"""The first frame comes before anything heavy is loaded, and a Qt that cannot work is named."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.gui.main import broken_qt

FIRST_FRAME = """
import sys
from pathlib import Path
from clew.gui.main import application, open_window, close_windows
app = application()
shell = open_window(Path(sys.argv[1]) if len(sys.argv) > 1 else None, theme="light", size=(1280, 800))
def painted():
    heavy = ("sqlalchemy", "alembic", "numpy", "pyqtgraph", "networkx", "PIL", "hotcoco", "zstandard")
    print("loaded:", [name for name in heavy if name in sys.modules])
    app.quit()
shell._begin = painted
app.exec()
close_windows()
"""


FIRST_GRAPH = """
import sys
from pathlib import Path
from clew.gui.main import application, open_window, close_windows
app = application()
shell = open_window(Path(sys.argv[1]), theme="light", size=(1280, 800))
def look():
    late = ("clew.gui.dialogs.import_data", "clew.gui.dialogs.run_app", "clew.services.imports")
    print("loaded:", [name for name in late if name in sys.modules])
    app.quit()
shell.entered.connect(look)
app.exec()
close_windows()
"""


ASKED_TO_END = """
import signal
from PySide6.QtCore import QTimer
from clew.gui.main import _end_on_signals, application, open_window
app = application()
shell = open_window(None, theme="light", size=(1280, 800))
hearing = _end_on_signals(app)
def in_the_middle_of_handing_out_work():
    shell.ops.query(lambda: None, lambda _: None)  # the pool has a thread to end
    with shell.ops._readers._shutdown_lock:
        signal.raise_signal(signal.SIGTERM)
QTimer.singleShot(100, in_the_middle_of_handing_out_work)
print("ended with", app.exec(), "and", "closed" if shell.ops.closed else "open")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill")
def test_a_polite_kill_at_a_bad_moment_still_closes_the_window() -> None:
    words = [sys.executable, "-c", ASKED_TO_END]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "ended with 0 and closed" in done.stdout


@pytest.mark.parametrize("with_workspace", [False, True])
def test_nothing_heavy_is_loaded_before_the_first_frame(with_workspace: bool, tmp_path: Path) -> None:
    words = [sys.executable, "-c", FIRST_FRAME, *([str(tmp_path)] if with_workspace else [])]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stdout


def test_what_only_a_dialog_needs_is_not_loaded_before_the_graph(ws: Any) -> None:
    words = [sys.executable, "-c", FIRST_GRAPH, str(ws.path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stdout


def test_a_broken_pair_of_qt_and_python_is_named() -> None:
    assert "pip install" in broken_qt("6.12.0", (3, 11))
    assert broken_qt("6.12.0", (3, 12)) == ""
    assert broken_qt("6.11.3", (3, 11)) == ""
    assert broken_qt("6.10.3", (3, 13)) == ""


def test_a_folder_that_is_no_workspace_leads_back_to_the_start_page(
    open_shell: Callable[..., Any], tmp_path: Path, qtbot: Any
) -> None:
    shell = open_shell(None)
    shell.open_path(tmp_path / "nothing")
    qtbot.waitUntil(shell.toast.isVisible)
    assert shell.stack.currentWidget() is shell.start
    assert "nothing" in shell.toast.text.text()
    assert "Traceback" not in shell.toast.text.text()
