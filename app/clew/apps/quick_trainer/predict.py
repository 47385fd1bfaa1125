"""Runs a quick detector on a folder of pictures and writes what it finds as COCO."""

import argparse
from pathlib import Path

from clew.apps import predictions
from clew.apps.ending import run_app
from clew.apps.quick_trainer.model import Detector, predict_all
from clew.base.errors import DamagedError, UserError

_ENDINGS = frozenset(
    (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".jp2")
)


def predict(model: Path, pictures: Path, output: Path) -> int:
    """Detect in all pictures below a folder; file names in the output are relative to it, with "/".

    Returns:
        How many pictures were looked at.

    Raises:
        UserError: a folder is missing, or there is no picture in it.
        DamagedError: the model's weights are missing or damaged.
    """
    try:
        detector = Detector.open(model)
    except (ValueError, KeyError, OSError) as error:
        raise DamagedError(f"The model in {model} cannot be loaded: {error}.", ("weights.npz",)) from error
    if not pictures.is_dir():
        raise UserError(f"There is no folder {pictures} with pictures.")
    found = sorted(path for path in pictures.rglob("*") if path.suffix.lower() in _ENDINGS)
    names = [path.relative_to(pictures).as_posix() for path in found]
    if not names:
        raise UserError(f"There are no pictures in {pictures}.")
    results, spent, _ = predict_all(detector, names, lambda name: (pictures / name).read_bytes())
    inference = round(1000 * spent / max(1, len(results)), 2)
    predictions.write(output, predictions.document(results, detector.classes, inference_ms=inference))
    return len(results)


def main() -> None:
    """Command line: --model FOLDER --pictures FOLDER --output FILE."""
    parser = argparse.ArgumentParser(description="Find objects in pictures with a quick detector")
    parser.add_argument("--model", type=Path, required=True, help="folder with weights.npz")
    parser.add_argument("--pictures", type=Path, required=True, help="folder with pictures")
    parser.add_argument("--output", type=Path, required=True, help="COCO file to write")
    given = parser.parse_args()
    print(f"{predict(given.model, given.pictures, given.output)} pictures")


if __name__ == "__main__":
    run_app(main)
