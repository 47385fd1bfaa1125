"""A screen of its own with a real window on it, a hand that has a mouse and a keyboard, and an eye that reads
the accessibility tree. One screen and one window serve a module."""

import importlib.util
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clew.model.view import Scope
from clew.services import workflow
from clew.services.workspace import Workspace, create_workspace

NEEDED = ("Xvfb", "xdotool", "openbox", "dbus-daemon")
PATIENCE = float(os.environ.get("CLEW_PATIENCE", "40"))  # seconds; the machine may be busy
Point = tuple[int, int]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a screen: skipped where the programs are missing (setup.sh installs them)."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"needs {', '.join(missing)}"))


def patiently(what: str, look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Look until there is something to see; what is gone while one looks counts as not seen."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            seen = look()
        except Exception as error:
            if type(error).__name__ != "Gone":
                raise
            seen = None
        if seen:
            return seen
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Screen:
    """An X server with a window manager and the buses; `env` reaches it."""

    def __init__(self, home: Path) -> None:
        self.access = _load("accessible_tree")
        self._running: list[subprocess.Popen[bytes]] = []
        reading, writing = os.pipe()
        self._seen = home / "Xvfb_screen0"  # the server keeps what it shows in this file
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        self._start([*command, "-fbdir", str(home)], pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        self.env = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "HOME": str(home)}
        self.env |= {"CLEW_CONFIG_DIR": str(home), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        for name in ("CLEW_WORKSPACE", "CLEW_TASK_ID"):
            self.env.pop(name, None)
        self.bus = self.access.SessionBus(self.env)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.address
        self._start(["openbox"], env=self.env, stdout=subprocess.DEVNULL)
        self.tree = self.access.Tree(self.bus.address)

    def _start(self, command: list[str], **how: Any) -> None:
        self._running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, **how))

    def close(self) -> None:
        self.tree.close()
        self.bus.close()
        for process in reversed(self._running):
            process.terminate()
            process.wait(10)

    def picture(self) -> Image.Image:
        """What is on the screen now: a file of `xwd`, a header of numbers before the pixels."""
        data = self._seen.read_bytes()
        head = struct.unpack(">25I", data[:100])
        size, line, begin = (head[4], head[5]), head[12], head[0] + head[19] * 12
        return Image.frombytes("RGB", size, data[begin : begin + line * head[5]], "raw", "BGRX", line)

    # --- the hand ----------------------------------------------------------------------------------

    def do(self, *words: object) -> str:
        """One call of xdotool; its commands can follow each other."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.env, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def key(self, *keys: str) -> None:
        self.do("key", "--delay", 30, *keys)

    def write(self, text: str) -> None:
        self.do("type", "--delay", 15, text)

    def click(self, at: Point, button: int = 1, *, held: str = "") -> None:
        down, up = (("keydown", held), ("keyup", held)) if held else ((), ())
        self.do("mousemove", *at, *down, "click", button, *up)

    def drag(self, start: Point, end: Point, *, button: int = 1, held: str = "", drop: bool = True) -> None:
        """Press, move in small steps, let go; without `drop` it stays in the hand."""
        (x0, y0), (x1, y1) = start, end
        words: list[object] = ["mousemove", x0, y0]
        words += ["keydown", held, "sleep", 0.05] if held else []
        words += ["mousedown", button]
        for step in range(1, 13):
            at = (round(x0 + (x1 - x0) * step / 12), round(y0 + (y1 - y0) * step / 12))
            words += ["mousemove", *at, "sleep", 0.015]
        words += ["mouseup", button] if drop else []
        words += ["keyup", held] if held else []
        self.do(*words)


class Window:
    """A running Clew, its workspace, and where things stand on the screen."""

    def __init__(self, screen: Screen, ws: Workspace, out: Path) -> None:
        self.screen, self.tree, self.ws, self.out = screen, screen.tree, ws, out
        with out.open("ab") as stream:
            command = [sys.executable, "-m", "clew", "open", str(ws.path)]
            self.process = subprocess.Popen(command, env=screen.env, stdout=stream, stderr=stream)
        self._graph: Any = None
        self._roles: dict[Any, str] = {}
        self.graph()
        patiently("the blocks", self.blocks)

    def tops(self) -> list[Any]:
        """The window and its dialogs and menus."""
        access = self.screen.access
        mine = [top for top in self.tree.windows() if self._mine(top)]
        return [top for top in mine if access.SHOWING in self.tree.states(top)]

    def _mine(self, top: Any) -> bool:
        if not hasattr(self, "_bus"):
            self._bus = top.bus if self.tree.name(top) else None
        return bool(top.bus == self._bus)

    def graph(self) -> Any:
        """The list of blocks."""
        if self._graph is None:
            known = {id(w): w for w in _windows if w is not self}

            def look() -> Any:
                taken = {w._graph.bus for w in known.values() if w._graph is not None}
                for top in self.tree.windows():
                    if top.bus not in taken and (found := self.tree.find("list", "Graph", inside=top)):
                        return found
                return None

            self._graph = patiently("the graph", look)
            self._bus = self._graph.bus
            _windows.append(self)
        return self._graph

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """Look until there is something to see."""
        return patiently(what, look)

    def paper(self) -> tuple[int, int, int, int]:
        """Where the canvas lies: left, top, width, height."""
        return self.tree.place(self.graph())  # type: ignore[no-any-return]

    def items(self) -> list[Any]:
        """The blocks in the graph's list, which holds frames and links as well."""
        items = self.tree.children(self.graph())
        for item in items:
            if item not in self._roles:
                self._roles[item] = self.tree.role(item)
        return [item for item in items if self._roles[item] == "list item"]

    def blocks(self) -> dict[str, tuple[int, int, int, int]]:
        """Where each block lies on the screen, by its name ("Coin finds, Project, version 1")."""
        return {self.tree.name(b): self.tree.place(b) for b in self.items()}

    def chosen(self) -> set[str]:
        """Names of the selected blocks."""
        access = self.screen.access
        return {self.tree.name(b) for b in self.items() if access.SELECTED in self.tree.states(b)}

    def field(self, name: str) -> None:
        """Wait until one can write on the canvas: after the blocks comes what has the keyboard over them."""
        access = self.screen.access

        def look() -> bool:
            last = self.tree.children(self.graph())[-1]
            return self.tree.name(last) == name and access.FOCUSED in self.tree.states(last)

        patiently(f"the field {name}", look)

    def says(self, name: str) -> str:
        """What a block says of itself beside its name."""
        for block in self.items():
            if self.tree.name(block) == name:
                return str(self.tree.description(block))
        return ""

    def middle(self, name: str) -> Point:
        """The middle of a block, when it stands still."""
        x, y, w, h = self.resting()[name]
        return x + w // 2, y + h // 2

    def port(self, name: str, *, output: bool) -> Point:
        """A port of a block: level at all blocks, 46 scene pixels below their top."""
        x, y, w, _ = self.resting()[name]
        return (x + w if output else x), y + round(46 * w / 224)

    def resting(self) -> dict[str, tuple[int, int, int, int]]:
        """The places of the blocks, once they are the same in two looks."""
        before: list[Any] = [None]

        def look() -> Any:
            now = self.blocks()
            same = now == before[0]
            before[0] = now
            return now if same and now else None

        return patiently("blocks that stand still", look)  # type: ignore[no-any-return]

    def empty(self) -> Point:
        """A point of the paper with no block within 60 pixels."""
        left, top, wide, high = self.paper()
        taken = list(self.resting().values())
        for y in range(top + 90, top + high - 220, 30):
            for x in range(left + 90, left + wide - 90, 30):
                if all(
                    not (bx - 60 < x < bx + w + 60 and by - 60 < y < by + h + 60) for bx, by, w, h in taken
                ):
                    return x, y
        return pytest.fail("there is no empty place on the paper")

    def find(self, role: str, name: str) -> Any:
        """A control of this window that can be seen, waited for; a name may end with "…"."""

        def look() -> Any:
            for top in reversed(self.tops()):
                if (found := self.tree.find(role, name, inside=top)) is not None:
                    return found
            return None

        return patiently(f"the {role} {name}", look)

    def ready(self, role: str, name: str) -> Any:
        """A control, once it can be used."""
        found = self.find(role, name)
        patiently(f"{name} to be ready", lambda: 8 in self.tree.states(found))  # AT-SPI's "enabled"
        return found

    def press(self, role: str, name: str) -> None:
        """Click the middle of a control, once it can be pressed."""
        x, y, w, h = self.tree.place(self.ready(role, name))
        self.screen.click((x + w // 2, y + h // 2))

    def dialog(self, title: str) -> Any:
        """A dialog with this title, waited for until it has the keyboard."""
        found = patiently(
            title, lambda: next((t for t in self.tops() if self.tree.name(t).startswith(title)), None)
        )
        patiently(f"{title} in front", lambda: title in self.screen.do("getactivewindow", "getwindowname"))
        return found

    def shown(self) -> list[str]:
        """The X windows of this program: window, dialogs, and menus, which are in no tree."""
        return self.screen.do("search", "--onlyvisible", "--pid", self.process.pid).split()

    def menu(self) -> None:
        """Wait until a menu is open."""
        patiently("a menu", lambda: len(self.shown()) > len(self.tops()))

    def alone(self) -> None:
        """Wait until no dialog and no menu is over the window."""
        patiently("the window alone", lambda: len(self.tops()) == len(self.shown()) == 1)

    def front(self) -> None:
        """Bring the window to the front, its graph in view and whole, nothing selected."""
        self.screen.do("windowactivate", "--sync", self.shown()[-1])
        for _ in range(4):
            if len(self.shown()) == 1:
                break
            self.screen.key("Escape")
            time.sleep(0.1)
        self.alone()
        if self.screen.access.SHOWING not in self.tree.states(self.graph()):
            self.press("check box", "Workflow")
            patiently("the graph", lambda: self.screen.access.SHOWING in self.tree.states(self.graph()))
        left, top, _, high = self.paper()
        self.screen.click((left + 12, top + high - 12))
        self.screen.key("Escape", "shift+f")
        patiently("nothing selected", lambda: not self.chosen())
        self.resting()

    def close(self) -> None:
        """Ask it to end as a system does, and read what it said."""
        if self in _windows:
            _windows.remove(self)
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
                pytest.fail("the window does not end when it is asked to")
        said = self.out.read_text()
        assert "Traceback" not in said, said


_windows: list[Window] = []


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    made = Screen(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, coco_in: Callable[..., Path]) -> Iterator[Workspace]:
    """The workspace that the window of a module shows."""
    folder = tmp_path_factory.mktemp("story")
    ws = create_workspace(folder / "Coin survey")
    _load("coin_story").make_story(ws, folder, coco_in)
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def shared_window(
    screen: Screen, story: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    made = Window(screen, story, tmp_path_factory.mktemp("said") / "window.txt")
    patiently("places that are kept", lambda: workflow.graph(story, Scope()).positions)
    yield made
    made.close()


@pytest.fixture
def window(shared_window: Window) -> Window:
    """The window of the module, with its graph whole and nothing selected."""
    shared_window.front()
    return shared_window
