"""A workspace with one saved project, and the Api on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clew.sdk.api import Api
from clew.sdk.infos import ProjectInfo


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace whose path has spaces and umlauts."""
    from clew.services.workspace import create_workspace

    path = tmp_path / "Grüne Wiese"
    create_workspace(path).close()
    return path


@pytest.fixture
def api(place: Path) -> Iterator[Api]:
    with Api(place) as opened:
        yield opened


@pytest.fixture
def finds(api: Api, coco_file: Callable[..., Path]) -> ProjectInfo:
    """Six pictures with one box each, saved as version 1."""
    project = api.project.import_data(coco_file(6), name="Coin finds").project
    api.project.version.create(project, "First finds", "All of them.")
    return project
