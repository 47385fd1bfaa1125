"""Quick trainer: learns from a version, and stores a model with its predictions on the split kept back."""

import json
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from clew import Api
from clew.apps import predictions
from clew.apps.ending import run_app
from clew.apps.quick_trainer.learn import Lesson, fit
from clew.apps.quick_trainer.model import Settings, predict_all
from clew.base.errors import UserError
from clew.base.words import count, listing
from clew.model.annotations import Item
from clew.sdk.splits import AUTO, Split, choose, labelled_of

FRAMEWORK = "Clew quick detector"
PREDICT = [
    "{python}", "-m", "clew.apps.quick_trainer.predict",
    "--model", "{model}", "--pictures", "{pictures}", "--output", "{output}",
]  # fmt: skip
_SETTINGS = {  # least and greatest, as in app.toml
    "picture_size": (64, 2048),
    "trees": (4, 500),
    "pixel_samples": (50, 20000),
    "seed": (0, 2**31 - 1),
}


def main() -> None:
    """Train on the version given as input, store the model and its predictions."""
    api = Api.from_env()
    run = api.task.current()
    data = run.inputs.get("project")
    if data is None or data.project_id is None:
        raise UserError("Quick trainer needs a project to learn from. Choose one as input.")
    project = api.project.get_info_by_id(data.project_id, raise_error=True)
    assert project is not None  # else it was raised
    name = project.name
    settings = settings_of(run.params)
    items = api.project.items(data.project_id, data.version_id)
    split = choose_split(items, str(run.params.get("split") or AUTO), name)

    project_id, version_id = data.project_id, data.version_id

    def read(path: str) -> bytes:
        return api.project.read(project_id, path, version_id)

    classes = classes_of(items, api.project.classes(data.project_id, data.version_id))
    run.progress(0, 0, "Starting")
    with tempfile.TemporaryDirectory(prefix="model-", dir=run.folder) as place:
        folder = Path(place)
        info = train(
            split, classes, read,
            settings=settings, folder=folder, tell=_paced(run.progress), version_id=version_id,
        )  # fmt: skip
        info["project"] = name
        describe(folder, classes, settings, info)
        run.progress(1, 1, "Storing the model")
        api.model.create(
            f"{name} detector", folder, FRAMEWORK, list(classes), version_id=version_id, info=info
        )
    for metric in ("training_pictures", "training_seconds", "inference_ms"):
        run.metric(metric, float(info[metric]))
    run.message(summary(info, settings))


def summary(info: dict[str, Any], settings: Settings) -> str:
    """How the training went, in a line: "Trained on 80 pictures"."""
    pictures = int(info["training_pictures"])
    text = f"Trained on {count(pictures, 'picture')}"
    if pictures > settings.pixel_pictures:
        text = f"Trained on {settings.pixel_pictures:,} pictures, drawn from {pictures:,}"
    if info["unreadable"]:
        text += f"; left out what could not be read: {listing(info['unreadable'])}"
    return text


def settings_of(params: dict[str, Any]) -> Settings:
    """The settings among a task's parameters.

    Raises:
        UserError: one is not a whole number in its range.
    """
    chosen: dict[str, int] = {}
    for name, (least, most) in _SETTINGS.items():
        value = params.get(name)
        if value in (None, ""):
            continue
        try:
            chosen[name] = int(str(value))
        except ValueError:
            raise UserError(f"{name} must be a whole number, but it is {value!r}.") from None
        if not least <= chosen[name] <= most:
            raise UserError(f"{name} must be from {least} to {most}, but it is {value}.")
    return Settings(**chosen)


def choose_split(items: Sequence[Item], wanted: str, name: str) -> Split:
    """What to learn from and what to keep back.

    Raises:
        UserError: there are no boxes, or none outside of the split.
    """
    labelled = labelled_of(items)
    if not any(item.annotation.things for item in labelled if item.annotation):
        raise UserError(f"{name} has no boxes to learn from; import annotations first.")
    split = choose(labelled, wanted)
    if not any(item.annotation.things for item in split.learn if item.annotation):
        raise UserError(
            f"All boxes of {name} are in {split.name}, which is kept out of training. Choose another split."
        )
    return split


def classes_of(items: Sequence[Item], known: Sequence[str]) -> tuple[str, ...]:
    """The project's classes in their order, then any that only objects name; ones never used are left out."""
    used = {thing.cls for item in items if item.annotation for thing in item.annotation.things}
    return (*(name for name in known if name in used), *sorted(used.difference(known)))


def train(
    split: Split,
    classes: Sequence[str],
    read: Callable[[str], bytes],
    *,
    settings: Settings,
    folder: Path,
    tell: Callable[[int, int, str], None],
    version_id: int | None = None,
) -> dict[str, Any]:
    """Fit, save the weights and the predictions on the split into `folder`, and say how it went."""
    lessons = [Lesson(item.path, item.annotation.things) for item in split.learn if item.annotation]
    tests = len(split.test)
    began = time.perf_counter()
    try:
        detector, unreadable = fit(
            lessons, classes, read, settings, lambda done, total, text: tell(done, total + tests, text)
        )
    except ValueError as error:
        raise UserError(f"Nothing could be learned: {error}.") from error
    seconds = time.perf_counter() - began
    detector.save(folder)
    found, spent, lost = predict_all(detector, [item.path for item in split.test], read, tell)
    inference = round(1000 * spent / max(1, len(found)), 2)
    about = {"version_id": version_id, "split": split.name, "inference_ms": inference}
    predictions.write(folder / "predictions.json", predictions.document(found, classes, **about))
    return {
        "training_pictures": len(lessons) - len(unreadable),
        "training_objects": sum(len(lesson.things) for lesson in lessons),
        "training_seconds": round(seconds, 2),
        "inference_ms": inference,
        "split": split.name,
        "unreadable": [*unreadable, *lost],
    }


def describe(folder: Path, classes: Sequence[str], settings: Settings, info: dict[str, Any]) -> None:
    """Write model.json: what the model is, and everything needed to run it again."""
    about = {
        "framework": FRAMEWORK,
        "format": 1,
        "classes": list(classes),
        "parameters": vars(settings),
        "weights": "weights.npz",
        "predict": PREDICT,
        "trained": info,
        "libraries": {
            "python": platform.python_version(),
            **{name: installed(name) for name in ("clew", "numpy", "scipy", "scikit-learn", "pillow")},
        },
    }
    (folder / "model.json").write_text(json.dumps(about, indent=2, ensure_ascii=False), encoding="utf-8")


def _paced(show: Callable[[int, int, str], object]) -> Callable[[int, int, str], None]:
    """Pass progress on five times a second at most: each report is a write to the workspace."""
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 0.2 or done == total:
            last = now
            show(done, total, text)

    return tell


if __name__ == "__main__":
    run_app(main)
