"""The peer NodeGraphQt that `canvas.py` measures beside ours: pip install --no-deps NodeGraphQt Qt.py"""

from typing import Any

import NodeGraphQt as library
import numpy as np
from PySide6.QtCore import QPointF, QRectF


class Node(library.BaseNode):
    """A block with one port on each side."""

    __identifier__ = "bench"
    NODE_NAME = "block"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("in", multi_input=True)
        self.add_output("out")


class NodeGraphQt:
    """The graph, and the steps of the measurement."""

    def __init__(self, links: np.ndarray, place: np.ndarray) -> None:
        self._graph = library.NodeGraph()
        self._graph.register_node(Node)
        self.view: Any = self._graph.viewer()
        self._nodes = [
            self._graph.create_node(
                "bench.Node", name=f"Quick trainer {i}", selected=False, pos=[x, y], push_undo=False
            )
            for i, (x, y) in enumerate(place.tolist())
        ]
        for a, b in links.tolist():
            self._nodes[a].output(0).connect_to(self._nodes[b].input(0), push_undo=False)

    def look(self, zoom: float, at: QPointF) -> None:
        width, height = self.view.width() / zoom, self.view.height() / zoom
        # Its zoom is the part of the scene that it shows; there is no public way to set it.
        self.view._scene_range = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        self.view._update_scene()

    def pan(self, dx: int, dy: int) -> None:
        zoom = self.view.transform().m11()
        self.view._set_viewer_pan(dx / zoom, dy / zoom)

    def drag(self, row: int, dx: int, dy: int) -> None:
        item = self._nodes[row].view
        item.setPos(item.x() + dx, item.y() + dy)
