"""Evaluate: predictions of a model on one split of a version become a report."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from clew import Api
from clew.apps import predictions
from clew.apps.ending import run_app
from clew.base.errors import UserError
from clew.base.words import count
from clew.model.annotations import Item
from clew.sdk.splits import AUTO, choose_name, labelled_of, part


def main() -> None:
    """Evaluate the model on the version, both given as inputs, and store the report."""
    api = Api.from_env()
    run = api.task.current()
    data, chosen = run.inputs.get("project"), run.inputs.get("model")
    if data is None or data.project_id is None or chosen is None:
        raise UserError("Evaluate needs a project and a model. Choose both as inputs.")
    if data.version_id is None:
        raise UserError("Evaluate needs a saved version. Save a version of the project first.")
    project_id, version_id = data.project_id, data.version_id

    def read(path: str) -> bytes:
        return api.project.read(project_id, path, version_id)

    model = api.model.get_info_by_id(chosen.id)
    items = labelled_of(api.project.items(project_id, version_id))
    if not items:
        raise UserError("There are no annotations to compare with; import annotations first.")
    with tempfile.TemporaryDirectory(prefix="evaluate-", dir=run.folder) as place:
        folder = Path(place) / "model"
        run.progress(0, 0, f"Fetching {model.name} {model.number}")
        api.model.download(chosen.id, folder)
        ready = folder / "predictions.json"
        split = split_of(items, str(run.params.get("split") or AUTO), ready, version_id)
        if not fits(ready, split, version_id):
            ready = Path(place) / "predictions.json"
            check_trust(f"{model.name}, version {model.number}", api.model.untrusted_program(chosen.id))
            tested = part(items, split)
            pictures = Path(place) / "pictures"
            fetch_pictures(read, tested, pictures, run.progress)
            run.progress(0, 0, f"Finding objects in {count(len(tested), 'picture')}")
            run_model(folder, pictures, ready)
            stamp(ready, tested, version_id=version_id, split=split)
        run.progress(0, 0, "Evaluating")
        report = api.report.create(version_id, split, ready, model_id=chosen.id)
    for name, value in report.metrics.items():
        if value is not None:
            run.metric(name, float(value))
    run.message(f"{headline(report.metrics)} on {split}")


def split_of(items: Sequence[Item], wanted: str, ready: Path, version_id: int) -> str:
    """As wanted; else what the model was tested on, if that was this version; else test, val, one in five."""
    info = predictions.read_info(ready)
    if wanted == AUTO and info.get("version_id") == version_id and info.get("split"):
        return str(info["split"])
    return choose_name(items, wanted)


def fits(ready: Path, split: str, version_id: int) -> bool:
    """Whether the model brought predictions for just this version and split."""
    info = predictions.read_info(ready)
    return info.get("version_id") == version_id and info.get("split") == split


def fetch_pictures(
    read: Callable[[str], bytes],
    items: Sequence[Item],
    folder: Path,
    tell: Callable[[int, int, str], None],
) -> None:
    """Lay the pictures out under their paths, where the model's program finds them."""
    for done, item in enumerate(items, start=1):
        target = folder / item.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read(item.path))
        tell(done, len(items), "Fetching pictures")


def check_trust(name: str, program: str) -> None:
    """Refuse to run the program of a model that came from elsewhere.

    Raises:
        UserError: `program` is a command that nobody here has trusted.
    """
    if program:
        raise UserError(
            f"{name}, was not made by a task of yours, and evaluating it runs a program that it brings. It "
            "was not started. If you know who made it, allow it in the window, or with "
            f"clew run evaluate --trust. The program is: {program[:100]}"
        )


def run_model(model: Path, pictures: Path, output: Path) -> None:
    """Start the program that model.json names; {python}, {model}, {pictures}, {output} are filled in.

    Raises:
        UserError: the model does not say how it is run, or its program failed.
    """
    try:
        about = json.loads((model / "model.json").read_text(encoding="utf-8"))
        command = [str(word) for word in about["predict"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            "The model has no predictions for this version and does not say how it is run. "
            'Put a model.json with a "predict" command beside its weights.'
        ) from None
    places = {"python": sys.executable, "model": str(model), "pictures": str(pictures), "output": str(output)}
    for name, value in places.items():
        command = [word.replace("{" + name + "}", value) for word in command]
    try:
        ended = subprocess.run(command, cwd=model, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise UserError(f"The model's program {command[0]} cannot be started: {error.strerror}.") from error
    if ended.returncode != 0 or not output.is_file():
        raise UserError("The model's program failed. Its last words are in the log.")


def stamp(path: Path, tested: Sequence[Item], **info: Any) -> None:
    """Write into a predictions file what it was computed on, and list every picture of the split."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content["info"] = {**(content.get("info") or {}), **info}
        listed = {image["file_name"] for image in content["images"]}
        number = max((int(image["id"]) for image in content["images"]), default=0)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("The model's program did not write predictions in COCO form.") from error
    for item in tested:  # a picture in which nothing was found, or which could not be read, counts as well
        if item.path not in listed:
            number += 1
            seen = item.annotation
            size = {"width": seen.width, "height": seen.height} if seen else {"width": 0, "height": 0}
            content["images"].append({"id": number, "file_name": item.path, **size})
    predictions.write(path, content)


def headline(metrics: dict[str, float | None]) -> str:
    """The figure that people ask for first."""
    value = metrics.get("map")
    return "mAP is undefined, there are no objects" if value is None else f"mAP {value:.3f}"


if __name__ == "__main__":
    run_app(main)
