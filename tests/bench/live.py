"""Frames of the window while a training writes progress ten times a second: `live.py [BLOCKS] [SECONDS]`.

A real window, offscreen, on a workspace of that many blocks; another process writes. Each frame pans the
graph at 100 % and runs the event loop until the canvas has painted, about sixty times a second. Milliseconds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from canvas import Frames
from search import fill

from clew.db import mapping
from clew.model.entities import Link, Model
from clew.model.refs import BlockKind, BlockRef
from clew.services import tasks
from clew.services.workspace import Workspace, create_workspace, open_workspace

FRAME = 1 / 60
LATE = 16.0
REST = 8.0  # seconds


def link_up(ws: Workspace) -> None:
    """A link from each task to its model, and from each model to the task after it."""
    with ws.db.write() as transaction:
        models = mapping.find(transaction.connection, Model)
        for k, model in enumerate(models):
            ends = [(BlockKind.TASK, model.task_id, BlockKind.MODEL, model.id)]
            if k + 7 < len(models) and k % 2:
                ends.append((BlockKind.MODEL, model.id, BlockKind.TASK, models[k + 7].task_id))
            for source, source_id, target, target_id in ends:
                mapping.add(
                    transaction,
                    Link,
                    source=BlockRef(source, source_id),
                    target=BlockRef(target, target_id),
                    task_id=model.task_id,
                    title="",
                    meta={},
                    by_hand=False,
                    created_at=model.created_at,
                    created_by=ws.user.id,
                )


def write(path: Path, task: int) -> None:
    """The training, in a process of its own."""
    with open_workspace(path) as ws:
        begun = time.perf_counter()
        for step in range(100_000):
            tasks.set_progress(ws, task, step % 100 / 100, f"Epoch {step}")
            time.sleep(max(0.0, begun + (step + 1) * 0.1 - time.perf_counter()))


def measure(path: Path, task: int, seconds: float) -> dict[str, Any]:
    """Open the window, let the other process write, and take frames."""
    from clew.gui.main import application, close_windows, open_window

    app = application()
    shell = open_window(path, theme="light", size=(1600, 1000))
    while (
        shell.session is None
        or "workflow" not in shell.pages
        or not len(shell.pages["workflow"].canvas.scene)
    ):
        app.processEvents()
    until = time.perf_counter() + REST
    while time.perf_counter() < until:  # places are kept, the graph is read once more, hints are read
        app.processEvents()
    page: Any = shell.pages["workflow"]
    canvas = page.canvas
    canvas.set_zoom(1.0)
    canvas.center_on(BlockRef(BlockKind.TASK, task))
    canvas.settle()
    frames = Frames(canvas.viewport())
    result: dict[str, Any] = {"blocks": len(canvas.scene)}
    for name in ("quiet", "writing"):
        command = [sys.executable, __file__, "--write", os.fspath(path), str(task)]
        writer = subprocess.Popen(command) if name == "writing" else None
        try:
            times = []
            end = time.perf_counter() + seconds
            while (begun := time.perf_counter()) < end:
                way = 3 if len(times) % 120 < 60 else -3
                times.append(frames.frame(lambda way=way: canvas.look(canvas.camera.panned(way, 0))))
                while time.perf_counter() < begun + FRAME:  # what waits between two frames must not be late
                    app.processEvents()
                late = (time.perf_counter() - begun - FRAME) * 1e3
                times[-1] = max(times[-1], late if late > 1 else 0.0)
        finally:
            if writer is not None:
                writer.kill()
                writer.wait()
        result[name] = {
            "frames": len(times),
            "median": round(statistics.median(times), 2),
            "p95": round(statistics.quantiles(times, n=20)[-1], 2),
            "max": round(max(times), 2),
            "over 16 ms": sum(t > LATE for t in times),
        }
    result["seen"] = page._block(BlockRef(BlockKind.TASK, task)).fact
    close_windows()
    return result


def main(blocks: int, seconds: float) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLEW_CONFIG_DIR"] = os.path.join(folder, "settings")
        path = Path(folder) / "ws"
        with create_workspace(path) as ws:
            task = fill(ws, blocks)
            link_up(ws)
            tasks.start_task(ws, task, pid=os.getpid())
        print(json.dumps(measure(path, task, seconds)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 10_000,
            float(sys.argv[2]) if len(sys.argv) > 2 else 20.0,
        )
