"""Weight files as models: kept once by their content, whatever they are called."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clew.base.errors import NothingToDo, UserError, explain_os_error
from clew.base.progress import Progress
from clew.model.entities import Model
from clew.services.files import register_file
from clew.services.models import create_model, list_models, model_files
from clew.services.workspace import Workspace
from clew.store.hashing import hash_file

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


def keep_weights(ws: Workspace, path: Path, *, task_id: int | None) -> Model:
    """The model whose files hold this weight file; a new one when there is none.

    Args:
        ws: the workspace.
        path: the weight file, or a folder of them.
        task_id: the task that made it; None when it was only read.

    Raises:
        UserError: there is no such file.
    """
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
def as_folder(ws: Workspace, path: Path) -> Iterator[Path]:
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


def _known(ws: Workspace, path: Path) -> Model | None:
    return None if path.is_dir() else _with_file(ws, register_file(ws, path, model_weight=True).hash)


def _with_file(ws: Workspace, content: str) -> Model | None:
    """The newest model that has a file with this content."""
    for summary in list_models(ws):
        if any(entry.id == content for entry in model_files(ws, summary.model.id)):
            return summary.model
    return None


def is_weights(path: Path) -> bool:
    """True for a file that is a trained model by its ending."""
    return path.suffix.lower() in FRAMEWORKS and path.is_file()


def framework_of(path: Path) -> str:
    """What a weight file is for by its ending, or ""."""
    return FRAMEWORKS.get(path.suffix.lower(), "")


def add_model(
    ws: Workspace,
    path: Path,
    name: str = "",
    *,
    framework: str = "",
    classes: tuple[str, ...] = (),
    version_id: int | None = None,
    progress: Progress | None = None,
) -> Model:
    """Keep a model that was trained elsewhere: a weight file, or a folder with all that it needs.

    A program that it brings is not run before somebody trusts it (services/trust.py).

    Raises:
        UserError: there is no such file; NothingToDo: it is a model here already; SurroundingsError.
    """
    path = path.expanduser().absolute()
    if not path.exists():
        raise UserError(f"There is no file or folder {path}.")
    if path.is_file():
        try:
            known = _with_file(ws, hash_file(path))
        except OSError as error:
            raise explain_os_error(error, f"reading {path}") from error
        if known is not None:
            raise NothingToDo(
                f"{path.name} is here already: it is the model {known.name}, version {known.number}."
            )
    with as_folder(ws, path) as folder:
        return create_model(
            ws,
            name.strip() or path.stem or path.name,
            folder,
            framework=framework.strip() or framework_of(path) or "unknown",
            classes=classes,
            version_id=version_id,
            info={"source": str(path)},
            progress=progress,
        )
