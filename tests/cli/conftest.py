"""`run("version", "list", …)` calls the command line in this process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clew.cli.main import run as run_words


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Done]:
    """Runs in a folder that is no workspace, without a file in the home that names one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Done:
        capsys.readouterr()
        code = run_words([str(word) for word in words])
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return call


@pytest.fixture
def place(tmp_path: Path, run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a folder with spaces and umlauts, named by the environment."""
    path = tmp_path / "Grüne Wiese"
    assert run("init", path).code == 0
    monkeypatch.setenv("CLEW_WORKSPACE", str(path))
    return path


@pytest.fixture
def finds(place: Path, run: Callable[..., Done], coco_file: Callable[..., Path]) -> str:
    """A project of six pictures, saved as version 1."""
    assert run("import", coco_file(6), "--project", "Coin finds").code == 0
    assert run("version", "create", "Coin finds", "--title", "First finds").code == 0
    return "Coin finds"


@pytest.fixture
def folder(place: Path, finds: str) -> Path:
    """The working folder of the project."""
    return place / "projects" / finds
