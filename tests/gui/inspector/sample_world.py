"""A small but whole workspace for the tests of the pages: pictures, versions, tasks, models, reports."""

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from clew.formats.native import ANNOTATION_SUFFIX, PROJECT_FILE, write_annotation, write_project
from clew.model.annotations import Annotation, ClassInfo, Thing
from clew.model.entities import TaskStatus
from clew.services import arrange, jobs, models, projects, reports, tasks, versions, workflow

CLASSES = ("bronze", "silver", "gold", "copper")
SIZE = (160, 120)


@dataclass
class World:
    """What was made, by name."""

    ws: object
    project: object
    versions: list
    trainings: list
    models: list
    reports: list
    running: object
    failed: object
    job: object


def draw(path: Path, things: tuple[Thing, ...], shade: int, ground: Image.Image | None) -> None:
    picture = ground.resize(SIZE) if ground else Image.new("RGB", SIZE, (40 + shade % 60, 90, 50))
    pen = ImageDraw.Draw(picture)
    for thing in things:
        x, y, w, h = thing.box
        fill = [(176, 110, 50), (190, 190, 195), (230, 190, 60), (200, 100, 70)][CLASSES.index(thing.cls)]
        pen.ellipse((x, y, x + w, y + h), fill=fill, outline=(30, 30, 30))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=90)


def things(seed: int, classes=CLASSES[:3]) -> tuple[Thing, ...]:
    dice = random.Random(seed)
    return tuple(
        Thing(
            classes[(seed + i) % len(classes)],
            (10.0 + 38 * i, dice.randint(8, 70), 30.0, 30.0),
            id=str(i + 1),
        )
        for i in range(3)
    )


def add_pictures(folder: Path, start: int, n: int, dataset: str, classes, ground=None) -> None:
    for number in range(start, start + n):
        path = folder / dataset / f"{number:04d}.jpg"
        made = things(number, classes)
        draw(path, made, number, ground)
        Path(str(path) + ANNOTATION_SUFFIX).write_bytes(write_annotation(Annotation(*SIZE, made)))


def relabel(path: Path, cls: str, *, move: float = 0.0) -> None:
    from clew.formats.native import read_annotation

    file = Path(str(path) + ANNOTATION_SUFFIX)
    found = read_annotation(file.read_bytes())
    first, second, *rest = found.things
    x, y, w, h = second.box
    changed = (replace(first, cls=cls), replace(second, box=(x + move, y, w, h)), *rest)
    file.write_bytes(write_annotation(replace(found, things=changed)))


def predict(ws, version, quality: float, ms: float, seed: int, split: str) -> bytes:
    dice = random.Random(seed)
    items = [
        i
        for i in projects.list_items(ws, version.project_id, version_id=version.id)
        if i.path.startswith(split)
    ]
    names = [c.name for c in projects.list_classes(ws, version.project_id, version_id=version.id)]
    rows = []
    for item in items:
        for thing in item.annotation.things:
            if dice.random() > quality:
                continue
            x, y, w, h = (v + dice.uniform(-3, 3) for v in thing.box)
            name = thing.cls if dice.random() < quality else dice.choice(names)
            rows.append((item.path, name, [x, y, w, h], round(dice.uniform(0.3, 0.99), 3)))
        if dice.random() > quality:
            rows.append((item.path, dice.choice(names), [100, 90, 20, 20], round(dice.uniform(0.05, 0.5), 3)))
    images = [
        {"id": n, "file_name": item.path, "width": SIZE[0], "height": SIZE[1]}
        for n, item in enumerate(items, 1)
    ]
    ids = {image["file_name"]: image["id"] for image in images}
    document = {
        "info": {"inference_ms": ms},
        "inference_ms": ms,
        "images": images,
        "categories": [{"id": n, "name": name} for n, name in enumerate(names, 1)],
        "annotations": [
            {
                "id": n,
                "image_id": ids[path],
                "category_id": names.index(name) + 1,
                "bbox": box,
                "score": score,
            }
            for n, (path, name, box, score) in enumerate(rows, 1)
        ],
    }
    return json.dumps(document).encode()


def train(ws, version, name: str, size: str):
    task = tasks.create_task(ws, "Quick trainer", "train", params={"picture_size": size, "trees": 40})
    tasks.start_task(ws, task.id, pid=1)
    workflow.record_input(ws, task.id, version.ref)
    tasks.log_file(ws, task.id).parent.mkdir(parents=True, exist_ok=True)
    tasks.log_file(ws, task.id).write_text("".join(f"epoch {i}: loss {1 / (i + 1):.4f}\n" for i in range(40)))
    weights = ws.path / "tmp-weights" / name / str(task.id)
    weights.mkdir(parents=True)
    (weights / "forest.bin").write_bytes(bytes(range(256)) * 40)
    (weights / "model.json").write_text("{}")
    model = models.create_model(
        ws, name, weights, framework="clew-forest", classes=CLASSES, task_id=task.id, version_id=version.id
    )
    tasks.set_metric(ws, task.id, loss=0.024, map=0.412)
    tasks.finish_task(ws, task.id, TaskStatus.DONE, message="Trained on 12 pictures.")
    return tasks.get_task(ws, task.id), model


def build(ws, grounds=(), more: int = 0) -> World:
    project = projects.create_project(ws, "Coin finds", "Coins on grass and gravel.")
    folder = Path(project.folder)
    ground = lambda n: grounds[n % len(grounds)] if grounds else None  # noqa: E731
    classes = tuple(ClassInfo(n, c) for n, c in zip(CLASSES, ("#b06e32", "#bebec3", "#e6be3c", "#c86446")))
    (folder / PROJECT_FILE).write_bytes(write_project(classes))
    add_pictures(folder, 0, 8 + more, "train", CLASSES[:3], ground(0))
    add_pictures(folder, 500, 6, "val", CLASSES, ground(1))
    first = versions.create_version(ws, project.id, "Baseline")
    add_pictures(folder, 900, 4, "train", CLASSES, ground(2))
    for number in range(3):
        relabel(folder / "train" / f"{number:04d}.jpg", "copper", move=6.0 * number)
    (folder / "train" / "0007.jpg").unlink()
    (folder / "train" / ("0007.jpg" + ANNOTATION_SUFFIX)).unlink()
    second = versions.create_version(
        ws, project.id, "Copper added", "Gravel pictures added. Boxes checked twice; copper is still rare."
    )
    trained = [
        train(ws, first, "forest", "320"),
        train(ws, second, "forest", "320"),
        train(ws, second, "YOLO", "640"),
    ]
    made = [
        reports.evaluate_predictions(
            ws,
            second.id,
            "val",
            predict(ws, second, quality, ms, seed, "val"),
            model_id=model.id,
            task_id=task.id,
        )
        for seed, ((task, model), quality, ms) in enumerate(
            zip(trained, (0.6, 0.75, 0.93), (21.4, 21.3, 34.8))
        )
    ]
    running = tasks.create_task(ws, "Quick trainer", "train", params={"picture_size": "320"})
    tasks.start_task(ws, running.id, pid=1)
    tasks.set_progress(ws, running.id, 0.62, "Growing trees")
    workflow.record_input(ws, running.id, second.ref)
    failed = tasks.create_task(ws, "Export labels", "export", params={"format": "yolo"})
    tasks.start_task(ws, failed.id, pid=1)
    tasks.add_note(ws, failed.id, "1 link not recorded: there is no version 7 of Garden birds")
    tasks.finish_task(
        ws, failed.id, TaskStatus.FAILED, message="The folder out is full; free some space.", exit_code=1
    )
    job = jobs.create_job(ws, "Fix copper labels", project.id, assigned_to="Ada", items_total=120)
    arrange.describe(ws, trained[2][1].ref, "The first with a large picture.")
    return World(
        ws,
        project,
        [first, second],
        [t for t, _ in trained],
        [m for _, m in trained],
        made,
        tasks.get_task(ws, running.id),
        tasks.get_task(ws, failed.id),
        job,
    )
