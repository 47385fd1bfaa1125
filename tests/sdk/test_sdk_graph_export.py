"""`api.workflow.export`."""

import json
from pathlib import Path
from typing import Any

import pytest

from clew.base.errors import UsageError, UserError
from clew.sdk.api import Api
from clew.sdk.infos import ProjectInfo


@pytest.fixture
def finds(api: Api, finds: ProjectInfo) -> ProjectInfo:
    """The project of the other tests, read by this script."""
    api.app.workflow.add_input_project(finds, version_num=1)
    return finds


def test_every_format_goes_to_its_file(api: Api, finds: ProjectInfo, tmp_path: Path, qapp: object) -> None:
    begins = {
        "a.json": b"{",
        "a.dot": b"digraph",
        "a.mmd": b"flowchart LR",
        "a.ndjson": b'{"eventType": "START"',
        "a.svg": b"<?xml",
        "a.pdf": b"%PDF-",
        "a.png": b"\x89PNG",
    }
    for name, begin in begins.items():
        path = api.workflow.export(tmp_path / name)
        assert path == tmp_path / name
        assert path.read_bytes().startswith(begin), name
    assert api.workflow.export(tmp_path / "ü graph", "dot", finds.id).read_text("utf-8").startswith("digraph")


def test_only_some_blocks(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    refs = set(api.workflow.graph())
    assert "version:1" in refs
    assert len(refs) > 1
    path = api.workflow.export(tmp_path / "some.json", only=["version:1"])
    data = json.loads(path.read_text("utf-8"))
    assert [block["ref"] for block in data["blocks"]] == ["version:1"]
    assert data["links"] == []


def test_scale_and_ground_of_a_picture(api: Api, finds: ProjectInfo, tmp_path: Path, qapp: object) -> None:
    from PIL import Image

    with Image.open(api.workflow.export(tmp_path / "1.png", scale=1)) as small:
        assert small.mode == "RGB"
        with Image.open(api.workflow.export(tmp_path / "3.png", scale=3, transparent=True)) as large:
            assert large.width == pytest.approx(3 * small.width, abs=3)
            assert large.getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a.xyz", {}),
        ("a", {}),
        ("a.svg", {"format": "gif"}),
        ("a.svg", {"theme": "blue"}),
        ("a.dot", {"only": ["x"]}),
    ],
)
def test_what_is_not_known_is_said(api: Api, tmp_path: Path, name: str, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        api.workflow.export(tmp_path / name, **more)
    assert not list(tmp_path.glob("a*"))


def test_what_is_not_there_is_said(api: Api, finds: ProjectInfo, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no version:99"):
        api.workflow.export(tmp_path / "a.dot", only=["version:99"])
    with pytest.raises(UserError):
        api.workflow.export(tmp_path / "none" / "a.dot")


def test_without_the_window_a_picture_says_how_to_get_it(
    api: Api, finds: ProjectInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(module: str) -> None:
        raise ModuleNotFoundError("No module named 'PySide6'", name="PySide6")

    monkeypatch.setattr("clew.base.window.import_module", absent)
    for name in ("a.svg", "a.png", "a.pdf"):
        with pytest.raises(UserError, match=r'pip install "clew\[app\]"'):
            api.workflow.export(tmp_path / name)
    assert api.workflow.export(tmp_path / "a.mmd").exists()
