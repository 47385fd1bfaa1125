"""Apps, tasks, models, reports, comparisons and the graph from the command line."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clew.sdk.api import Api

CLASSES = ("silver", "copper")


def predictions(path: Path, place: Path, *, wrong: int = 0) -> Path:
    """The truth in COCO form, with the first `wrong` boxes elsewhere."""
    images, annotations = [], []
    with Api(place) as api:
        items = api.project.items(1)
    for number, item in enumerate(items, start=1):
        assert item.annotation is not None
        images.append({"id": number, "file_name": item.path})
        for thing in item.annotation.things:
            x, y, w, h = thing.box
            box = [x + (40 if number <= wrong else 0), y, w, h]
            category = CLASSES.index(thing.cls) + 1
            annotations.append({"image_id": number, "category_id": category, "bbox": box, "score": 0.9})
    categories = [{"id": i + 1, "name": name} for i, name in enumerate(CLASSES)]
    path.write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": categories}), "utf-8"
    )
    return path


@pytest.fixture
def reports(run: Callable, finds: str, place: Path, tmp_path: Path) -> tuple[int, int]:
    """A perfect report and one that finds half."""
    ids = []
    for name, wrong in (("Perfect", 0), ("Half", 3)):
        file = predictions(tmp_path / f"{name} ü.json", place, wrong=wrong)
        done = run("evaluate", finds, "--predictions", file, "--split", "all", "--name", name, "--json")
        assert done.code == 0, done.err
        ids.append(done.json["id"])
    return ids[0], ids[1]


def test_evaluate_and_reports(run: Callable, finds: str, reports: tuple[int, int], tmp_path: Path) -> None:
    listed = run("reports", "--json").json
    assert {r["name"]: r["metrics"]["recall"] for r in listed} == {"Perfect": 1.0, "Half": 0.5}
    assert "Coin finds, version 1, all" in run("reports").out
    missing = run("evaluate", finds, "--predictions", tmp_path / "none.json")
    assert missing.code == 1
    assert "none.json" in missing.err
    (tmp_path / "bad.json").write_text("{", "utf-8")
    assert run("evaluate", finds, "--predictions", tmp_path / "bad.json").code == 1
    assert run("evaluate", "Nope", "--predictions", tmp_path / "Perfect ü.json").code == 1


def test_compare_in_every_format(run: Callable, reports: tuple[int, int]) -> None:
    perfect, half = reports
    text = run("compare", perfect, "Half")
    assert text.code == 0, text.err
    recall = next(line for line in text.out.splitlines() if line.startswith("Recall"))
    assert re.split(r"\s{2,}", recall) == ["Recall", "1.000", "0.500 (-0.500)"]
    assert "Coin finds, version 1, all" in text.out
    against = run("compare", perfect, half, "--baseline", half).out
    assert "1.000 (+0.500)" in against
    data = run("compare", f"#{perfect}", f"report:{half}", "--format", "json").json
    assert [r["id"] for r in data["reports"]] == [perfect, half]
    row = next(m for m in data["metrics"] if m["key"] == "recall")
    assert row["values"] == [1.0, 0.5]
    rows = list(csv.reader(run("compare", perfect, half, "--format", "csv").out.splitlines()))
    assert ["metric", "Recall", "1.0", "0.5"] in rows
    assert "| Recall | 1.000 | 0.500 (-0.500) |" in run("compare", perfect, half, "--format", "md").out
    assert run("compare", perfect, half, "--json").json == data
    assert run("compare", "Nope").code == 1
    assert run("compare", perfect, "--baseline", half).code == 2
    assert run("compare").code == 2


def test_an_app_is_run_and_its_task_shown(run: Callable, place: Path, coco_file: Callable[..., Path]) -> None:
    source = coco_file(3, name="Quelle mit Ü")
    assert "No tasks yet" in run("tasks").out
    done = run("run", "import", "--param", f"source={source}", "--param", "project=Funde", "--json")
    assert done.code == 0, done.err
    assert done.json["status"] == "done"
    assert done.json["params"]["project"] == "Funde"
    assert len(done.json["made"]) == 1
    number = done.json["id"]
    shown = run("task", "show", number)
    assert "Made" in shown.out
    assert "Funde" in shown.out
    assert run("task", "show", f"#{number}", "--json").json["made"] == done.json["made"]
    assert run("task", "log", number).code == 0
    assert run("task", "log", number, "--follow").code == 0
    assert run("task", "log", number, "--json").json["id"] == number
    assert run("task", "cancel", number).code == 3
    assert run("tasks", "--limit", 1, "--json").json[0]["id"] == number
    for words in (["task", "show", 99], ["task", "log", "x"], ["task", "cancel", 99]):
        assert run(*words).code == 1


def test_a_failing_app_fails_the_command(run: Callable, place: Path, tmp_path: Path) -> None:
    done = run("run", "import", "--param", f"source={tmp_path / 'nowhere'}")
    assert done.code == 1
    assert "clew task log 1" in done.err
    assert done.err.count("\n") == 1
    assert run("tasks", "--json").json[0]["status"] == "failed"


def test_run_checks_what_it_is_given(run: Callable, finds: str) -> None:
    before = run("tasks", "--json").json
    for words, code in (
        (["nothing"], 1),
        (["import", "--param", "fast"], 2),
        (["import", "--param", "fast=1"], 1),
        (["import", "--input", finds], 2),
        (["quick-trainer", "--input", "Nope"], 1),
        (["quick-trainer", "--input", f"{finds}@7"], 1),
        (["quick-trainer", "--input", finds, "--param", "trees=many"], 1),
        (["evaluate", "--input", finds], 1),
    ):
        done = run("run", *words)
        assert done.code == code, (words, done.err)
        assert done.err.count("\n") == 1
    assert run("tasks", "--json").json == before


def test_no_wait_returns_at_once(run: Callable, place: Path, picture_folder: Callable[..., Path]) -> None:
    done = run("run", "import", "--param", f"source={picture_folder()}", "--no-wait", "--json")
    assert done.code == 0
    assert done.json["status"] in ("waiting", "running")
    with Api(place) as api:
        assert api.task.wait(done.json["id"])["status"] == "done"


def test_models_are_listed_and_downloaded(run: Callable, place: Path, finds: str, tmp_path: Path) -> None:
    assert "No models yet" in run("models").out
    weights = tmp_path / "weights"
    weights.mkdir()
    for content in (b"one", b"two"):
        (weights / "w.bin").write_bytes(content)
        with Api(place) as api:
            api.model.create("Detector", weights, "PyTorch", CLASSES, 1)
    listed = run("models", "--json").json
    assert [(m["name"], m["number"], m["trained_on"]) for m in listed] == [
        ("Detector", 2, "Coin finds, version 1"),
        ("Detector", 1, "Coin finds, version 1"),
    ]
    assert "Detector@2" in run("models").out
    for text, content in (("Detector", b"two"), ("Detector@1", b"one"), ("model:2", b"two"), ("#1", b"one")):
        out = tmp_path / f"out {text.strip('#').replace(':', ' ')}"
        assert run("model", "download", text, "-o", out).code == 0
        assert (out / "w.bin").read_bytes() == content
    assert run("model", "download", "Other", "-o", tmp_path / "x").code == 1


def _absent(module: str) -> None:
    raise ModuleNotFoundError("No module named 'PySide6'", name="PySide6")


def test_the_graph_in_every_format(
    run: Callable,
    place: Path,
    finds: str,
    reports: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = run("graph").json
    kinds = {b["kind"] for b in data["blocks"]}
    assert {"version", "task", "report"} <= kinds
    refs = {b["ref"] for b in data["blocks"]}
    assert all(link["source"] in refs and link["target"] in refs for link in data["links"])
    dot = run("graph", "--format", "dot").out
    assert dot.startswith("digraph ")
    assert '"version:1" -> ' in dot
    mermaid = run("graph", "--project", finds, "--format", "mermaid").out
    assert mermaid.startswith("flowchart LR")
    assert "version_1 --> task_" in mermaid
    lines = run("graph", "--format", "openlineage").out.splitlines()
    assert {json.loads(line)["eventType"] for line in lines if line} >= {"START", "COMPLETE"}
    run("graph", "-o", tmp_path / "runs.ndjson")
    assert (tmp_path / "runs.ndjson").read_text("utf-8").splitlines() == [line for line in lines if line]
    with monkeypatch.context() as patch:  # the SVG of an install without the window
        patch.setattr("clew.base.window.import_module", _absent)
        done = run("graph", "-o", tmp_path / "Graph ü.svg", "--json")
        assert run("graph", "-o", tmp_path / "dark.svg", "--theme", "dark").code == 1
    assert done.json["blocks"] == len(refs)
    root = ElementTree.parse(tmp_path / "Graph ü.svg").getroot()
    groups = [g.get("id") for g in root.iter("{http://www.w3.org/2000/svg}g")]
    assert set(groups) == refs
    width = float(root.get("width", "0"))
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        x = float(re.findall(r"[\d.]+", group.get("transform", ""))[0])
        assert 0 <= x <= width - 224
    task = max(b["id"] for b in data["blocks"] if b["kind"] == "task")
    assert len(run("graph", "--task", task).json["blocks"]) < len(refs)
    assert run("graph", "--task", 1, "--project", finds).code == 2
    assert run("graph", "--task", 99).code == 1
    assert run("graph", "--format", "png").code == 2
    assert run("graph", "--format", "pdf").code == 2


def test_the_graph_as_the_canvas_draws_it(run: Callable, finds: str, tmp_path: Path, qapp: object) -> None:
    from PIL import Image

    assert run("graph", "-o", tmp_path / "g.png").code == 0
    with Image.open(tmp_path / "g.png") as picture:
        assert picture.width > 448
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20
    assert run("graph", "-o", tmp_path / "g.svg", "--theme", "dark").code == 0
    words = [t.text for t in ElementTree.parse(tmp_path / "g.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert "Coin finds" in words
    assert run("graph", "--format", "svg").out.rstrip().endswith("</svg>")
    assert run("graph", "-o", tmp_path / "g.pdf").code == 0
    assert (tmp_path / "g.pdf").read_bytes().startswith(b"%PDF-")


def test_describing_a_block(run: Callable, finds: str) -> None:
    assert run("describe", f"{finds}@1", "The first ones").code == 0
    assert run("graph").json["blocks"][0]["description"] == "The first ones"
    assert run("describe", "version:1", "Others", "--json").json == {
        "block": "version:1",
        "description": "Others",
    }
    assert run("describe", "report:99", "x").code == 1


LOOKER = """
from clew import Api

api = Api.from_env()
run = api.task.current()
for name, ref in sorted(run.inputs.items()):
    print(name, ref.kind, ref.version_num)
    if ref.project_id:
        print(len(api.project.items(ref.project_id, ref.version_id)), "items")
run.progress(1, 2, "Looking")
run.metric("seen", len(run.inputs))
api.app.workflow.add_input_project(1, version_num=7)
api.app.workflow.add_output_file(__file__)
run.message(f"Looked {run.params['times']} times")
"""

LOOKER_TOML = """
slug = "looker"
name = "Looker"
kind = "process"
command = ["{{python}}", "{script}"]

[[inputs]]
name = "data"
kind = "project"

[[inputs]]
name = "weights"
kind = "model"

[[inputs]]
name = "more"
kind = "file"
required = false

[[parameters]]
name = "times"
type = "int"
default = 2
"""


def test_an_own_app_gets_its_inputs_and_speaks_through_the_sdk(
    run: Callable, place: Path, finds: str, folder: Path, tmp_path: Path
) -> None:
    from clew.services.apps import add_app

    home = tmp_path / "my äpp"
    home.mkdir()
    script = home / "looker.py"
    script.write_text(LOOKER, "utf-8")
    (home / "app.toml").write_text(LOOKER_TOML.format(script=script.as_posix()), "utf-8")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "w.bin").write_bytes(b"1")
    with Api(place) as api:
        add_app(api.workspace, home)
        api.model.create("Detector", tmp_path / "w", "PyTorch", CLASSES)
    next(folder.rglob("*.png")).unlink()
    done = run("run", "looker", "--input", f"{finds}@1", "--input", "weights=Detector", "--param", "times=5")
    assert done.code == 0, done.err + run("task", "log", 2).out
    assert "Looked 5 times" in done.out
    assert "Note: 1 link not recorded: there is no version 7 of Coin finds" in done.out
    number = run("tasks", "--json").json[0]["id"]
    assert run("task", "log", number).out.splitlines() == [
        "data version 1",
        "6 items",
        "weights model None",
    ]
    shown = run("task", "show", number, "--json").json
    assert shown["metrics"] == {"seen": 2.0}
    assert set(shown["read"]) == {"version:1", "model:1"}
    assert [ref.partition(":")[0] for ref in shown["made"]] == ["file"]
    unsaved = run(
        "run", "looker", "--input", finds, "--input", "Detector@1", "--input", str(script), "--json"
    )
    assert unsaved.code == 0, unsaved.err
    assert unsaved.json["inputs"]["data"].startswith("state:")
    assert unsaved.json["inputs"]["more"].startswith("file:")
    assert run("run", "looker", "--input", "weights=Detector").code == 1


def test_a_model_from_elsewhere_is_added_once(run: Callable, finds: str, tmp_path: Path) -> None:
    (tmp_path / "best.onnx").write_bytes(b"weights")
    words = ("model", "add", tmp_path / "best.onnx", "--class", "silver", "--class", "copper")
    made = run(*words, "--name", "Net", "--trained-on", f"{finds}@1", "--json")
    assert made.code == 0, made.err
    assert (made.json["name"], made.json["framework"]) == ("Net", "ONNX")
    assert made.json["classes"] == ["silver", "copper"]
    (listed,) = run("models", "--json").json
    assert listed["trained_on"] == f"{finds}, version 1"
    again = run(*words)
    assert again.code == 3
    assert "is here already" in again.err
    assert run("model", "add", tmp_path / "gone.pt").code == 1
