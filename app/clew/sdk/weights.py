"""Weight files as models: kept once by their content, whatever they are called."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from clew.base.errors import UserError

if TYPE_CHECKING:
    from clew.model.entities import Model
    from clew.services.workspace import Workspace

FRAMEWORKS = {
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".ckpt": "PyTorch",
    ".safetensors": "safetensors",
    ".onnx": "ONNX",
    ".keras": "Keras",
    ".h5": "Keras",
    ".tflite": "TensorFlow Lite",
    ".engine": "TensorRT",
    ".joblib": "scikit-learn",
}


def keep_weights(ws: "Workspace", path: Path, *, task_id: int | None) -> "Model":
    """The model whose files hold this weight file; a new one when there is none.

    Args:
        ws: the workspace.
        path: the weight file, or a folder of them.
        task_id: the task that made it; None when it was only read.

    Raises:
        UserError: there is no such file.
    """
    from clew.services.models import create_model

    if not path.exists():
        raise UserError(f"There is no file {path}.")
    if known := _known(ws, path):
        return known
    with as_folder(ws, path) as folder:
        return create_model(
            ws,
            path.stem or path.name,
            folder,
            framework=FRAMEWORKS.get(path.suffix.lower(), "unknown"),
            classes=(),
            task_id=task_id,
            info={"source": str(path)},
        )


@contextmanager
def as_folder(ws: "Workspace", path: Path) -> Iterator[Path]:
    """A folder as it is; one file alone in a temporary folder, linked where the file system can."""
    if not path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="weights-", dir=ws.cache_dir) as folder:
        target = Path(folder) / path.name
        try:
            os.link(path.resolve(), target)
        except OSError:  # another volume, or no hard links there
            shutil.copyfile(path, target)
        yield Path(folder)


def _known(ws: "Workspace", path: Path) -> "Model | None":
    from clew.services.files import register_file
    from clew.services.models import list_models, model_files

    if path.is_dir():
        return None
    content = register_file(ws, path, model_weight=True).hash
    for summary in list_models(ws):
        if any(entry.id == content for entry in model_files(ws, summary.model.id)):
            return summary.model
    return None
