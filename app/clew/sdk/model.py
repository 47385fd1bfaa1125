"""Trained models."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clew.model.refs import BlockKind, BlockRef
from clew.sdk.convert import model_info
from clew.sdk.infos import ModelInfo

if TYPE_CHECKING:
    from clew.sdk.api import Api


class ModelApi:
    """`api.model`."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def create(
        self,
        name: str,
        folder: str | Path,
        framework: str,
        classes: Sequence[str],
        version_id: int | None = None,
        *,
        info: dict[str, Any] | None = None,
    ) -> ModelInfo:
        """Keep a trained model as an output of this task.

        Args:
            name: what it is called; models of one name are numbered 1, 2, 3.
            folder: a folder with its weight files and all that is needed to run it, or one weight file.
            framework: as "PyTorch" or "scikit-learn".
            classes: the names of its classes in the order of its outputs.
            version_id: the version it was trained on.
            info: anything to show with it: input size, backbone …

        Raises:
            UserError: the folder is not there or empty.
        """
        from clew.services.models import create_model
        from clew.services.weights import as_folder

        ws, task_id = self._api.workspace, self._api.session.task()
        with as_folder(ws, Path(folder)) as files:
            model = create_model(
                ws,
                name,
                files,
                framework=framework,
                classes=tuple(classes),
                version_id=version_id,
                task_id=task_id,
                info=dict(info or {}),
            )
        if version_id is not None:
            self._api.session.read(BlockRef(BlockKind.VERSION, version_id))
        return model_info(model)

    def get_info_by_id(self, id: int) -> ModelInfo:
        """One model.

        Raises:
            UserError: there is none.
        """
        from clew.services.models import get_model

        return model_info(get_model(self._api.workspace, id))

    def get_list(self) -> list[ModelInfo]:
        """All models."""
        from clew.services.models import list_models

        return [model_info(summary.model) for summary in list_models(self._api.workspace)]

    def untrusted_program(self, id: int) -> str:
        """The command that the model would run and that nobody here has trusted; "" when it may run.

        Models that a task on this account has made are trusted.
        """
        from clew.services.trust import untrusted_program

        return untrusted_program(self._api.workspace, id)

    def trust(self, id: int) -> None:
        """Let a model that came from elsewhere run its program, because you know who made it."""
        from clew.services.trust import trust

        trust(self._api.workspace, id)

    def download(self, model_id: int, folder: str | Path) -> Path:
        """Write the files of a model into a new folder, and return it."""
        from clew.services.models import download_model

        download_model(self._api.workspace, model_id, Path(folder))
        return Path(folder)
