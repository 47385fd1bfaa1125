"""The graph of what was made from what, to read."""

from typing import TYPE_CHECKING

from clew.base.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

    from clew.model.hints import Hint
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
        from clew.model.view import Scope
        from clew.services.graph_view import graph

        if project_id is not None and task_id is not None:
            raise UsageError("Name a project or a task, not both")
        scope = Scope("project", project_id) if project_id is not None else Scope()
        scope = Scope("task", task_id) if task_id is not None else scope
        return as_digraph(graph(self._api.workspace, scope))

    def hints(self, *, dismissed: bool = False) -> "tuple[Hint, ...]":
        """Hints about good habits; `dismissed` gives those that were dismissed too."""
        from clew.services.hints import hints

        return hints(self._api.workspace, dismissed=dismissed)

    def dismiss_hint(self, hint_id: str, *, restore: bool = False) -> None:
        """Never show a hint again; show it again with `restore`.

        Raises:
            UserError: there is no such hint.
        """
        from clew.services.hints import dismiss

        dismiss(self._api.workspace, hint_id, restore=restore)
