"""Nothing that is done below a folder gets out of it by a link, however many folders there are."""

import os
from pathlib import Path

import pytest

from clew.store import places as places_module
from clew.store.places import OPEN_FOLDERS, Places


@pytest.fixture(params=[True, False], ids=["descriptors", "paths"])
def by_fd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(places_module, "_BY_FD", request.param)
    return bool(request.param)


@pytest.mark.usefixtures("by_fd")
def test_a_link_on_the_way_is_no_folder(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    (outside / "deep").mkdir(parents=True)
    root.mkdir()
    (root / "link").symlink_to(outside)
    (root / "file").write_text("x")
    with Places(os.fspath(root)) as places:
        for path in ("link/new", "link/deep/new", "file/new", "missing/new"):
            assert not places.has_above(path)
            assert places.stat(path) is None
            with pytest.raises(FileNotFoundError, match=path):
                places.rename("file", path)
            with pytest.raises(FileNotFoundError):
                places.mkdir(path)
        assert places.listdir("link") is None
        assert places.stat("link") is not None
    assert (root / "file").read_text() == "x"
    assert os.listdir(outside) == ["deep"]


@pytest.mark.usefixtures("by_fd")
def test_many_folders_and_one_that_comes_again(tmp_path: Path) -> None:
    with Places(os.fspath(tmp_path)) as places:
        for i in range(3 * OPEN_FOLDERS):
            places.mkdir(f"{i}")
            places.mkdir(f"{i}/inner")
        assert len(places._open) <= OPEN_FOLDERS
        places.rename("7/inner", "8/from 7")
        places.rmdir("7")
        places.mkdir("7")
        places.mkdir("7/new")
        assert places.listdir("7") == ["new"]
        assert sorted(places.listdir("8") or ()) == ["from 7", "inner"]
    assert not places._open
