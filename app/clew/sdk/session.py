"""The task that a program records into: the one it was started as, or one of its own.

A script that runs outside a task gets a session named after it, made at the first thing it records and
closed when the interpreter ends.
"""

import atexit
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from clew.base.errors import ClewError, explain_os_error
from clew.base.log import log

if TYPE_CHECKING:
    from clew.model.refs import BlockRef
    from clew.services.workspace import Workspace


class Session:
    """A workspace opened on first use, and the task of this program in it."""

    def __init__(self, path: Path, task_id: int | None) -> None:
        self.path = path
        self.given = task_id  # the task that the runner started this program as
        self.own: int | None = None  # the task made for a plain script
        self._workspace: Workspace | None = None
        self._lock = threading.RLock()
        self._pid = self._opened_in = os.getpid()
        self._inherited: Workspace | None = None

    @property
    def workspace(self) -> "Workspace":
        """The open workspace.

        Raises:
            UserError: it cannot be opened.
        """
        with self._lock:
            if self._workspace is None or self._opened_in != os.getpid():
                from clew.services.workspace import open_workspace

                self._inherited = self._workspace  # a fork must not use its parent's, nor close it
                self._workspace = open_workspace(self.path)
                self._opened_in = os.getpid()
            return self._workspace

    @property
    def known_task(self) -> int | None:
        """The id of the task if there is one by now."""
        return self.given if self.given is not None else self.own

    def task(self) -> int:
        """The id of the task to record into; a plain script's session is made here."""
        with self._lock:
            _ending.goes_on()
            if self.given is not None:
                return self.given
            if self.own is None:
                from clew.model.entities import TaskStatus
                from clew.services.tasks import create_task

                name, code = _describe_program()
                self.own = create_task(
                    self.workspace, name, "script", code=code, status=TaskStatus.RUNNING
                ).id
                _ending.watch(self)
            return self.own

    def note(self, text: str, task_id: int | None = None) -> None:
        """Keep a remark on the task; never raises."""
        log.warning("%s", text)
        try:
            from clew.services.tasks import add_note

            add_note(self.workspace, self.task() if task_id is None else task_id, text)
        except Exception:
            log.exception("The note could not be kept: %s", text)

    def quietly(self, what: str, work: Callable[[], Any], task_id: int | None = None) -> tuple[Any, str]:
        """Do recording work that must not break the program: (result, "") or (None, why it failed).

        `what` begins the note that is kept: "1 link not recorded".
        """
        try:
            return work(), ""
        except Exception as error:
            reason = sentence(error)
            if not isinstance(error, ClewError):
                log.error("%s\n%s", reason, traceback.format_exc())
            self.note(f"{what}: {_inside_a_sentence(reason)}", task_id)
            return None, reason

    def read(self, ref: "BlockRef") -> None:
        """Record that the task read something, which a call has shown; the same link is kept once."""

        def work() -> None:
            from clew.services.workflow import record_input

            record_input(self.workspace, self.task(), ref)

        self.quietly("1 link not recorded", work)

    def close(self, error: BaseException | None = None) -> None:
        """End a plain script's session and close the workspace.

        The outcome is failed or cancelled when `error`, or what the interpreter ends with, says so.
        """
        with self._lock:
            if os.getpid() != self._pid:  # a fork of the program is not the program
                return
            if self.own is not None:
                self._finish(self.own, error)
            self.own = None
            _ending.forget(self)
            if self._workspace is not None:
                self._workspace.close()
                self._workspace = None

    def _finish(self, task_id: int, error: BaseException | None) -> None:
        word, message, code = _ending.outcome(error)
        try:
            from clew.model.entities import TaskStatus
            from clew.services.tasks import finish_task

            finish_task(self.workspace, task_id, TaskStatus(word), message=message, exit_code=code)
        except Exception:
            log.exception("The outcome of the session could not be kept")


class _Ending:
    """How the interpreter is ending; hooks are put in place when the first script's session begins."""

    def __init__(self) -> None:
        self._watched: list[Session] = []
        self._hooked = False
        self._error: BaseException | None = None
        self._exit: object = None

    def watch(self, session: Session) -> None:
        self._watched.append(session)
        if self._hooked:
            return
        self._hooked = True
        before_hook, before_exit = sys.excepthook, sys.exit

        def excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            self._error = error
            before_hook(kind, error, trace)

        def leave(status: Any = None) -> None:
            self._exit = status
            before_exit(status)

        sys.excepthook = excepthook
        sys.exit = leave  # type: ignore[assignment]  # the interpreter tells nobody else about the code
        atexit.register(self._close_all)

    def forget(self, session: Session) -> None:
        if session in self._watched:
            self._watched.remove(session)

    def goes_on(self) -> None:
        """The program recorded something after sys.exit or an error: somebody caught it."""
        self._exit = None

    def outcome(self, error: BaseException | None) -> tuple[str, str, int]:
        """(status, one sentence, exit code) of a program that ends with `error` or as the hooks saw."""
        error = error or self._error
        status = error.code if isinstance(error, SystemExit) else self._exit
        if isinstance(error, KeyboardInterrupt):
            return "cancelled", "Stopped from the keyboard.", 130
        if error is not None and not isinstance(error, SystemExit):
            return "failed", traceback.format_exception_only(error)[-1].strip().splitlines()[-1], 1
        if status in (None, 0):
            return "done", "", 0
        if isinstance(status, int):
            return "failed", f"It ended with exit code {status}.", status
        return "failed", str(status), 1

    def _close_all(self) -> None:
        for session in list(self._watched):
            session.close()


_ending = _Ending()
_sessions: dict[tuple[Path, int | None], Session] = {}
_sessions_lock = threading.Lock()


def session_for(path: Path, task_id: int | None) -> Session:
    """The session of this program in a workspace: two Api objects of one program share it."""
    with _sessions_lock:
        key = (path.absolute(), task_id)
        return _sessions.setdefault(key, Session(path.absolute(), task_id))


def sentence(error: BaseException) -> str:
    """What went wrong in one line."""
    if isinstance(error, OSError) and not isinstance(error, ClewError):
        error = explain_os_error(error, "recording")
    text = str(error).strip().splitlines()
    if isinstance(error, ClewError) and text:
        return text[0]
    return f"{type(error).__name__}: {text[0]}" if text else type(error).__name__


def _inside_a_sentence(text: str) -> str:
    """The sentence as it goes on after a colon: "there is no version 7 of Garden birds"."""
    first, _, rest = text.removesuffix(".").partition(" ")
    common = first in ("There", "The", "No", "It", "This", "That", "Neither", "Nothing", "A")
    return f"{first.lower() if common else first} {rest}".strip()


def _describe_program() -> tuple[str, dict[str, Any]]:
    """The name and the code of the running program."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if not script:
        return "Python session", {}
    from clew.runner.launch import git_commit

    path = Path(script).absolute()
    code: dict[str, Any] = {"script": str(path), "arguments": sys.argv[1:]}
    if commit := git_commit(path.parent):
        code["commit"] = commit
    return path.name, code
