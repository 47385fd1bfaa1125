"""The demo: a new workspace in which a task plays a whole story with real pictures and real trainings."""

from pathlib import Path

from clew.model.entities import Task
from clew.runner.launch import launch
from clew.services.tasks import list_tasks
from clew.services.workspace import Workspace, create_workspace, is_workspace, open_workspace

APP = "demo"


def start_demo(path: Path) -> Workspace:
    """Make the demo's workspace and start its story; the graph grows as the tasks run.

    Raises:
        UserError: the folder holds something already.
    """
    ws = create_workspace(path, "Coin survey")
    try:
        launch(ws, APP, {}, {})
    except BaseException:
        ws.close()
        raise
    return ws


def open_or_start_demo(path: Path) -> Workspace:
    """The demo that was made in this folder before, or a new one whose story begins now.

    Raises:
        UserError: the folder holds something else.
    """
    if is_workspace(path):
        ws = open_workspace(path)
        if demo_task(ws) is not None:
            return ws
        ws.close()
    return start_demo(path)


def demo_task(ws: Workspace) -> Task | None:
    """The task that plays the story, if this workspace is a demo."""
    return next((task for task in list_tasks(ws) if task.app == APP), None)
