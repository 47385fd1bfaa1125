"""What a tab of the project page is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clew.gui.context import Context
from clew.gui.inspector.ask import Ask
from clew.model.entities import Project, Statistics


class ProjectTab(QWidget):
    """Reads only while it is seen."""

    saved_by_itself = Signal(bool)  # the tab has its own button to save a version

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = Context(context.ws, context.ops, context.state, self)
        self.ws, self.ops, self.state = context.ws, context.ops, context.state
        self.ask = Ask(self, context.ops)
        self.project: Project | None = None

    def forget(self) -> None:
        """Another project will be shown."""
        self.project = None

    def show_project(self, project: Project, statistics: Statistics, *, seen: bool) -> None:
        """Show this project, as it is now."""
        self.project = project
        if seen:
            self.load(project, statistics)

    def load(self, project: Project, _statistics: Statistics) -> None:
        """Read and show what the tab is about."""
        raise NotImplementedError
