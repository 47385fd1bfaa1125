"""The built-in apps as the runner starts them: child processes of a real workspace."""

import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from clew.apps.quick_trainer.train import FRAMEWORK
from clew.model.entities import TaskStatus
from clew.model.refs import BlockKind
from clew.services import apps, models, projects, reports, tasks, versions
from clew.services.workspace import create_workspace

TRAINING = {"picture_size": 120, "trees": 5, "pixel_samples": 200}


def start(ws, slug, inputs=None, params=None):
    app = apps.get_app(ws, slug)
    task = tasks.create_task(
        ws,
        app.name,
        app.kind,
        app=app,
        params=apps.check_params(app, params or {}),
        inputs=inputs or {},
        status=TaskStatus.RUNNING,
    )
    return task.id, subprocess.Popen(
        [sys.executable if word == "{python}" else word for word in app.command],
        cwd=tasks.task_folder(ws, task.id),
        env={**os.environ, "CLEW_WORKSPACE": str(ws.path), "CLEW_TASK_ID": str(task.id)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(ws, slug, inputs=None, params=None):
    """Run an app to its end: its task, exit code and what it wrote to stderr."""
    task_id, process = start(ws, slug, inputs, params)
    _, errors = process.communicate(timeout=60)
    return SimpleNamespace(task=tasks.get_task(ws, task_id), code=process.returncode, errors=errors)


def coco_folder(folder, items, stored):
    names = sorted({thing.cls for item in items for thing in item.annotation.things})
    annotations, images = [], []
    for number, item in enumerate(items, start=1):
        target = folder / item.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(stored[item.path])
        images.append({"id": number, "file_name": item.path, "width": 120, "height": 90})
        for thing in item.annotation.things:
            what = {"image_id": number, "category_id": names.index(thing.cls) + 1, "iscrowd": 0}
            area = thing.box[2] * thing.box[3]
            annotations.append({"id": len(annotations) + 1, **what, "bbox": list(thing.box), "area": area})
    categories = [{"id": number, "name": name} for number, name in enumerate(names, start=1)]
    document = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(document))
    return folder


@pytest.fixture
def ws(tmp_path):
    space = create_workspace(tmp_path / "wörk space")
    yield space
    space.close()


def the_version(ws):
    project = projects.list_projects(ws)[0].project
    made = versions.create_version(ws, project.id, title="First")
    return getattr(made, "version", made)


def test_import_train_evaluate(ws, make_discs, tmp_path):
    source = coco_folder(tmp_path / "söurce", *make_discs(number=10, tests=4))
    done = run(ws, "import", params={"source": str(source), "project": "Discs"})
    assert done.code == 0, done.errors
    assert done.task.message.startswith("14 items, ")
    assert [ref.kind for ref in tasks.task_outputs(ws, done.task.id)] == [BlockKind.STATE]

    version = the_version(ws)
    done = run(ws, "quick-trainer", {"project": version.ref}, TRAINING)
    assert done.code == 0, done.errors
    assert done.task.message == "Trained on 10 pictures"
    model = models.list_models(ws)[0].model
    assert model.ref in tasks.task_outputs(ws, done.task.id)
    assert version.ref in tasks.task_inputs(ws, done.task.id)
    assert (model.framework, model.classes, model.version_id) == (FRAMEWORK, ("blue", "red"), version.id)
    assert os.listdir(tasks.task_folder(ws, done.task.id)) == []

    reused = run(ws, "evaluate", {"project": version.ref, "model": model.ref})
    assert reused.code == 0, reused.errors
    assert reused.task.metrics["map"] > 0.3
    again = run(ws, "evaluate", {"project": version.ref, "model": model.ref}, {"split": "train"})
    assert again.code == 0, again.errors
    found = {s.report.split: s.report for s in reports.list_reports(ws)}
    assert set(found) == {"test", "train"}
    assert found["test"].metrics["inference_ms"] > 0 and found["train"].metrics["inference_ms"] > 0
    assert found["train"].metrics["map"] > 0.3
    assert os.listdir(tasks.task_folder(ws, again.task.id)) == []

    wrong = run(ws, "evaluate", {"project": version.ref, "model": model.ref}, {"split": "gravel"})
    assert wrong.code == 1
    assert wrong.errors.strip() == "There is no dataset gravel to evaluate on. There are test, train."


def test_a_project_without_boxes_is_one_sentence(ws, make_discs, tmp_path):
    _, stored = make_discs(number=2, tests=0)
    for path, data in stored.items():
        (tmp_path / "plain").mkdir(exist_ok=True)
        (tmp_path / "plain" / path.rpartition("/")[2]).write_bytes(data)
    assert run(ws, "import", params={"source": str(tmp_path / "plain"), "project": "Plain"}).code == 0
    done = run(ws, "quick-trainer", {"project": the_version(ws).ref})
    assert done.code == 1
    assert done.errors.strip() == "Plain has no boxes to learn from; import annotations first."
    assert models.list_models(ws) == ()


def test_a_source_that_is_not_there_is_one_sentence(ws, tmp_path):
    done = run(ws, "import", params={"source": str(tmp_path / "nowhere")})
    assert done.code == 1 and "nowhere" in done.errors and len(done.errors.strip().splitlines()) == 1
    assert projects.list_projects(ws) == ()


def test_a_stopped_training_leaves_nothing(ws, make_discs, tmp_path):
    source = coco_folder(tmp_path / "source", *make_discs(number=60, tests=4))
    assert run(ws, "import", params={"source": str(source), "project": "Discs"}).code == 0
    version = the_version(ws)
    task_id, process = start(
        ws, "quick-trainer", {"project": version.ref}, {"trees": 500, "pixel_samples": 20000}
    )
    for _ in range(600):
        if tasks.get_task(ws, task_id).progress is not None:
            break
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in errors
    assert models.list_models(ws) == ()
    assert os.listdir(tasks.task_folder(ws, task_id)) == []
