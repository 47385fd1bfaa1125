"""A program that comes with a model runs only when somebody here has trusted it."""

import json
import sys
from pathlib import Path

import pytest

from clew.base.errors import NothingToDo, UserError
from clew.services import models, tasks, trust, weights


def stranger(folder: Path, words: list[str]) -> Path:
    folder.mkdir()
    (folder / "net.onnx").write_bytes(b"weights")
    (folder / "model.json").write_text(json.dumps({"predict": words}))
    return folder


def test_what_a_task_made_is_trusted_and_what_was_added_is_asked_about(ws, tmp_path: Path) -> None:
    task = tasks.create_task(ws, "Train", "train")
    own = models.create_model(
        ws, "Own", stranger(tmp_path / "own", ["own"]), framework="x", classes=(), task_id=task.id
    )
    assert trust.untrusted_program(ws, own.id) == ""
    added = weights.add_model(ws, stranger(tmp_path / "theirs", ["{python}", "evil.py"]), "Theirs")
    assert trust.untrusted_program(ws, added.id) == "{python} evil.py"
    trust.trust(ws, added.id)
    assert trust.untrusted_program(ws, added.id) == ""


def test_trust_is_the_persons_and_does_not_come_with_a_workspace(
    ws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tasks.create_task(ws, "Train", "train")
    folder = stranger(tmp_path / "m", ["run"])
    made = models.create_model(ws, "Net", folder, framework="x", classes=(), task_id=task.id)
    monkeypatch.setenv("CLEW_CONFIG_DIR", str(tmp_path / "somebody else"))
    assert trust.untrusted_program(ws, made.id) == "run"


def test_a_model_without_a_program_needs_no_trust(ws, tmp_path: Path) -> None:
    (tmp_path / "net.pt").write_bytes(b"weights")
    made = weights.add_model(ws, tmp_path / "net.pt")
    assert (made.name, made.framework, made.number) == ("net", "PyTorch", 1)
    assert [entry.path for entry in models.model_files(ws, made.id)] == ["net.pt"]
    assert trust.untrusted_program(ws, made.id) == ""
    with pytest.raises(NothingToDo, match="the model net, version 1"):
        weights.add_model(ws, tmp_path / "net.pt", "Another name")
    with pytest.raises(UserError, match="There is no file"):
        weights.add_model(ws, tmp_path / "gone.pt")


def test_a_damaged_description_is_no_program(ws, tmp_path: Path) -> None:
    folder = stranger(tmp_path / "m", [])
    for text in ("no json", "[]", '{"predict": 3}'):
        (folder / "model.json").write_text(text)
        made = weights.add_model(ws, folder, "Odd")
        assert trust.untrusted_program(ws, made.id) == ""


def test_evaluate_starts_a_strangers_program_only_when_told_to(
    ws, tmp_path: Path, coco_file, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from clew.cli.main import run
    from clew.services.imports import apply_import, plan_import
    from clew.services.versions import create_version

    project = apply_import(ws, plan_import(ws, coco_file(4), project="Coins")).project
    create_version(ws, project.id)
    program = (
        "import json, sys, pathlib; pathlib.Path(sys.argv[1], 'started').touch(); "
        "pathlib.Path(sys.argv[2]).write_text(json.dumps(dict(images=[], categories=[], annotations=[])))"
    )
    folder = stranger(tmp_path / "m", [sys.executable, "-c", program, str(tmp_path), "{output}"])
    weights.add_model(ws, folder, "Theirs")
    words = ["run", "evaluate", "-w", str(ws.path), "--input", "Coins@1", "--input", "model=Theirs"]
    assert run(words) == 1
    told = capfd.readouterr().err
    assert "was not made by a task of yours" in told and "--trust" in told
    assert not (tmp_path / "started").exists()
    assert run([*words, "--trust"]) == 0, capfd.readouterr().err
    assert (tmp_path / "started").exists()
    (tmp_path / "started").unlink()
    assert run(words) == 0, "asked once"
    assert (tmp_path / "started").exists()
