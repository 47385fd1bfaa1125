"""How a hand finds its way: find, filter, time, outline, ways, links, and back again."""

from typing import Any

V1, V2 = "Coin finds, Project, version 1", "Coin finds, Project, version 2"
TASK = "Quick trainer, Training app"
MODELS = ("forest, Model, version 1", "forest, Model, version 2")
REPORTS = ("forest v1, Report on all", "forest v2, Report on all")


def there(window: Any, role: str, name: str) -> bool:
    """Whether a control is seen now; a name may end with "…"."""
    return any(window.tree.find(role, name, inside=top) is not None for top in window.tops())


def shown(window: Any) -> set[str]:
    """Names of the blocks that are there at the moment in view."""
    showing, tree = window.screen.access.SHOWING, window.tree
    return {tree.name(b) for b in window.items() if showing in tree.states(b)}


def graph_seen(window: Any) -> bool:
    return window.screen.access.SHOWING in window.tree.states(window.graph())


def select(window: Any, name: str) -> None:
    x, y, w, _ = window.resting()[name]
    window.screen.click((x + w // 2, y + 12))
    window.until(f"{name} selected", lambda: window.chosen() == {name})


def test_f3_goes_from_hit_to_hit_and_escape_lets_go(window: Any) -> None:
    window.screen.key("ctrl+f")
    window.until("the field", lambda: focused(window, "text", "Find a block"))
    window.screen.write("forest")
    window.find("label", "4 found")
    window.screen.key("F3")
    window.find("label", "Hit 1 of 4")
    (first,) = window.until("the first", window.chosen)
    window.screen.key("F3")
    window.find("label", "Hit 2 of 4")
    (second,) = window.until("the second", lambda: (c := window.chosen()) != {first} and c)
    window.screen.key("shift+F3")
    window.until("the first again", lambda: window.chosen() == {first})
    assert {first, second} < {*MODELS, *REPORTS}
    window.screen.key("Escape")
    window.until("nothing looked for", lambda: not there(window, "label", "Hit…"))
    assert window.chosen() == {first}
    window.screen.key("Escape")
    window.until("nothing selected", lambda: not window.chosen())


def focused(window: Any, role: str, name: str) -> bool:
    """Whether a control has the keyboard."""
    for top in window.tops():
        found = window.tree.find(role, name, inside=top)
        if found is not None and window.screen.access.FOCUSED in window.tree.states(found):
            return True
    return False


def test_the_filter_is_worked_by_keys_and_its_chip_takes_it_back(window: Any) -> None:
    before = set(window.blocks())
    window.screen.key("ctrl+shift+f")
    window.menu()
    window.screen.key("space")  # the first tick: versions
    window.until("no versions", lambda: set(window.blocks()) == before - {V1, V2})
    window.screen.key("Tab", "space")  # the next: tasks
    window.until("no tasks", lambda: set(window.blocks()) == {*MODELS, *REPORTS})
    window.screen.key("space")
    window.until("tasks again", lambda: TASK in window.blocks())
    window.screen.key("Escape")
    window.alone()
    assert V1 not in window.blocks()
    window.press("push button", "Without versions…")
    window.until("all of them", lambda: set(window.blocks()) == before)


def test_the_time_slider_goes_back_by_keys_and_nothing_is_changed_in_the_past(window: Any) -> None:
    before = shown(window)
    window.screen.key("t")
    window.until("the slider", lambda: focused(window, "slider", "Time"))
    window.screen.key("Home")
    window.until("the beginning", lambda: len(shown(window)) == 1)
    (first,) = shown(window)
    window.screen.key("Right")
    window.until("what came next", lambda: len(shown(window)) == 2)
    window.screen.key("Left")
    window.until("the beginning again", lambda: shown(window) == {first})
    select(window, first)
    window.screen.key("p")
    window.screen.key("Escape")
    window.until("now", lambda: shown(window) == before)
    assert "Pinned" not in window.says(first)
    window.press("push button", "Close the time slider")
    window.until("no slider", lambda: not there(window, "slider", "Time"))
    window.screen.key("t")
    window.until("the slider", lambda: focused(window, "slider", "Time"))
    window.screen.key("Left")
    window.until("a step back", lambda: len(shown(window)) == len(before) - 1)
    window.screen.key("Escape")
    window.until("now", lambda: shown(window) == before)
    window.screen.key("Escape")
    window.until("no slider", lambda: not there(window, "slider", "Time"))


def test_the_outline_and_the_graph_choose_together(window: Any) -> None:
    access, tree = window.screen.access, window.tree

    def lines() -> list[str]:
        outline = window.find("tree", "Outline of the graph")
        return [tree.name(n) for n in tree.children(outline) if access.SELECTED in tree.states(n)]

    select(window, V1)
    window.screen.key("ctrl+b")
    window.until("its line", lambda: [n.startswith("Version 1") for n in lines()] == [True])
    window.screen.key("Down")
    window.until("the next block", lambda: window.chosen() == {V2})
    window.screen.key("Down", "Down")  # over the heading of the tasks
    window.until("the task", lambda: window.chosen() == {TASK})
    window.resting()
    select(window, REPORTS[1])
    window.until("its line", lambda: [n.startswith("forest v2") for n in lines()] == [True])
    window.screen.key("ctrl+b")
    window.until("the outline to go", lambda: not there(window, "tree", "Outline of the graph"))


def test_only_what_is_selected_is_shown_until_escape(window: Any) -> None:
    before = window.resting()
    select(window, TASK)
    window.screen.key("o")
    window.until("it alone", lambda: set(window.blocks()) == {TASK})
    window.find("push button", "Only 1 block…")
    window.screen.key("Escape")
    window.until("all as before", lambda: window.blocks() == before)
    select(window, REPORTS[0])
    window.screen.key("shift+u")
    window.until("what leads there", lambda: set(window.blocks()) == {V1, TASK, REPORTS[0]})
    window.press("push button", "Only 3 blocks…")
    window.until("all as before", lambda: window.blocks() == before)


def test_a_link_is_chosen_by_a_click_or_a_key_and_enter_walks_it(window: Any) -> None:
    (x, y), (to_x, to_y) = window.port(V1, output=True), window.port(TASK, output=False)
    window.screen.click(((x + to_x) // 2, (y + to_y) // 2))
    window.find("label", "Recorded links are part of the history and stay.")
    assert not window.chosen()
    window.screen.key("Return")
    window.until("its other end", lambda: window.chosen() == {TASK})
    window.screen.key("shift+l")  # the last of the links of the task is the one that came in
    window.find("label", "Recorded links are part of the history and stay.")
    window.screen.key("Return")
    window.until("where it came from", lambda: window.chosen() == {V1})
    window.screen.key("l", "Return")
    window.until("there again", lambda: window.chosen() == {TASK})


def test_keys_and_mouse_buttons_go_back_and_forward(window: Any) -> None:
    def reports() -> bool:
        return there(window, "table", "Reports")

    window.press("check box", "Reports…")
    window.until("the reports", reports)
    window.screen.key("alt+Left")
    window.until("the graph", lambda: graph_seen(window))
    window.screen.key("alt+Right")
    window.until("the reports", reports)
    window.screen.do("click", 8)  # back, wherever the mouse is
    window.until("the graph", lambda: graph_seen(window))
    window.screen.do("mousemove", *window.empty(), "click", 9)
    window.until("the reports", reports)
    window.press("push button", "Go back")
    window.until("the graph", lambda: graph_seen(window))


def test_steps_of_the_way_lead_up_to_the_workspace(window: Any) -> None:
    whole = set(window.blocks())
    select(window, TASK)
    window.screen.key("ctrl+g")
    window.find("push button", "Go to Coin finds")
    window.until("the graph of the task", lambda: V2 not in window.blocks() and TASK in window.blocks())
    window.press("push button", "Go to Coin finds")
    window.until("the graph of the project", lambda: V2 in window.blocks())
    window.until("no step to itself", lambda: not there(window, "push button", "Go to Coin finds"))
    window.press("push button", "Go to Coin survey")
    window.until("the whole", lambda: set(window.blocks()) == whole)
    window.find("label", "Whole workspace")
