from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.base.find_workspace import find_workspace, read_env_file


def a_workspace(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "workspace.db").touch()
    return folder


def test_the_sources_are_asked_in_their_order(tmp_path: Path) -> None:
    named, variable, kept, around = (
        a_workspace(tmp_path / n) for n in ("named", "variable", "kept", "around")
    )
    env_file = tmp_path / "clew.env"
    env_file.write_text(f'# where\nexport CLEW_WORKSPACE="{kept}"\n', "utf-8")
    inside = around / "projects" / "a"
    inside.mkdir(parents=True)
    nowhere = tmp_path / "none.env"
    environ = {"CLEW_WORKSPACE": str(variable)}
    assert find_workspace(named, env_file=env_file, environ=environ, start=inside) == named
    assert find_workspace(env_file=env_file, environ=environ, start=inside) == variable
    assert find_workspace(env_file=env_file, environ={}, start=inside) == kept
    assert find_workspace(env_file=nowhere, environ={}, start=inside) == around


def test_a_wrong_name_is_told_and_not_passed_over(tmp_path: Path) -> None:
    around = a_workspace(tmp_path / "around")
    gone = tmp_path / "gone"
    with pytest.raises(UserError, match=r"no workspace in .*gone \(CLEW_WORKSPACE names it\).*clew init"):
        find_workspace(env_file=gone, environ={"CLEW_WORKSPACE": str(gone)}, start=around)
    with pytest.raises(UserError, match="Set CLEW_WORKSPACE"):
        find_workspace(env_file=gone, environ={}, start=tmp_path)


def test_env_files_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / "ümlaut.env"
    path.write_text("\n A = 1 \n#B=2\nexport C='with = and space'\nnothing\nD=\n", "utf-8-sig")
    assert read_env_file(path) == {"A": "1", "C": "with = and space", "D": ""}
    assert read_env_file(tmp_path / "missing") == {}
    assert read_env_file(tmp_path) == {}
