"""Export of the graph on the page: what there is to choose from when the dialog is asked for."""

from typing import Any

from clew.gui.canvas.copying import cuts


class Exporting:
    """Opens the dialog on what the canvas of a page shows."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def start(self, what: str = "all") -> None:
        """Ask how and where to; `what` is chosen first: `all`, what is `seen`, or the `selection`."""
        from clew.gui.dialogs.export_graph import ExportDialog

        page, canvas = self._page, self._page.canvas
        if page.view is None or not len(canvas.scene):
            page.state.say("There is nothing to export yet.")
            return
        canvas.motion.finish()
        ExportDialog(page.context, page.view, cuts(canvas), what).open()
