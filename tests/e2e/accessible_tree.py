"""The accessibility tree of a running window, read over D-Bus as a screen reader does."""

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_COMPONENT = "org.a11y.atspi.Component"
_ROOT = "/org/a11y/atspi/accessible/root"
_SCREEN = 0  # coordinates of the screen
_BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_WAIT = 20.0  # seconds until a window that does not answer has failed
SHOWING, SELECTED, FOCUSED = 25, 23, 12  # numbers of AT-SPI's states


@dataclass(frozen=True)
class Node:
    """One thing in the tree: the program's name on the bus, and the object's path."""

    bus: str
    path: str


class Tree:
    """Connects to the accessibility bus of a session bus; `app` finds programs."""

    def __init__(self, session: str) -> None:
        asked = open_dbus_connection(session)
        try:
            where = _call(asked, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")[0]
        finally:
            asked.close()
        self._bus = open_dbus_connection(where)
        self._where = where

    def focus(self) -> "FocusHeard":
        """Listen, from now on, to what gets the focus."""
        return FocusHeard(self._where)

    def close(self) -> None:
        self._bus.close()

    def windows(self) -> list[Node]:
        """The top windows of all programs, dialogs and menus among them."""
        programs = self._children(Node("org.a11y.atspi.Registry", _ROOT))
        return [window for program in programs for window in self._children(program)]

    def children(self, node: Node) -> list[Node]:
        return self._children(node)

    def name(self, node: Node) -> str:
        return str(self._property(node, "Name"))

    def description(self, node: Node) -> str:
        return str(self._property(node, "Description"))

    def role(self, node: Node) -> str:
        return str(self._ask(node, _ACCESSIBLE, "GetRoleName")[0])

    def states(self, node: Node) -> set[int]:
        """Numbers of the states that it has."""
        low, high = self._ask(node, _ACCESSIBLE, "GetState")[0]
        bits = low | high << 32
        return {n for n in range(64) if bits >> n & 1}

    def place(self, node: Node) -> tuple[int, int, int, int]:
        """Left, top, width and height on the screen, in pixels."""
        return tuple(self._ask(node, _COMPONENT, "GetExtents", "u", (_SCREEN,))[0])  # type: ignore[return-value]

    def walk(self, node: Node, depth: int = 14) -> Iterator[Node]:
        """A node and all below it; lists and tables are not entered."""
        yield node
        if depth and self.role(node) not in ("list", "table", "tree table"):
            for child in self._children(node):
                yield from self.walk(child, depth - 1)

    def find(self, role: str, name: str, *, inside: Node | None = None) -> Node | None:
        """The first thing of a role whose name is given, or begins so with "…" at its end, that is seen."""
        for top in [inside] if inside else reversed(self.windows()):
            for node in self.walk(top):
                if self.role(node) == role and _fits(self.name(node), name) and SHOWING in self.states(node):
                    return node
        return None

    def _children(self, node: Node) -> list[Node]:
        return [Node(bus, path) for bus, path in self._ask(node, _ACCESSIBLE, "GetChildren")[0] if bus]

    def _property(self, node: Node, name: str) -> Any:
        answer = self._ask(node, "org.freedesktop.DBus.Properties", "Get", "ss", (_ACCESSIBLE, name))
        return answer[0][1]

    def _ask(
        self, node: Node, interface: str, method: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Any:
        return _call(self._bus, node.bus, node.path, interface, method, signature, body)


class FocusHeard:
    """Hears over the bus what gets the focus, as a screen reader does; used with `with`."""

    def __init__(self, where: str) -> None:
        self._bus = open_dbus_connection(where)
        events = "org.a11y.atspi.Event.Object"
        rule = MatchRule(type="signal", interface=events, member="StateChanged")
        _call(self._bus, *_BUS, "AddMatch", "s", (rule.serialise(),))
        self._heard = self._bus.filter(rule, bufsize=1000)
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry")
        _call(self._bus, *registry, "RegisterEvent", "sass", ("object:state-changed:focused", [], ""))

    def __enter__(self) -> "FocusHeard":
        self._queue = self._heard.__enter__()
        return self

    def __exit__(self, *how: object) -> None:
        self._heard.__exit__(*how)
        self._bus.close()

    def next(self, seconds: float) -> Node | None:
        """What gets the focus within some seconds, if anything does."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                left = max(deadline - time.monotonic(), 0.0)
                said = self._bus.recv_until_filtered(self._queue, timeout=left)
            except TimeoutError:
                return None
            if said.body[:2] == ("focused", 1):
                fields = said.header.fields
                return Node(fields[HeaderFields.sender], fields[HeaderFields.path])


class Gone(Exception):
    """What was asked about is not there any more."""


def _call(
    bus: DBusConnection,
    name: str,
    path: str,
    interface: str,
    method: str,
    signature: str = "",
    body: tuple[Any, ...] = (),
) -> Any:
    address = DBusAddress(path, bus_name=name, interface=interface)
    message = new_method_call(address, method, signature or None, body)
    answer = bus.send_and_get_reply(message, timeout=_WAIT)
    if answer.header.message_type.name == "error":
        raise Gone(f"{method} of {path}: {answer.body}")
    return answer.body


def _fits(said: str, wanted: str) -> bool:
    return said.startswith(wanted[:-1]) if wanted.endswith("…") else said == wanted


class SessionBus:
    """A session bus of its own, with which an accessibility bus comes when it is asked for."""

    def __init__(self, env: dict[str, str]) -> None:
        reading, writing = os.pipe()
        command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writing}"]
        self._process = subprocess.Popen(
            command, pass_fds=(writing,), env=env, stderr=subprocess.DEVNULL, start_new_session=True
        )
        os.close(writing)
        with os.fdopen(reading) as stream:
            self.address = stream.readline().strip()

    def close(self) -> None:
        """End the bus; what it started ends with it."""
        self._process.terminate()
        self._process.wait(10)
        time.sleep(0)
