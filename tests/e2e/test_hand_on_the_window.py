"""What a hand does with the window's dialogs, its palette and its keys, and what became of it."""

from pathlib import Path
from typing import Any

from clew.model.entities import TaskStatus
from clew.model.view import Scope
from clew.services import versions, workflow
from clew.services.projects import find_project, list_projects
from clew.services.tasks import list_tasks

V1, V2 = "Coin finds, Project, version 1", "Coin finds, Project, version 2"
MODELS = ("forest v1, Report on all", "forest v2, Report on all")


def checked(window: Any, name: str) -> bool:
    """Whether a line of the side bar is lit (4 is AT-SPI's "checked")."""
    found = window.find("check box", name)
    return 4 in window.tree.states(found)


def test_the_palette_goes_anywhere_by_a_few_letters(window: Any) -> None:
    window.screen.key("ctrl+k")
    window.dialog("Commands")
    window.screen.write("gtrep")
    window.screen.key("Return")
    window.until("the reports", lambda: checked(window, "Reports…"))
    window.screen.key("alt+Left")
    window.until("the way back", lambda: checked(window, "Workflow"))


def test_a_version_is_saved_with_the_keyboard_alone(window: Any) -> None:
    project = find_project(window.ws, "Coin finds")
    (Path(project.folder) / "notes.txt").write_text("new")
    before = versions.latest_version(window.ws, project.id).number
    window.screen.key("ctrl+k")
    window.dialog("Commands")
    window.screen.write("New version")
    window.screen.key("Return")
    window.dialog("New version")
    window.until("the field", lambda: window.find("text", "Title") is not None)
    window.screen.write("Written by hand")
    window.ready("push button", "Save version…")
    window.screen.key("ctrl+Return")
    window.until("the version", lambda: versions.latest_version(window.ws, project.id).number == before + 1)
    assert versions.latest_version(window.ws, project.id).title == "Written by hand"


def test_the_question_mark_shows_the_keys(window: Any) -> None:
    window.screen.key("question")
    window.dialog("Keyboard shortcuts")
    window.screen.write("undo")
    window.screen.key("Escape")
    window.alone()


def test_f6_goes_round_and_the_inspector_is_worked_without_a_mouse(window: Any) -> None:
    window.screen.click(window.middle(V1))
    window.until("version 1", lambda: window.chosen() == {V1})
    window.find("push button", "Restore")
    access, tree = window.screen.access, window.tree

    def focused() -> str:
        for node in tree.walk(window.tops()[0]):
            if access.FOCUSED in tree.states(node):
                return str(tree.name(node))
        return ""

    window.screen.key("F6")
    window.until("the inspector", lambda: focused() == "Restore")
    window.screen.key("space")
    window.dialog("Restore version")
    window.screen.key("Escape")
    window.alone()
    window.screen.key("F6")
    first = ("Go back", "Go forward", "Workspace and settings", "Workflow")  # as far as there is a way
    window.until("the side bar", lambda: focused() in first)
    window.screen.key("F6")
    window.until("the graph", lambda: focused() in ("Graph", V1))


def test_two_reports_are_compared(window: Any) -> None:
    window.screen.click(window.middle(MODELS[0]))
    window.screen.click(window.middle(MODELS[1]), held="shift")
    window.until("both", lambda: window.chosen() == set(MODELS))
    window.press("push button", "Compare…")
    window.dialog("Compare reports")
    window.press("push button", "Close")
    window.alone()


def test_a_version_is_restored_by_the_dialog(window: Any) -> None:
    project = find_project(window.ws, "Coin finds")
    pictures = Path(project.folder)
    before = sorted(p.name for p in pictures.rglob("*.png"))
    window.screen.click(window.middle(V1), button=3)
    window.menu()
    window.screen.key("Down", "Return")
    window.dialog("Restore version")
    window.press("push button", "Restore")
    window.until("the old state", lambda: len(list(pictures.rglob("*.png"))) == 6)
    assert len(before) == 9
    window.alone()


def test_a_folder_is_imported_by_the_dialog(window: Any, coco_in: Any, tmp_path: Path) -> None:
    source = coco_in(tmp_path / "welds", 4, ("crack", "pore"))
    window.screen.key("ctrl+i")
    window.dialog("Import")
    window.screen.write(str(source))
    window.screen.key("Tab")
    window.press("push button", "Import…")
    window.until("the project", lambda: {s.project.name for s in list_projects(window.ws)} >= {"welds"})
    window.until("its block", lambda: any(name.startswith("welds, ") for name in window.blocks()))
    window.alone()


def test_a_port_dropped_on_empty_paper_starts_an_app_whose_block_shows_progress(window: Any) -> None:
    window.screen.drag(window.port(V1, output=True), window.empty())
    window.menu()
    window.screen.key("Up", "Return")  # the last entry
    window.dialog("Run app")
    window.find("label", "Run Slow count")
    window.press("push button", "Run")
    name = "Slow count, App"
    window.until("its block", lambda: name in window.blocks())
    says = window.until("how far it is", lambda: " %" in (s := window.says(name)) and "loss" in s and s)
    first = percent(says)
    says = window.until("it to go on", lambda: percent(s := window.says(name)) > first and s)
    assert "picture" in says
    says = window.until("the time left", lambda: "left" in (s := window.says(name)) and s)
    window.until("the status bar", lambda: window.find("label", "Slow count, …"))
    running = [t for t in list_tasks(window.ws) if t.status is TaskStatus.RUNNING]
    assert [t.name for t in running] == ["Slow count"]
    refs = {
        str(link.source) for link in workflow.graph(window.ws, Scope()).links if link.target == running[0].ref
    }
    assert refs == {"version:1"}


def percent(says: str) -> int:
    """The number before "%" in what a block says; -1 without one."""
    words = says.replace(".", " ").split()
    return int(words[words.index("%") - 1]) if "%" in words else -1


def test_the_window_closes_while_a_task_runs_and_the_task_goes_on(window: Any) -> None:
    """The last of the module: the window is closed by its key."""
    (task,) = [t for t in list_tasks(window.ws) if t.status is TaskStatus.RUNNING]
    window.screen.key("ctrl+q")
    window.until("the window to end", lambda: window.process.poll() is not None)
    assert window.process.returncode == 0

    def now() -> Any:
        return next(t for t in list_tasks(window.ws) if t.id == task.id)

    at = now().progress
    window.until("the task to go on", lambda: now().progress > at)
    assert now().status is TaskStatus.RUNNING
    from clew.runner.cancel import cancel

    cancel(window.ws, task.id)
    window.until("the task to end", lambda: now().status.over)
