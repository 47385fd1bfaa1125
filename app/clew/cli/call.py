"""One call of the command line: which workspace, how to answer, whether to ask."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clew.base.errors import Cancelled, UsageError
from clew.base.find_workspace import find_workspace

if TYPE_CHECKING:
    from clew.services.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


_ODD = re.compile("[\ud800-\udfff]")  # how Python shows bytes of a file name that are no text


def printable(text: str) -> str:
    """Text that every terminal takes: bytes of a file name that are no text are shown as �."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)


def in_json(data: Any, indent: int | None = 2) -> str:
    """One JSON document in UTF-8; a name that is no text is escaped so that a program gets it back."""
    text = json.dumps(data, indent=indent, ensure_ascii=False, default=str)
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Call:
    """What the options that every verb has have said."""

    def __init__(self) -> None:
        self.workspace_named: str | None = None
        self.json = False
        self.yes = False
        self.log: Path | None = None  # of the workspace in use, where a bug is told about

    @contextmanager
    def workspace(self) -> "Iterator[Workspace]":
        """The workspace that is meant, open.

        Raises:
            UserError: none is meant, or it cannot be opened.
        """
        path = find_workspace(self.workspace_named)  # before SQLAlchemy is loaded
        from clew.services.workspace import open_workspace

        with open_workspace(path) as ws:
            self.log = path / "clew.log"
            yield ws

    def answer(self, data: Any, text: str | Callable[[], str] = "") -> None:
        """Write the answer on stdout: one JSON document, or the text."""
        if self.json:
            click.echo(in_json(data))
            return
        written = text() if callable(text) else text
        if written:
            click.echo(printable(written))

    def say(self, text: str) -> None:
        """A line on the way, for a person; programs that read JSON do not get it."""
        if not self.json:
            click.echo(printable(text))

    def ask(self, question: str) -> None:
        """Go on only when the person says yes.

        Raises:
            Cancelled: they say no.
            UsageError: there is nobody to ask, and --yes was not given.
        """
        if self.yes:
            return
        if self.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError("There is nobody to ask here. Say --yes to do it without a question.")
        if not click.confirm(question, err=True):
            raise Cancelled


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            setattr(context.find_object(Call), name, value)

    return keep


def everywhere(function: F) -> F:
    """The options that every verb and the program itself have."""
    function = click.option(
        "-w",
        "--workspace",
        metavar="DIR",
        expose_value=False,
        callback=_keep("workspace_named"),
        help="The workspace; else CLEW_WORKSPACE, else the nearest folder around that is one.",
    )(function)
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_keep("json"),
        help="Answer with one JSON document.",
    )(function)


def asks(function: F) -> F:
    """The option of verbs that show a plan and ask."""
    return click.option(
        "-y",
        "--yes",
        is_flag=True,
        expose_value=False,
        callback=_keep("yes"),
        help="Do it without a question.",
    )(function)


def verb(name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """A verb of the command line: its function gets the Call first, then its own parameters."""

    def wrap(function: Callable[..., Any]) -> click.Command:
        return click.command(name)(everywhere(click.pass_obj(function)))

    return wrap


def debugging() -> bool:
    """Whether tracebacks are wanted (CLEW_DEBUG=1)."""
    return os.environ.get("CLEW_DEBUG", "") not in ("", "0")
