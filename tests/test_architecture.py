"""Holds the house to its page: floors, cycles, who imports which library, length of files and functions."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "app" / "clew"

FLOORS = {
    "base": 0,
    "model": 1,
    "store": 2,
    "db": 2,
    "formats": 2,
    "graph": 2,
    "metrics": 2,
    "services": 3,
    "runner": 4,
    "sdk": 5,
    "cli": 5,
    "gui": 5,
    "apps": 6,
}
# Who may import which library; the standard library is everybody's.
LIBRARIES = {
    "base": {"platformdirs"},
    "model": set(),
    "store": {"blake3", "zstandard", "numpy", "psutil"},
    "db": {"sqlalchemy", "alembic"},
    "formats": {"PIL", "yaml", "numpy"},
    "graph": {"networkx", "numpy"},
    "metrics": {"numpy", "hotcoco"},
    "services": {"numpy"},
    "runner": {"psutil"},
    "sdk": set(),
    "cli": {"click"},
    "gui": {"PySide6", "shiboken6", "pyqtgraph", "numpy"},
    "apps": {"numpy", "PIL", "sklearn", "scipy", "joblib"},
}
# The one place where a higher floor is opened from below: the command line and the window start each other.
DOORS = {("cli", "gui"), ("gui", "cli")}
# Built-in apps use the SDK like anybody's own, and the values that it hands out.
APPS_MAY = {"sdk", "model", "base"}

MOST_LINES = 400
MOST_FUNCTION_LINES = 60


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if "migrations/versions" not in p.as_posix())


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports when it runs, and whether that is when the file is loaded."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for statement in branch.body
        for node in ast.walk(statement)
    }
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        at_load = id(node) not in inner
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, at_load
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or "", at_load


def test_rooms_import_only_from_lower_floors() -> None:
    wrong = []
    for path in modules():
        room = room_of(name_of(path))
        if room not in FLOORS:
            continue
        for imported, _ in imports_of(path):
            other = room_of(imported)
            if not imported.startswith("clew.") or other == room or (room, other) in DOORS:
                continue
            if room == "apps" and other not in APPS_MAY:
                wrong.append(f"{name_of(path)} → {imported}: apps use only the SDK")
            elif FLOORS[other] >= FLOORS[room]:
                wrong.append(f"{name_of(path)} → {imported}")
    assert not wrong, wrong


def test_the_window_talks_to_services_only() -> None:
    wrong = [
        f"{name_of(path)} → {imported}"
        for path in modules()
        if room_of(name_of(path)) in ("gui", "cli", "sdk")
        for imported, _ in imports_of(path)
        if room_of(imported) in ("db",) or (room_of(name_of(path)) == "gui" and room_of(imported) == "store")
    ]
    assert not wrong, wrong


def test_nobody_imports_through_the_package_root() -> None:
    apps_door = {"clew"}
    wrong = [
        name_of(path)
        for path in modules()
        for imported, _ in imports_of(path)
        if imported in apps_door and room_of(name_of(path)) not in ("apps", "")
    ]
    assert not wrong, wrong


def test_there_is_no_import_cycle() -> None:
    graph: nx.DiGraph = nx.DiGraph()
    known = {name_of(p) for p in modules()}
    for path in modules():
        for imported, at_load in imports_of(path):
            if at_load and imported in known and imported != name_of(path):
                graph.add_edge(name_of(path), imported)
    assert nx.is_directed_acyclic_graph(graph), nx.find_cycle(graph)


def test_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for path in modules():
        room = room_of(name_of(path))
        for imported, _ in imports_of(path):
            top = imported.split(".")[0]
            if top in sys.stdlib_module_names or top == "clew":
                continue
            if top not in LIBRARIES.get(room, set()):
                wrong.append(f"{name_of(path)} imports {top}")
    assert not wrong, sorted(set(wrong))


@pytest.mark.parametrize("folder", [SOURCE, ROOT / "tests"], ids=["app", "tests"])
def test_files_are_short(folder: Path) -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in folder.rglob("*.py")
        if "migrations/versions" not in p.as_posix()
        and (n := len(p.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert not long, long


def test_functions_are_short() -> None:
    long = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno + 1 > MOST_FUNCTION_LINES:
                    long.append(f"{name_of(path)}.{node.name}: {node.end_lineno - node.lineno + 1}")
    assert not long, long


def test_the_shell_only_wires() -> None:
    assert len((SOURCE / "gui" / "shell.py").read_text("utf-8").splitlines()) < 350


def test_inner_init_files_are_empty() -> None:
    full = [
        str(p.relative_to(ROOT))
        for p in SOURCE.glob("*/**/__init__.py")
        if [n for n in ast.parse(p.read_text("utf-8")).body if not isinstance(n, ast.Expr)]
    ]
    assert not full, full


def test_nobody_pumps_events_or_hides_errors() -> None:
    wrong = [
        f"{name_of(path)}: {word}"
        for path in modules()
        for word in ("processEvents", "except:", "# type: ignore\n")
        if word in path.read_text("utf-8")
    ]
    assert not wrong, wrong
