"""Tasks, labeling jobs, models and reports."""

import json
from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.sdk.api import Api
from clew.sdk.infos import ProjectInfo
from clew.sdk.task import TaskApi


def predictions(api: Api, project: ProjectInfo, path: Path, *, wrong: int = 0) -> Path:
    """The truth as predictions in COCO form; the first `wrong` boxes are elsewhere."""
    classes = api.project.classes(project.id)
    images, annotations = [], []
    for number, item in enumerate(api.project.items(project.id), start=1):
        assert item.annotation is not None
        images.append({"id": number, "file_name": item.path, "width": 48, "height": 32})
        for thing in item.annotation.things:
            x, y, w, h = thing.box
            shift = 40 if number <= wrong else 0
            annotations.append(
                {
                    "image_id": number,
                    "category_id": classes.index(thing.cls) + 1,
                    "bbox": [x + shift, y, w, h],
                    "score": 0.9,
                }
            )
    categories = [{"id": i + 1, "name": name} for i, name in enumerate(classes)]
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path


def test_the_current_task_reports(api: Api) -> None:
    task = api.task.current()
    assert task is api.task.current()
    assert task.params == {}
    assert task.inputs == {}
    assert task.folder.is_dir()
    task.progress(1, 4, "Reading")
    info = api.task.get_info_by_id(task.id)
    assert (info["id"], info["status"], info["teamId"], info["progress"]) == (task.id, "running", 1, 0.25)
    assert info["meta"]["app"]["id"] is None
    for done in range(2, 400):  # only some are kept, the last one always is
        task.progress(done, 400)
    task.progress(400, 400)
    assert api.task.get_info_by_id(task.id)["progress"] == 1.0
    task.progress(0, 0, "Storing")
    assert api.task.get_info_by_id(task.id)["progress"] is None
    task.metric("loss", 0.5)
    task.metric("mAP 50", 0.25)
    task.metric("loss", 0.25)
    task.message("Trained")
    info = api.task.get_info_by_id(task.id)
    assert info["metrics"] == {"loss": 0.25, "mAP 50": 0.25}
    assert info["message"] == "Trained"
    with pytest.raises(UserError):
        api.task.get_info_by_id(99)


def test_progress_writes_at_most_ten_rows_a_second(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from clew.sdk import task as module
    from clew.services import tasks

    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    kept: list[float | None] = []
    monkeypatch.setattr(tasks, "set_progress", lambda ws, task, fraction, text: kept.append(fraction))
    current = api.task.current()
    for step in range(1, 100):
        now[0] += 0.01
        current.progress(step, 200)
    assert 9 <= len(kept) <= 11
    assert kept == sorted(kept)  # type: ignore[type-var]  # no None among them, or the sort fails


def test_named_inputs_of_a_started_task(api: Api, finds: ProjectInfo) -> None:
    from clew.model.refs import BlockKind, BlockRef
    from clew.services.tasks import create_task

    version = api.project.version.get_info_by_number(finds.id, 1)
    inputs = {
        "project": BlockRef(BlockKind.VERSION, version.id),
        "raw": BlockRef(BlockKind.PROJECT, finds.id),
    }
    made = create_task(api.workspace, "Trainer", "train", inputs=inputs)
    with Api(api.workspace_path, task_id=made.id) as inside:
        found = inside.task.current().inputs
    assert found["project"] == ("version", version.id, finds.id, version.id, 1)
    assert found["raw"].project_id == finds.id
    assert found["raw"].version_id is None


def test_status_names_move_over() -> None:
    assert TaskApi.Status.FINISHED == "done"
    assert TaskApi.Status.ERROR == "failed"


def test_starting_and_waiting_for_an_app(api: Api, coco_file: object, tmp_path: Path) -> None:
    source = coco_file(3, name="to import")  # type: ignore[operator]  # a fixture that makes folders
    task_id = api.task.start("import", params={"source": str(source), "project": "Imported"})
    info = api.task.wait(task_id)
    assert info["status"] == "done", info["message"]
    assert info["meta"]["app"]["id"] == "import"
    project = api.project.get_info_by_name(None, "Imported", raise_error=True)
    assert project is not None
    assert project.items_count == 3
    assert api.workflow.graph(task_id=task_id).number_of_edges() >= 1
    assert api.task.wait(task_id, timeout=1)["status"] == "done"
    for app, params, words in (("nothing", {}, "no app"), ("import", {"speed": 1}, "speed")):
        with pytest.raises(UserError, match=words):
            api.task.start(app, params=params)


def test_models_are_numbered_and_linked(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    with pytest.raises(UserError, match="no model files"):
        api.model.create("Detector", folder, "PyTorch", ["silver"])
    (folder / "w.bin").write_bytes(b"1" * 100)
    version = api.project.version.get_id_by_number(finds.id, 1)
    first = api.model.create("Detector", folder, "PyTorch", ["silver", "copper"], version, info={"a": 1})
    (folder / "w.bin").write_bytes(b"2" * 100)
    second = api.model.create("Detector", folder / "w.bin", "PyTorch", ["silver"])
    assert (first.number, second.number, second.files_count) == (1, 2, 1)
    assert first.version_id == version
    assert first.info == {"a": 1}
    assert api.model.get_info_by_id(first.id) == first
    assert {m.id for m in api.model.get_list()} == {first.id, second.id}
    back = api.model.download(second.id, tmp_path / "back")
    assert (back / "w.bin").read_bytes() == b"2" * 100
    graph = api.workflow.graph()
    assert graph.has_edge(f"task:{api.task_id}", f"model:{first.id}")
    assert graph.has_edge(f"version:{version}", f"task:{api.task_id}")


def test_reports_are_computed_and_linked(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    version = api.project.version.get_id_by_number(finds.id, 1)
    perfect = api.report.create(version, "all", predictions(api, finds, tmp_path / "p.json"), name="Perfect")
    worse = api.report.create(version, "all", predictions(api, finds, tmp_path / "q.json", wrong=3))
    assert perfect.metrics["map"] == pytest.approx(1.0)
    assert worse.metrics["recall"] == pytest.approx(0.5)
    assert [r.name for r in api.report.get_list()][-1] == "Perfect"
    assert api.report.get_info_by_id(perfect.id) == perfect
    assert api.workflow.graph(project_id=finds.id).has_edge(f"task:{api.task_id}", f"report:{perfect.id}")
    with pytest.raises(UserError, match="no such file"):
        api.report.create(version, "all", tmp_path / "missing.json")


def test_labeling_jobs(api: Api, finds: ProjectInfo) -> None:
    job = api.labeling_job.create("Copper", finds.id, "Ada", description="Look again")
    assert (job.name, job.project_name, job.assigned_to_login, job.status) == (
        "Copper",
        "Coin finds",
        "Ada",
        "open",
    )
    done = api.labeling_job.update(job.id, status="done", items_done=6)
    assert (done.status, done.finished_images_count) == ("done", 6)
    assert api.labeling_job.get_info_by_id(job.id) == done
    assert api.labeling_job.get_list(finds.id) == [done]
    with pytest.raises(UserError):
        api.labeling_job.update(job.id, status="somehow")
