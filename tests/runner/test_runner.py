"""Apps as child processes: outcome, log, progress, cancel, kill, and what follows a training."""

import json
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from clew.base.errors import NothingToDo, UserError
from clew.model.entities import TaskStatus
from clew.model.refs import BlockKind, BlockRef
from clew.runner.cancel import cancel
from clew.runner.environment import child_environment
from clew.runner.launch import launch
from clew.runner.recover import mark_lost
from clew.runner.wait import wait
from clew.services import imports, tasks, versions, workflow

PROJECT_INPUT = '[[inputs]]\nname = "project"\nkind = "project"\nlabel = "Data"\n'
COUNT = '[[parameters]]\nname = "count"\ntype = "int"\ndefault = 3\nminimum = 1\nmaximum = 9\n'


@pytest.fixture
def project(ws, coco_file):
    return imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Coins")).project


def test_an_app_runs_with_its_parameters_and_leaves_log_and_outcome(ws, own_app) -> None:
    own_app(
        "from clew import Api\napi = Api.from_env(); run = api.task.current()\n"
        "print('count is', run.params['count'])\nrun.progress(1, 2, 'half way'); run.metric('loss', 0.25)\n"
        "run.message('Did it.')\n",
        params=COUNT,
    )
    task = wait(ws, launch(ws, "my-app", {}, {"count": "5"}).id)
    assert (task.status, task.exit_code, task.message) == (TaskStatus.DONE, 0, "Did it.")
    assert task.metrics == {"loss": 0.25}
    assert tasks.read_log(ws, task.id)[0] == "count is 5\n"
    outcome = json.loads((tasks.task_folder(ws, task.id) / "outcome.json").read_text())
    assert outcome["status"] == "done"


def test_a_failing_app_says_why_in_one_sentence(ws, own_app) -> None:
    own_app("import sys\nprint('working')\nsys.exit('No camera found.')\n")
    task = wait(ws, launch(ws, "my-app", {}, {}).id)
    assert (task.status, task.exit_code, task.message) == (TaskStatus.FAILED, 1, "No camera found.")


def test_wrong_inputs_and_parameters_start_nothing(ws, own_app, project) -> None:
    own_app("", inputs=PROJECT_INPUT, params=COUNT)
    ref = BlockRef(BlockKind.PROJECT, project.id)
    for inputs, params, words in (
        ({}, {}, 'needs "Data"'),
        ({"project": BlockRef(BlockKind.MODEL, 1)}, {}, "is a project, not a model"),
        ({"project": ref, "other": ref}, {}, 'no input "other"'),
        ({"project": ref}, {"count": "many"}, '"count" is int'),
        ({"project": ref}, {"count": 10}, "at most 9, not 10"),
        ({"project": ref}, {"speed": 1}, 'no parameter "speed"'),
    ):
        with pytest.raises(UserError, match=words):
            launch(ws, "my-app", inputs, params)
    assert tasks.list_tasks(ws) == ()
    with pytest.raises(UserError, match="no app called nothing"):
        launch(ws, "nothing", {}, {})


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_cancelled_app_ends_with_all_that_it_started(ws, own_app, until) -> None:
    own_app(
        "import subprocess, sys, time, pathlib\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(p.pid, flush=True); time.sleep(60)\n"
    )
    task = launch(ws, "my-app", {}, {})
    while not tasks.read_log(ws, task.id)[0]:
        time.sleep(0.05)
    child = int(tasks.read_log(ws, task.id)[0])
    cancel(ws, task.id)
    until(task.id, TaskStatus.CANCELLED)
    deadline = time.monotonic() + 30
    while lives(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(NothingToDo, match="over already"):
        cancel(ws, task.id)


def test_an_app_killed_from_outside_is_a_failure_that_names_the_signal(ws, own_app) -> None:
    own_app("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    task = wait(ws, launch(ws, "my-app", {}, {}).id)
    assert task.status is TaskStatus.FAILED
    assert "SIGKILL" in task.message


def test_a_task_whose_guard_was_killed_is_found_to_be_lost(ws, own_app, until) -> None:
    own_app("import time\nprint('on', flush=True); time.sleep(60)\n")
    task = launch(ws, "my-app", {}, {})
    until(task.id, TaskStatus.RUNNING)
    while not tasks.read_log(ws, task.id)[0]:
        time.sleep(0.05)
    guard = psutil.Process(tasks.get_task(ws, task.id).pid)
    children = guard.children(recursive=True)
    os.kill(guard.pid, signal.SIGKILL)
    for child in children:
        child.kill()
    psutil.wait_procs([guard], timeout=30)
    deadline = time.monotonic() + 30
    while not mark_lost(ws):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ended = tasks.get_task(ws, task.id)
    assert ended.status is TaskStatus.LOST
    assert "without an outcome" in ended.message


def test_a_training_saves_a_version_first_and_uses_it_when_nothing_changed(ws, own_app, project) -> None:
    own_app("print('trained')\n", kind="train", name="Trainer", inputs=PROJECT_INPUT)
    ref = BlockRef(BlockKind.PROJECT, project.id)
    assert versions.latest_version(ws, project.id) is None
    wait(ws, launch(ws, "trainer", {"project": ref}, {}).id)
    saved = versions.latest_version(ws, project.id)
    assert saved.title == "Before Trainer"
    (summary,) = versions.list_versions(ws, project.id)
    assert summary.saved_by == "Trainer, before it started"
    second = wait(ws, launch(ws, "trainer", {"project": ref}, {}).id)
    assert versions.latest_version(ws, project.id) == saved
    assert tasks.task_inputs(ws, second.id) == (saved.ref,)


def test_after_a_training_there_is_a_report_without_being_asked(ws, own_app, project) -> None:
    body = (
        "import json\nfrom clew import Api\n"
        "api = Api.from_env(); run = api.task.current(); data = run.inputs['project']\n"
        "items = api.project.items(data.project_id, data.version_id)\n"
        "folder = run.folder / 'model'; folder.mkdir()\n"
        "(folder / 'weights.bin').write_bytes(b'w')\n"
        "names = api.project.classes(data.project_id, data.version_id)\n"
        "images = [dict(id=i, file_name=x.path) for i, x in enumerate(items)]\n"
        "found = [dict(image_id=i, category_id=names.index(t.cls), bbox=list(t.box), score=0.9)\n"
        "         for i, x in enumerate(items) for t in x.annotation.things]\n"
        "cats = [dict(id=i, name=n) for i, n in enumerate(names)]\n"
        "info = dict(version_id=data.version_id, split='all', inference_ms=2.5)\n"
        "(folder / 'predictions.json').write_text(json.dumps(\n"
        "    dict(info=info, images=images, categories=cats, annotations=found)))\n"
        "(folder / 'model.json').write_text(json.dumps(dict(framework='own', classes=names, predict=[])))\n"
        "api.model.create('Perfect', folder, 'own', names, version_id=data.version_id)\n"
    )
    own_app(body, kind="train", name="Trainer", inputs=PROJECT_INPUT)
    task = wait(ws, launch(ws, "trainer", {"project": BlockRef(BlockKind.PROJECT, project.id)}, {}).id)
    assert task.status is TaskStatus.DONE, tasks.read_log(ws, task.id)
    evaluation = next(t for t in tasks.list_tasks(ws) if t.parent_id == task.id)
    ended = wait(ws, evaluation.id)
    assert ended.status is TaskStatus.DONE, tasks.read_log(ws, ended.id)
    report = next(b for b in workflow.graph(ws).blocks if b.ref.kind is BlockKind.REPORT)
    assert report.fact == "mAP 1.000"


def test_an_app_whose_modules_are_missing_is_not_started(ws, own_app) -> None:
    app = own_app("", params="")
    toml = Path(app.folder) / "app.toml"
    toml.write_text('requires = ["no_such_module"]\nextra = "app"\n' + toml.read_text())
    with pytest.raises(UserError, match=r'needs no_such_module.*pip install "clew\[app\]"'):
        launch(ws, "my-app", {}, {})
    assert tasks.list_tasks(ws) == ()


def test_a_bundle_does_not_leak_its_libraries_into_children(monkeypatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    base = {
        "PATH": "/bin",
        "LD_LIBRARY_PATH": "/bundle",
        "LD_LIBRARY_PATH_ORIG": "/usr/lib/mine",
        "QT_PLUGIN_PATH": "/bundle/qt",
        "_PYI_ARCHIVE_FILE": "x",
    }
    env = child_environment({"A": "b"}, base)
    assert env == {"PATH": "/bin", "LD_LIBRARY_PATH": "/usr/lib/mine", "PYTHONUNBUFFERED": "1", "A": "b"}
    del base["LD_LIBRARY_PATH_ORIG"]
    assert "LD_LIBRARY_PATH" not in child_environment({}, base)


def test_an_app_description_that_is_wrong_is_named(ws, tmp_path: Path) -> None:
    from clew.services.apps import add_app

    for text, words in (
        ("name = ", "cannot be read"),
        ('name = "x"', "lacks the entry 'command'"),
        ('name = "x"\ncommand = ["a"]\nkind = "magic"', "not understood"),
        ('name = "x"\ncommand = ["a"]\n[[parameters]]\nname = "p"\ntype = "colour"', "is none of"),
    ):
        (tmp_path / "app.toml").write_text(text)
        with pytest.raises(UserError, match=words):
            add_app(ws, tmp_path)
    with pytest.raises(UserError, match=r"no app\.toml"):
        add_app(ws, tmp_path / "nowhere")
