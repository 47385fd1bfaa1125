"""The script that README shows does what README says."""

import re
import subprocess
import sys
from pathlib import Path

from clew.model.refs import BlockKind
from clew.services import imports, tasks, versions, workflow

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_script_runs_and_draws_its_graph(ws, coco_file, tmp_path, monkeypatch) -> None:
    project = imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Coin finds")).project
    for number in range(3):
        (Path(project.folder) / f"{number}.txt").write_text("more")
        versions.create_version(ws, project.id)
    (script,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    (tmp_path / "count_coins.py").write_text(script, "utf-8")
    monkeypatch.setenv("CLEW_WORKSPACE", str(ws.path))
    subprocess.run([sys.executable, "count_coins.py"], cwd=tmp_path, check=True)
    assert (tmp_path / "counts.csv").read_text() == "silver,2\ncopper,2\n"
    (task,) = tasks.list_tasks(ws)
    assert (task.name, task.kind, task.status.value) == ("count_coins.py", "script", "done")
    kinds = {(link.source.kind, link.target.kind) for link in workflow.graph(ws).links if link.id}
    assert kinds == {(BlockKind.VERSION, BlockKind.TASK), (BlockKind.TASK, BlockKind.FILE)}
