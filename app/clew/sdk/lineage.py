"""The graph of what was made from what, to read."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from clew.base.atomic import write_atomic
from clew.base.errors import UsageError, explain_os_error
from clew.base.window import window_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from clew.model.hints import Hint
    from clew.model.refs import BlockRef
    from clew.model.view import GraphView
    from clew.sdk.api import Api


class LineageApi:
    """`api.workflow`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def graph(self, project_id: int | None = None, task_id: int | None = None) -> "nx.DiGraph[str]":
        """The graph of the workspace, of one project, or of one task.

        Nodes are named "version:12", "task:3" …, and carry "kind", "id", "caption", "title", "fact",
        "state", "project_id", "created_at"; edges carry "kind" ("data", "spine", "hand") and "title".
        """
        from clew.graph.as_digraph import as_digraph

        return as_digraph(self._view(project_id, task_id))

    def export(
        self,
        path: "str | os.PathLike[str]",
        format: str | None = None,
        project_id: int | None = None,
        task_id: int | None = None,
        *,
        only: "Sequence[str]" = (),
        theme: str = "light",
        scale: float = 2.0,
        transparent: bool = False,
    ) -> Path:
        """Write the graph of the workspace, of one project, or of one task to a file.

        SVG, PDF and PNG look like the canvas. They are drawn in the main thread and need the extra `app`,
        but no display.

        Args:
            path: where to; there whole or not at all.
            format: "svg", "pdf", "png", "mermaid", "dot", "json" or "openlineage"; by the path's ending.
            only: names of nodes as in `graph()`, "version:12": these alone, with the links among them.
            theme: "light" or "dark", of a picture.
            scale: pixels of a PNG for one of the canvas.
            transparent: a picture without ground.

        Returns:
            The path, whole.

        Raises:
            UsageError: the format is not known, or a name is none.
            UserError: a block is not in the graph, or a picture is wanted where the window is not installed.
        """
        from clew.services import graph_files

        chosen = format or graph_files.format_of(path)
        if chosen not in graph_files.FORMATS:
            raise UsageError(f"Name a format: {', '.join(graph_files.FORMATS)}")
        if theme not in ("light", "dark"):
            raise UsageError(f'A theme is "light" or "dark", but it is {theme!r}')
        ws, view = self._api.workspace, self._view(project_id, task_id)
        if only:
            view = graph_files.only(view, [_ref(text) for text in only])
        if chosen in graph_files.PICTURES:
            draw = window_part("clew.gui.graph_picture", "graph_picture")
            body: bytes = draw(ws, view, chosen, theme=theme, scale=scale, paper=not transparent)[0]
        else:
            body = graph_files.graph_text(ws, view, chosen).encode()
        target = Path(path).absolute()
        try:
            write_atomic(target, body)
        except OSError as error:
            raise explain_os_error(error, f"writing {target.name}") from error
        return target

    def _view(self, project_id: int | None, task_id: int | None) -> "GraphView":
        from clew.model.view import Scope
        from clew.services.graph_view import graph

        if project_id is not None and task_id is not None:
            raise UsageError("Name a project or a task, not both")
        scope = Scope("project", project_id) if project_id is not None else Scope()
        scope = Scope("task", task_id) if task_id is not None else scope
        return graph(self._api.workspace, scope)

    def hints(self, *, dismissed: bool = False) -> "tuple[Hint, ...]":
        """Hints about good habits; `dismissed` gives those that were dismissed too."""
        from clew.services.hints import hints

        return hints(self._api.workspace, dismissed=dismissed)

    def dismiss_hint(self, hint_id: str, *, restore: bool = False) -> None:
        """Never show a hint again; show it again with `restore`. The id of a group means all of its hints.

        Raises:
            UserError: there is no such hint.
        """
        from clew.services.hints import dismiss

        dismiss(self._api.workspace, hint_id, restore=restore)


def _ref(text: str) -> "BlockRef":
    """Raises:
    UsageError: the text names no node.
    """
    from clew.model.refs import BlockRef

    try:
        return BlockRef.parse(text)
    except ValueError:
        raise UsageError(f"{text!r} names no node; write it as version:12") from None
