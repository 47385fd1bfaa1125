"""`clew graph` of some blocks, and how its pictures can be asked for."""

from collections.abc import Callable
from pathlib import Path

from clew.base.errors import UserError


def test_only_some_blocks_as_text(run: Callable, finds: str, tmp_path: Path) -> None:
    whole = run("graph").json
    refs = {block["ref"] for block in whole["blocks"]}
    some = run("graph", "--only", f"{finds}@1").json
    assert [block["ref"] for block in some["blocks"]] == ["version:1"]
    task = next(ref for ref in refs if ref.startswith("task:"))
    both = run("graph", "--only", "version:1", "--only", task).json
    assert {block["ref"] for block in both["blocks"]} == {"version:1", task}
    assert len(both["links"]) == 1
    assert (
        "version_1" in run("graph", "--only", finds, "--format", "mermaid").out
    )  # a project is its versions
    assert run("graph", "--only", "version:1", "-o", tmp_path / "g.dot").code == 0
    assert task not in (tmp_path / "g.dot").read_text("utf-8")
    assert run("graph", "--only", "version:1", "--format", "openlineage").out.strip() == ""
    assert run("graph", "--only", task, "--format", "openlineage").out.count('"START"') == 1


def test_only_what_is_there(run: Callable, finds: str) -> None:
    done = run("graph", "--only", "version:99")
    assert (done.code, done.out) == (1, "")
    assert "version:99" in done.err
    assert run("graph", "--only", "Nobody").code == 1


def test_scale_ground_and_selection_of_a_picture(
    run: Callable, finds: str, tmp_path: Path, qapp: object
) -> None:
    from PIL import Image

    assert run("graph", "-o", tmp_path / "1.png", "--scale", 1, "--only", "version:1").code == 0
    assert run("graph", "-o", tmp_path / "2.png", "--transparent", "--only", "version:1").code == 0
    assert run("graph", "-o", tmp_path / "all.png", "--scale", 1).code == 0
    with Image.open(tmp_path / "1.png") as one, Image.open(tmp_path / "2.png") as two:
        assert one.size == (224 + 80, 148 + 80)
        assert two.size == (2 * one.width, 2 * one.height)
        assert (one.mode, two.mode) == ("RGB", "RGBA")
        with Image.open(tmp_path / "all.png") as everything:
            assert everything.width > one.width
    assert run("graph", "-o", tmp_path / "x.png", "--scale", 9).code == 2


def test_a_scale_that_had_to_be_lowered_is_told(
    run: Callable, finds: str, tmp_path: Path, qapp: object, monkeypatch
) -> None:
    from clew.gui.canvas import sheet

    monkeypatch.setattr(sheet, "MOST_PIXELS", 300)
    done = run("graph", "-o", tmp_path / "g.png")
    assert done.code == 0
    assert "at a scale of 0." in done.out
    assert "at a scale" not in run("graph", "-o", tmp_path / "g.svg").out


def test_where_the_window_is_missing_a_ground_cannot_be_left_out(
    run: Callable, finds: str, tmp_path: Path, monkeypatch
) -> None:
    def absent(module: str, function: str) -> None:
        raise UserError('The window is not installed here. Get it with: pip install "clew[app]"')

    monkeypatch.setattr("clew.cli.graph.window_part", absent)
    assert run("graph", "-o", tmp_path / "a.svg").code == 0
    done = run("graph", "-o", tmp_path / "b.svg", "--transparent")
    assert done.code == 1
    assert "clew[app]" in done.err
