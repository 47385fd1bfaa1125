"""The demo: a new workspace in which a task plays a whole story with real pictures and real trainings."""

from pathlib import Path

from clew.model.entities import Task
from clew.runner.launch import launch
from clew.services.tasks import list_tasks
from clew.services.workspace import Workspace, create_workspace

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


def demo_task(ws: Workspace) -> Task | None:
    """The task that plays the story, if this workspace is a demo."""
    return next((task for task in list_tasks(ws) if task.app == APP), None)
