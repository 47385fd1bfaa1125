"""Plays the demo's story in a workspace: import, save a version, train, evaluate, three times over."""

import tempfile
import time
from pathlib import Path
from typing import Any

from clew import Api
from clew.apps.demo.story import CHAPTERS, PROJECT, TEST, Chapter, write_coco
from clew.apps.ending import run_app
from clew.base.errors import UserError

EVALUATION_SECONDS = 60


def main() -> None:
    """Play all chapters one after the other."""
    api = Api.from_env()
    run = api.task.current()
    with tempfile.TemporaryDirectory(prefix="clew-demo-") as folder:
        for chapter in CHAPTERS:
            where = f"Chapter {chapter.number} of {len(CHAPTERS)}"
            step = (chapter.number - 1) / len(CHAPTERS)
            run.progress(step, text=f"{where}: {chapter.title.lower()}")
            play(api, chapter, Path(folder) / PROJECT / f"part {chapter.number}")
            run.progress(chapter.number / len(CHAPTERS), text=f"{where} done")
    run.message(f"{len(CHAPTERS)} versions of {PROJECT}, each with a model and a report.")


def play(api: Api, chapter: Chapter, folder: Path) -> None:
    """One chapter: new data arrives, the state is saved, a model is trained on it and evaluated."""
    write_coco(chapter.number, folder)
    imported = {"source": str(folder), "project": PROJECT, "format": "coco", "on_clash": "replace"}
    finish(api, api.task.start("import", params=imported))
    project = api.project.get_info_by_name(None, PROJECT)
    if project is None:
        raise UserError(f"The import left no project called {PROJECT}.")
    version = api.project.version.create(project, chapter.title, chapter.description)
    training = api.task.start("quick-trainer", {"project": f"version:{version}"}, {"split": TEST})
    finish(api, training)
    finish_evaluations(api, version)


def finish(api: Api, task_id: int) -> dict[str, Any]:
    """Wait for a task and stop the story when it failed."""
    ended = api.task.wait(task_id)
    if ended["status"] != str(api.task.Status.FINISHED):
        why = ended.get("message") or "see its log"
        raise UserError(f"{ended['name']} ended as {ended['status']}: {why}")
    return ended


def finish_evaluations(api: Api, version_id: int) -> None:
    """Wait for the report that follows a training by itself."""
    deadline = time.monotonic() + EVALUATION_SECONDS
    while time.monotonic() < deadline:
        if any(report.version_id == version_id for report in api.report.get_list()):
            return
        time.sleep(0.2)
    raise UserError(f"No report came of the training within {EVALUATION_SECONDS} seconds; see the tasks.")


if __name__ == "__main__":
    run_app(main)
