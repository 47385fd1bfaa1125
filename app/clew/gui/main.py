"""The start of the window: `clew-app`, or `clew` without a command."""

import gc
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from clew.gui.shell import Shell

TITLE_BAR = 40  # pixels that the system puts above a window; known only after the window is shown

_windows: list["Shell"] = []


def broken_qt(version: str, python: tuple[int, int]) -> str:
    """The sentence for a PySide6 that aborts on this Python, or "" when all is well.

    PySide6 6.12 loses references to None, True and False on CPython 3.11 and older; the process aborts after
    some hundred signals. 3.12 made these objects immortal.
    """
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) == (6, 12) and python < (3, 12):
        return (
            f"PySide6 {version} does not work with Python {python[0]}.{python[1]}. "
            'Install another with: pip install "PySide6-Essentials<6.12"'
        )
    return ""


def application(name: str = "clew") -> "QApplication":
    """The running QApplication, made and dressed when there is none yet.

    Raises:
        SystemExit: PySide6 is missing or one that cannot work.
    """
    try:
        import PySide6
        from PySide6.QtWidgets import QApplication
    except ImportError:
        sys.exit('The window needs PySide6. Install it with: pip install "clew[app]"')
    if sentence := broken_qt(PySide6.__version__, sys.version_info[:2]):
        sys.exit(sentence)
    from clew.gui.garbage import collect_here

    found = QApplication.instance()
    if isinstance(found, QApplication):
        collect_here(found)
        return found
    from clew.gui.icons import icon
    from clew.gui.theme import load_theme

    # What reads beside the UI thread lets go of the interpreter sooner than Python's 5 ms: a frame has 16.
    sys.setswitchinterval(0.0005)
    # Python looks for garbage after 700 new objects; reading a graph makes hundreds of thousands that stay.
    gc.set_threshold(50_000, 10, 10)
    made = QApplication([name])
    collect_here(made)
    made.setApplicationName("clew")
    made.setApplicationDisplayName("Clew")
    made.setDesktopFileName("clew")
    made.setWindowIcon(icon("clew", load_theme("light").accent, 64))
    return made


def _room(app: "QApplication") -> tuple[int, int]:
    """The size of a first window: as in the pictures of the README, or what the screen has room for."""
    free = app.primaryScreen().availableGeometry()
    return min(1600, free.width()), min(1000, free.height() - TITLE_BAR)


def open_window(
    workspace: Path | None, *, theme: str | None = None, size: tuple[int, int] | None = None
) -> "Shell":
    """Open a window on a workspace, or on the start page; the first frame comes before anything is read.

    Args:
        workspace: the folder of a workspace, or None.
        theme: "light" or "dark"; None takes the setting, which follows the system by default.
        size: width and height in logical pixels; None takes the last one.
    """
    app = application()
    from clew.gui.motion import prefer_reduced_motion
    from clew.gui.settings import load_settings
    from clew.gui.settings_menu import wanted_theme
    from clew.gui.shell import Shell
    from clew.gui.style import apply_style

    settings = load_settings()
    prefer_reduced_motion(settings.reduced_motion)
    shell = Shell(theme or wanted_theme(settings.theme))
    apply_style(app, shell.state.theme)
    shell.resize(*(size or _room(app)))
    if size is None and settings.geometry:
        from PySide6.QtCore import QByteArray

        shell.restoreGeometry(QByteArray.fromBase64(settings.geometry.encode()))
    shell.another.connect(lambda path: _replace(shell, path))
    _windows.append(shell)
    if theme is None:
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow_system(shell))
    shell.begin_with(workspace)
    shell.show()
    return shell


def close_windows() -> None:
    """Close every window; for tests and pictures."""
    while _windows:
        shell = _windows.pop()
        shell.close()
        shell.deleteLater()


def main(argv: list[str] | None = None) -> int:
    """Run the window until it is closed.

    Args:
        argv: at most one path, of a workspace to open.
    """
    words = sys.argv[1:] if argv is None else argv
    workspace = Path(words[0]).expanduser().absolute() if words else None
    app = application()
    sys.excepthook = _bug
    import threading

    threading.excepthook = lambda args: _bug(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )
    shell = open_window(workspace)
    app.aboutToQuit.connect(_keep_geometry)
    hearing = _end_on_signals(app)
    _log_to_file()
    del shell
    code = app.exec()
    hearing.stop()
    return code


def _end_on_signals(app: "QApplication") -> "QTimer":
    """Ctrl+C and a polite kill close the windows as a person would.

    A signal interrupts Python anywhere, also where it holds the lock of a thread pool that closing needs, or
    in the middle of painting. So the signal is only noted, and a timer, which also makes Python hear it while
    Qt waits, closes the windows between two events.
    """
    import signal

    from PySide6.QtCore import QTimer

    asked: list[int] = []

    def look() -> None:
        if asked:
            asked.clear()
            app.closeAllWindows()
            app.exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: asked.append(number))
    timer = QTimer(app)
    timer.timeout.connect(look)
    timer.start(200)
    return timer


def _replace(shell: "Shell", path: Path | None) -> None:
    """Another workspace takes this window's place."""
    fresh = open_window(path)
    fresh.setGeometry(shell.geometry())
    if shell in _windows:
        _windows.remove(shell)
    shell.close()
    shell.deleteLater()


def _follow_system(shell: "Shell") -> None:
    from clew.gui.settings import load_settings
    from clew.gui.settings_menu import wanted_theme

    if shell in _windows and load_settings().theme == "system":
        shell.state.set_theme(wanted_theme("system"))


def _keep_geometry() -> None:
    from dataclasses import replace

    from clew.gui.settings import load_settings, save_settings

    if _windows:
        place = bytes(_windows[-1].saveGeometry().toBase64().data()).decode()
        save_settings(replace(load_settings(), geometry=place))


def _log_to_file() -> None:
    from clew.base.log import log_to
    from clew.base.places import config_dir
    from clew.gui.errors import quiet_libraries

    log_to(config_dir() / "clew.log")
    quiet_libraries()


def _bug(kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
    """What nobody caught: into the log, and a sentence with "Copy details" in the newest window."""
    if issubclass(kind, KeyboardInterrupt):
        from PySide6.QtWidgets import QApplication

        QApplication.quit()
        return
    from clew.base.log import log

    log.critical("A bug", exc_info=error)
    if _windows:
        from PySide6.QtCore import QTimer

        shell = _windows[-1]
        QTimer.singleShot(0, shell, lambda: shell.show_error(error, "Using the window"))


if __name__ == "__main__":
    sys.exit(main())
