"""How long until a workspace is on screen.

    opening.py [--blocks N] [--runs N] [--workspace DIR] [--json FILE]

Each run is a process of its own, offscreen, 1600 x 1000, as `clew DIR` starts it. Seconds from the start of
the process to the end of a paint: of the window, of the graph, of the graph sharp; how long the UI thread
stood still at most after the window was painted, and how often over 50 ms, until two seconds after the graph.
`--workspace` measures a copy of that folder, else one is made; every block in it has its place already.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TICK = 2  # milliseconds between two looks at the clock
LATE = 0.05  # seconds
AFTER = 2000  # milliseconds watched after the graph
ROWS = {
    "window": "window painted",
    "graph": "graph painted",
    "sharp": "graph sharp",
    "longest": "longest stand-still of the window",
    "late": "stand-stills over 50 ms",
}


def measure(path: Path, begun: float) -> None:
    """Open the window and say when what was painted; `begun` is the clock when the process started."""
    from clew.gui.main import application, open_window

    app = application()
    from PySide6.QtCore import QEvent, QObject, QTimer

    shell = open_window(path, theme="light", size=(1600, 1000))
    found: dict[str, Any] = {}
    stills: list[tuple[float, float]] = []
    last = [0.0]

    def painted(name: str) -> None:
        found.setdefault(name, time.monotonic() - begun)

    def tick() -> None:
        now = time.monotonic()
        if "window" in found:
            if last[0]:
                stills.append((now - last[0], last[0] - begun))
            last[0] = now

    class Eyes(QObject):
        """Hears of every paint; what follows it in the queue runs when it is over."""

        def eventFilter(self, thing: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, self, lambda: painted("window"))
                page = shell.pages.get("workflow")
                if page is not None and thing is page.canvas.viewport() and len(page.canvas.scene):
                    QTimer.singleShot(0, self, lambda: self.seen(page.canvas))
            return False

        def seen(self, canvas: Any) -> None:
            painted("graph")
            if not canvas._again.isActive():
                painted("sharp")
                if not ending.isActive():
                    ending.start(AFTER)

    eyes = Eyes()
    app.installEventFilter(eyes)
    clock = QTimer(interval=TICK)
    clock.timeout.connect(tick)
    clock.start()
    ending = QTimer(singleShot=True)
    ending.timeout.connect(app.quit)
    app.exec()
    found["longest"] = max(still for still, _ in stills)
    found["late"] = [(round(at, 3), round(still, 3)) for still, at in stills if still > LATE]
    print(json.dumps(found), flush=True)
    os._exit(0)  # closing is not measured


def make(path: Path, blocks: int) -> None:
    from live import link_up
    from search import fill

    from clew.gui.pages.placing import read_graph
    from clew.model.view import Scope
    from clew.services import arrange
    from clew.services.workspace import create_workspace

    with create_workspace(path) as ws:
        fill(ws, blocks)
        link_up(ws)
        arrange.save_positions(ws, Scope(), read_graph(ws, Scope(), {}).given)


def child(path: Path, settings: Path) -> dict[str, Any]:
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, __file__, "--one", str(path), str(begun)],
        capture_output=True,
        text=True,
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, "CLEW_CONFIG_DIR": str(settings)},
    )
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure, and print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--json", default="")
    parser.add_argument("--one", nargs=2)
    asked = parser.parse_args()
    if asked.one:
        measure(Path(asked.one[0]), float(asked.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ws"
        if asked.workspace:
            shutil.copytree(asked.workspace, path)
        else:
            make(path, asked.blocks)
        child(path, Path(folder) / "settings")  # once, so that files and the index are warm
        runs = [child(path, Path(folder) / "settings") for _ in range(asked.runs)]
    told = {
        name: [len(run[name]) if name == "late" else round(run[name], 3) for run in runs] for name in ROWS
    }
    print("| seconds | median | least | most |\n|---|---|---|---|")
    for name, title in ROWS.items():
        print(f"| {title} | {statistics.median(told[name])} | {min(told[name])} | {max(told[name])} |")
    result = {"blocks": asked.blocks, **told, "stood still (at, for)": [run["late"] for run in runs]}
    print(json.dumps(result))
    if asked.json:
        Path(asked.json).write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
