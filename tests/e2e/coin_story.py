"""The story that the windows of these tests show."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clew.services import imports, models, reports, tasks, versions
from clew.services.apps import add_app
from clew.services.workspace import Workspace

SLOW_APP = """
name = "Slow count"
kind = "process"
command = ["{python}", "{folder}/count.py"]
[[inputs]]
name = "project"
kind = "project"
"""
SLOW_PROGRAM = """
import time
from clew import Api
task = Api.from_env().task.current()
for step in range(3000):  # longer than all that is tested meanwhile, on any machine
    task.progress(step, 3000, f"picture {step}")
    task.metric("loss", 1 / (1 + step))
    time.sleep(0.1)
"""


def make_story(ws: Workspace, folder: Path, coco_in: Callable[..., Path]) -> None:
    """A project of two versions, a training with two models and their reports, and an app that takes time."""
    plan = imports.plan_import(ws, coco_in(folder / "first", 6, ("silver", "copper")), project="Coin finds")
    project = imports.apply_import(ws, plan).project
    first = versions.create_version(ws, project.id, "Baseline")
    task = tasks.create_task(ws, "Quick trainer", "train", inputs={"project": first.ref})
    tasks.start_task(ws, task.id, pid=1)
    for number in (1, 2):
        weights = folder / f"weights{number}"
        weights.mkdir()
        (weights / "forest.bin").write_bytes(bytes([number]) * 400)
        model = models.create_model(
            ws, "forest", weights, framework="test", classes=("silver", "copper"), task_id=task.id,
            version_id=first.id,
        )  # fmt: skip
        found = json.dumps(_found(number)).encode()
        reports.evaluate_predictions(ws, first.id, "all", found, model_id=model.id, task_id=task.id)
    tasks.finish_task(ws, task.id, tasks.TaskStatus.DONE, message="Trained on 6 pictures.")
    more = imports.plan_import(ws, coco_in(folder / "more", 9, ("silver", "copper")), project="Coin finds")
    imports.apply_import(ws, more, replace=True)
    versions.create_version(ws, project.id, "More coins")
    app = folder / "slow-count"
    app.mkdir()
    (app / "app.toml").write_text(SLOW_APP)
    (app / "count.py").write_text(SLOW_PROGRAM)
    add_app(ws, app)


def _found(number: int) -> dict[str, Any]:
    """Predictions for the six pictures of version 1; the second model finds more than the first."""
    images = [{"id": i, "file_name": f"images/{i:03d}.png", "width": 48, "height": 32} for i in range(6)]
    return {
        "images": images,
        "categories": [{"id": 1, "name": "silver"}, {"id": 2, "name": "copper"}],
        "annotations": [
            {"id": i + 1, "image_id": i, "category_id": i % 2 + 1, "bbox": [4 + i, 5, 20, 16], "score": 0.9}
            for i in range(3 * number)
        ],
    }
