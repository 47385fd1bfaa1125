"""What a hand does on the graph, with a real mouse and real keys, and what became of it."""

from typing import Any

import pytest

from clew.model.refs import BlockKind, BlockRef
from clew.model.view import LinkKind, Scope
from clew.services import workflow

V1, V2 = "Coin finds, Project, version 1", "Coin finds, Project, version 2"
TASK = "Quick trainer, Training app"


def places(window: Any) -> dict[BlockRef, tuple[float, float]]:
    return workflow.graph(window.ws, Scope()).positions


@pytest.mark.parametrize(("button", "held"), [(2, ""), (1, "space")])
def test_middle_drag_and_space_drag_pan(window: Any, button: int, held: str) -> None:
    before, kept = window.resting(), places(window)
    x, y = window.empty()
    window.screen.drag((x, y), (x + 120, y + 60), button=button, held=held)
    window.until("the view to move", lambda: window.blocks()[V1][0] >= before[V1][0] + 100)
    after = window.resting()
    assert {n: (p[0] - before[n][0], p[1] - before[n][1]) for n, p in after.items()} == dict.fromkeys(
        after, (120, 60)
    )
    assert places(window) == kept
    assert not window.chosen()


def test_the_wheel_scrolls_and_with_control_zooms_at_the_pointer(window: Any) -> None:
    before = window.resting()
    window.screen.do("mousemove", *window.empty(), "click", "--repeat", "2", "5")
    window.until("the view to scroll", lambda: window.blocks()[V1][1] < before[V1][1])
    scrolled = window.resting()
    assert scrolled[V1][2] == before[V1][2]  # no larger than before
    at = window.middle(V2)
    window.screen.do("mousemove", *at, "keydown", "ctrl", "click", "--repeat", "3", "4", "keyup", "ctrl")
    window.until("the view to zoom", lambda: window.blocks()[V2][2] > scrolled[V2][2] * 1.3)
    zoomed = window.resting()
    x, y, w, h = zoomed[V2]
    assert abs(x + w / 2 - at[0]) <= 2  # the pointer still points at the same place
    assert abs(y + h / 2 - at[1]) <= 2


def test_a_rubber_band_selects_and_shift_adds(window: Any) -> None:
    rest = window.resting()
    x, y, w, h = rest[V1]
    window.screen.drag((x - 14, y - 10), (x + w // 3, y + h // 3))
    window.until("version 1 selected", lambda: window.chosen() == {V1})
    x, y, w, h = rest[V2]
    window.screen.drag((x - 14, y - 10), (x + w // 3, y + h // 3), held="shift")
    window.until("version 2 too", lambda: window.chosen() == {V1, V2})
    window.screen.click(window.empty())
    window.until("nothing", lambda: not window.chosen())


def test_many_are_dragged_at_once_and_it_is_undone_and_done_again(window: Any) -> None:
    before = places(window)
    window.screen.click(window.middle(V1))
    window.screen.click(window.middle(V2), held="shift")
    window.until("both selected", lambda: window.chosen() == {V1, V2})
    x, y = window.middle(V1)
    window.screen.drag((x, y), (x - 40, y + 90))
    moved = window.until("both to be kept", lambda: (p := places(window)) != before and p)
    changed = {ref for ref in moved if moved[ref] != before[ref]}
    assert {str(ref) for ref in changed} == {"version:1", "version:2"}
    assert all(moved[ref][0] < before[ref][0] for ref in changed)
    assert all(moved[ref][1] - before[ref][1] > 30 for ref in changed)
    window.screen.key("ctrl+z")
    window.until("the undo", lambda: places(window) == before)
    window.screen.key("ctrl+shift+z")
    window.until("the redo", lambda: places(window) == moved)
    window.screen.key("ctrl+z")
    window.until("the undo", lambda: places(window) == before)


def test_a_link_is_drawn_from_port_to_port(window: Any) -> None:
    def by_hand() -> list[tuple[str, str]]:
        links = workflow.graph(window.ws, Scope()).links
        return [(str(e.source), str(e.target)) for e in links if e.kind is LinkKind.HAND]

    window.screen.drag(window.port(V1, output=True), window.port("forest, Model, version 2", output=False))
    window.until("the link", lambda: by_hand() == [("version:1", "model:2")])
    window.until("the window to show it", lambda: "forest" in window.says(V1))


def test_the_menu_of_a_block_opens_by_the_mouse_and_by_its_key(window: Any) -> None:
    window.screen.click(window.middle(V1), button=3)
    window.menu()
    assert window.chosen() == {V1}
    window.screen.key("Escape")
    window.alone()
    window.screen.key("Menu")
    window.menu()
    window.screen.key("Down", "Return")  # its first entry
    window.dialog("Restore version")
    window.screen.key("Escape")
    window.alone()


def test_f_fits_the_selection_and_shift_f_everything(window: Any) -> None:
    small = window.resting()
    window.screen.click(window.middle(V2))
    window.until("version 2 selected", lambda: window.chosen() == {V2})
    window.screen.key("minus", "minus")
    window.until("a wider view", lambda: window.blocks()[V2][2] < small[V2][2] * 0.8)
    wide = window.resting()
    window.screen.key("f")
    window.until("a closer view", lambda: window.blocks()[V2][2] > wide[V2][2] * 1.2)
    large = window.resting()
    x, y, w, h = window.paper()
    bx, by, bw, bh = large[V2]
    assert abs(bx + bw / 2 - (x + w / 2)) <= 3
    assert abs(by + bh / 2 - (y + h / 2)) <= 3
    window.screen.key("shift+f")
    window.until("everything", lambda: window.blocks() == small)


def test_typing_finds_a_block(window: Any) -> None:
    window.screen.key("ctrl+f")
    window.screen.write("coin version 2")
    window.find("list", "Blocks found")
    window.screen.key("Return")
    window.until("version 2 selected", lambda: window.chosen() == {V2})


def test_arrows_walk_along_the_links_and_enter_opens(window: Any) -> None:
    window.screen.click(window.middle(V1))
    window.until("version 1", lambda: window.chosen() == {V1})
    window.screen.key("Right")
    window.until("the training", lambda: window.chosen() == {TASK})
    window.screen.key("Left")
    window.until("version 1 again", lambda: window.chosen() == {V1})
    window.screen.key("Down")
    window.until("version 2 below it", lambda: window.chosen() == {V2})
    window.screen.key("Up", "Right")
    window.until("the training again", lambda: window.chosen() == {TASK})
    window.screen.key("Return")
    window.find("table", "Tasks")
    window.screen.key("alt+Left")
    window.until("the graph", lambda: window.screen.access.SHOWING in window.tree.states(window.graph()))


def test_delete_asks_and_the_version_comes_back_by_undo_delete(window: Any) -> None:
    from clew.services.versions import get_version

    window.screen.click(window.middle(V2))
    window.until("version 2", lambda: window.chosen() == {V2})
    window.screen.key("Delete")
    window.dialog("Delete version")
    window.screen.key("Escape")
    window.alone()
    assert get_version(window.ws, 2).status.value == "saved"
    window.screen.key("Delete")
    window.dialog("Delete version")
    window.press("push button", "Delete version")
    window.until("the deletion", lambda: get_version(window.ws, 2).status.value == "deleted")
    window.alone()
    deleted = "deleted, Project, version 2"
    window.until("the tombstone", lambda: deleted in window.blocks())
    window.screen.key("ctrl+k")
    window.dialog("Commands")
    window.screen.write("undo delete")
    window.screen.key("Return")
    window.until("its return", lambda: get_version(window.ws, 2).status.value == "saved")
    window.until("its block", lambda: V2 in window.blocks())


def test_arrange_is_one_step_that_is_undone(window: Any) -> None:
    before = places(window)
    x, y = window.middle(V2)
    window.screen.drag((x, y), (x - 60, y + 40))
    moved = window.until("the move", lambda: (p := places(window)) != before and p)
    window.press("push button", "Arrange")
    window.until("the layout", lambda: places(window) != moved)
    window.screen.click(window.empty())
    window.screen.key("ctrl+z")
    window.until("the undo", lambda: places(window) == moved)
    window.screen.key("ctrl+z")
    window.until("the undo of the move", lambda: places(window) == before)


def test_a_second_window_sees_a_move(window: Any, tmp_path: Any) -> None:
    second = type(window)(window.screen, window.ws, tmp_path / "second.txt")
    try:
        there = second.resting()
        window.front()
        before = places(window)
        x, y = window.middle(V2)
        window.screen.drag((x, y), (x - 70, y + 30))
        window.until("the move", lambda: places(window) != before)

        def gap(seen: dict[str, Any]) -> int:
            return int(seen[V2][0] - seen[V1][0])

        window.until("the second window to follow", lambda: gap(second.blocks()) < gap(there) - 10)
        window.screen.key("ctrl+z")
        window.until("it to follow the undo", lambda: abs(gap(second.blocks()) - gap(there)) <= 2)
        assert places(window) == before
    finally:
        second.close()


def test_blocks_have_name_kind_and_links_in_the_accessibility_tree(window: Any) -> None:
    tree, graph = window.tree, window.graph()
    assert tree.role(graph) == "list"
    view = workflow.graph(window.ws, Scope())
    assert {tree.name(item) for item in window.items()} == {f"{b.title}, {b.caption}" for b in view.blocks}
    says = window.says(TASK)
    assert "Trained on 6 pictures" in says
    assert "From Coin finds" in says
    assert "To forest" in says
    ref = BlockRef(BlockKind.VERSION, 1)
    assert any(b.ref == ref for b in view.blocks)


def test_links_are_items_of_the_accessibility_tree(window: Any) -> None:
    tree = window.tree
    links = {tree.name(i): i for i in tree.children(window.graph()) if tree.role(i) == "link"}
    assert len(links) == len(workflow.graph(window.ws, Scope()).links)
    assert "Next version: Coin finds, version 1 to Coin finds, version 2" in links
    trained = next(link for name, link in links.items() if name.endswith("version 1 to Quick trainer"))
    window.until("by which task", lambda: "by Quick trainer" in tree.description(trained))


def test_blocks_and_entries_of_menus_that_the_keys_go_to_are_heard_to_have_the_focus(window: Any) -> None:
    tree, access = window.tree, window.screen.access
    window.screen.click(window.middle(V1))
    window.until("version 1", lambda: window.chosen() == {V1})
    with tree.focus() as heard:
        goes = {"Right": TASK, "Left": V1}

        def go() -> bool:
            """One key, which the window may get before it knows that somebody listens: then another."""
            key = "Right" if window.chosen() == {V1} else "Left"
            window.screen.key(key)
            node = heard.next(1.0)
            return node is not None and tree.name(node) == goes[key] and access.FOCUSED in tree.states(node)

        window.until("the focus to be heard", go)
        if window.chosen() != {V1}:
            window.screen.key("Left")
        window.until("version 1 again", lambda: window.chosen() == {V1})
        window.screen.key("Menu")
        window.menu()
        window.screen.key("Down", "Down")

        def entry_heard() -> bool:
            node = heard.next(1.0)
            return node is not None and (tree.role(node), tree.name(node)) == ("menu item", "Download")

        window.until("an entry of the menu to be heard", entry_heard)
    window.screen.key("Escape")
    window.alone()
