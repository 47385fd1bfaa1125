"""What a hand takes out of the window or puts away for good: a picture, a hint, news."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from clew.model.view import Scope
from clew.services import workflow
from clew.services.hints import hints


def there(window: Any, role: str, name: str) -> bool:
    """Whether a control is seen now."""
    return any(window.tree.find(role, name, inside=top) is not None for top in window.tops())


def test_the_graph_is_exported_as_a_picture_by_keys(window: Any, tmp_path: Path) -> None:
    target = tmp_path / "graph.svg"
    for press in ("Export", "Replace"):
        window.screen.key("ctrl+shift+e")
        window.dialog("Export graph")
        x, y, w, h = window.tree.place(window.find("text", "Where"))
        window.screen.click((x + w // 2, y + h // 2))
        window.screen.key("ctrl+a")
        window.screen.write(str(target))
        window.screen.key("Return")
        if press == "Replace":  # it is there already: nothing is written over before one says so
            assert target.read_text() == "mine"
            window.press("push button", "Replace")
        window.alone()
        window.until("the picture", lambda: target.exists() and target.read_text() != "mine")
        root = ElementTree.parse(target).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        words = " ".join(root.itertext())
        assert "Quick trainer" in words
        assert words.count("Coin finds") >= 2
        target.write_text("mine")


def test_a_hint_is_dismissed_by_the_mouse_and_comes_back_by_undo(window: Any) -> None:
    hint = hints(window.ws)[0]

    def told() -> bool:
        return hint in hints(window.ws)

    window.press("push button", f"Dismiss the hint: {hint.sentence}")
    window.until("it to be dismissed", lambda: not told())
    window.until("its card to go", lambda: not there(window, "label", hint.sentence))
    window.screen.click(window.empty())
    window.screen.key("ctrl+z")
    window.until("the undo", told)
    window.find("label", hint.sentence)


def test_what_is_written_in_one_window_shows_in_the_other(window: Any, tmp_path: Path) -> None:
    second = type(window)(window.screen, window.ws, tmp_path / "second.txt")

    def card(of: Any) -> list[str]:
        return [name for name in of.blocks() if "Both of us" in name]

    try:
        second.resting()
        window.front()
        window.screen.click(window.empty())
        window.screen.key("n")
        window.field("New note")
        window.screen.write("Both of us see this")
        window.screen.key("ctrl+Return")
        window.until("the note", lambda: workflow.graph(window.ws, Scope()).notes)
        second.until("it in the second window", lambda: card(second))
        window.screen.key("ctrl+z")
        window.until("the undo", lambda: not card(window))
        second.until("it to go in the second window", lambda: not card(second))
    finally:
        second.close()
