"""What a hand does to put order into the graph: dragging with guides, frames, notes and pins."""

from typing import Any

from clew.gui.theme import load_theme
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Frame, Note, Scope
from clew.services import workflow

V1, V2 = "Coin finds, Project, version 1", "Coin finds, Project, version 2"
TASK = "Quick trainer, Training app"
REPORTS = ("forest v1, Report on all", "forest v2, Report on all")
VERSION_2 = BlockRef(BlockKind.VERSION, 2)
Rect = tuple[int, int, int, int]


def places(window: Any) -> dict[BlockRef, tuple[float, float]]:
    return workflow.graph(window.ws, Scope()).positions


def frames(window: Any) -> tuple[Frame, ...]:
    return workflow.graph(window.ws, Scope()).frames


def notes(window: Any) -> tuple[Note, ...]:
    return workflow.graph(window.ws, Scope()).notes


def in_scene(window: Any, x: int, y: int) -> tuple[float, float]:
    """A point of the screen where the places of blocks are counted."""
    left, top, w, _ = window.resting()[V2]
    zoom, (at_x, at_y) = w / 224, places(window)[VERSION_2]
    return at_x + (x - left) / zoom, at_y + (y - top) / zoom


def upright_line(window: Any, x: int, top: int, bottom: int) -> bool:
    """Whether a line in the colour of the thread runs down the screen about there."""
    accent = load_theme("light").accent.getRgb()[:3]
    picture = window.screen.picture()
    return any(
        all(picture.getpixel((at, y)) == accent for y in range(top, bottom)) for at in range(x - 2, x + 3)
    )


def select(window: Any, *names: str) -> None:
    """By clicks near the upper edge: a drag that begins in the middle soon after is no double click."""
    for number, name in enumerate(names):
        x, y, w, _ = window.resting()[name]
        window.screen.click((x + w // 2, y + 12), held="shift" if number else "")
        window.until(f"{name} selected", lambda n=number: window.chosen() == set(names[: n + 1]))


def undo_until(window: Any, what: str, back: Any) -> None:
    """Undo one step, and wait for what comes of it."""
    window.screen.key("ctrl+z")
    window.until(f"{what} to be undone", back)


def write_frame(window: Any, name: str) -> Frame:
    """Both reports in a frame with a name, by keys."""
    select(window, *REPORTS)
    window.screen.key("ctrl+j")
    window.field("Name of the frame")
    window.screen.write(name)
    window.screen.key("Return")
    found: Frame = window.until(
        "the name", lambda: next((f for f in frames(window) if f.title == name), None)
    )
    return found


def remove_frame(window: Any) -> None:
    """Undo the name, then the frame."""
    undo_until(window, "the name", lambda: [f.title for f in frames(window)] == ["New frame"])
    undo_until(window, "the frame", lambda: not frames(window))


def test_a_block_is_caught_level_with_another_unless_alt_is_held(window: Any) -> None:
    before, rest = places(window), window.resting()
    (x, *_), (task_x, task_y, _, task_h) = rest[V2], rest[TASK]
    line = task_x, task_y + task_h + 3, task_y + task_h + 15
    near = task_x + 4  # not quite level
    start = window.middle(V2)
    window.screen.drag(start, (start[0] + near - x, start[1] + 40), drop=False)
    window.until("both level", lambda: abs(window.blocks()[V2][0] - task_x) <= 1)
    window.until("the guide", lambda: upright_line(window, *line))
    window.screen.do("keydown", "alt")
    window.until("it to be free", lambda: abs(window.blocks()[V2][0] - near) <= 1)
    window.until("no guide", lambda: not upright_line(window, *line))
    window.screen.do("keyup", "alt")
    window.until("both level again", lambda: abs(window.blocks()[V2][0] - task_x) <= 1)
    window.screen.do("mouseup", 1)
    moved = window.until("the move", lambda: (p := places(window)) != before and p)
    task = next(ref for ref in moved if ref.kind is BlockKind.TASK)
    assert moved[VERSION_2][0] == moved[task][0]
    window.until("the guide to go", lambda: not upright_line(window, *line))
    undo_until(window, "the move", lambda: places(window) == before)


def test_escape_calls_off_a_drag(window: Any) -> None:
    before, rest = places(window), window.resting()
    x, y = window.middle(V2)
    window.screen.drag((x, y), (x + 150, y + 60), drop=False)
    window.until("it to move", lambda: window.blocks()[V2][0] > rest[V2][0] + 100)
    window.screen.key("Escape")
    window.until("it to be back", lambda: window.blocks() == rest)
    window.screen.do("mouseup", 1)
    assert window.resting() == rest
    assert places(window) == before


def test_a_frame_is_made_named_folded_and_unfolded_by_keys(window: Any) -> None:
    before = set(window.blocks())
    frame = write_frame(window, "Both reports")
    assert {str(ref) for ref in frame.members} == {"report:1", "report:2"}
    window.screen.key("h")
    window.until("one block for both", lambda: window.blocks().keys() & set(REPORTS) == set())
    folded = window.until("its name", lambda: set(window.blocks()) - before)
    assert [name.partition(", ")[0] for name in folded] == ["Both reports"]
    assert window.chosen() == folded
    assert frames(window)[0].folded
    window.screen.key("h")
    window.until("both blocks", lambda: set(window.blocks()) == before)
    window.until("it to be kept", lambda: not frames(window)[0].folded)
    for folds in (True, False):
        undo_until(window, "folding", lambda f=folds: frames(window)[0].folded == f)
    remove_frame(window)


def test_a_block_dropped_on_a_frame_goes_into_it_and_comes_out_by_keys(window: Any) -> None:
    before = places(window)
    write_frame(window, "Good ones")
    rest = window.resting()
    (x, y, w, h), below = rest[REPORTS[0]], rest[REPORTS[1]]
    between = x + w // 2, (y + h + below[1]) // 2
    window.screen.drag(window.middle(V2), between)

    def inside() -> set[str]:
        return {str(ref) for ref in frames(window)[0].members}

    window.until("three in the frame", lambda: inside() == {"report:1", "report:2", "version:2"})
    assert places(window)[VERSION_2] != before[VERSION_2]
    assert window.chosen() == {V2}
    window.screen.key("ctrl+shift+j")
    window.until("two in the frame", lambda: inside() == {"report:1", "report:2"})
    undo_until(window, "taking it out", lambda: len(inside()) == 3)
    undo_until(window, "the drop", lambda: len(inside()) == 2 and places(window) == before)
    remove_frame(window)


def test_a_frame_is_dragged_and_renamed_by_its_name(window: Any) -> None:
    before = places(window)
    frame = write_frame(window, "Reports")
    rest = window.resting()
    x, y, w, _ = rest[REPORTS[0]]
    zoom = w / 224
    name = x + round(20 * zoom), y - round(20 * zoom)
    window.screen.drag(name, (name[0] - 30, name[1] + 70))
    moved = window.until("the move", lambda: (p := places(window)) != before and p)
    assert {ref for ref in moved if moved[ref] != before[ref]} == set(frame.members)
    undo_until(window, "the move", lambda: places(window) == before)
    window.resting()
    window.screen.do("mousemove", *name, "click", "--repeat", 2, "--delay", 40, 1)
    window.field("Name of the frame")
    window.screen.write("Results")
    window.screen.key("Return")
    window.until("the other name", lambda: frames(window)[0].title == "Results")
    undo_until(window, "it", lambda: frames(window)[0].title == "Reports")
    remove_frame(window)


def test_a_note_is_written_where_the_mouse_is_changed_and_deleted(window: Any) -> None:
    x, y = window.empty()
    here = in_scene(window, x, y)
    window.screen.click((x, y))
    window.screen.key("n")
    window.field("New note")
    window.screen.write("Ask Ana about the light")
    window.screen.click((x, window.paper()[1] + 20))  # leaving it keeps it
    (note,) = window.until("the note", lambda: notes(window))
    assert note.text == "Ask Ana about the light"
    name = window.until("its card", lambda: next((n for n in window.blocks() if "Ask Ana" in n), None))
    assert abs(note.x - here[0]) <= 6  # on the grid
    assert abs(note.y - here[1]) <= 6
    select(window, name)
    window.screen.key("F2")
    window.field("Note")
    window.screen.key("ctrl+a")
    window.screen.write("No, forget it")
    window.screen.key("Escape")
    window.until("the field to go", lambda: "Note" not in window.blocks())
    assert notes(window)[0].text == "Ask Ana about the light"
    window.screen.key("F2")
    window.field("Note")
    window.screen.key("ctrl+a")
    window.screen.write("The light is fixed")
    window.screen.key("ctrl+Return")
    window.until("the other words", lambda: notes(window)[0].text == "The light is fixed")
    name = window.until("its card", lambda: next((n for n in window.blocks() if "The light" in n), None))
    window.until("it selected", lambda: window.chosen() == {name})
    window.screen.key("Delete")
    window.until("it to be gone", lambda: not notes(window) and name not in window.blocks())
    undo_until(window, "the deletion", lambda: [n.text for n in notes(window)] == ["The light is fixed"])
    undo_until(window, "the change", lambda: [n.text for n in notes(window)] == ["Ask Ana about the light"])
    undo_until(window, "the note", lambda: not notes(window))


def test_a_pinned_block_stays_and_its_drag_moves_the_paper(window: Any) -> None:
    before, rest = places(window), window.resting()
    select(window, V2)
    window.screen.key("p")
    window.until("the pin", lambda: "Pinned" in window.says(V2))
    x, y = window.middle(V2)
    window.screen.drag((x, y), (x + 90, y + 50))
    window.until("the paper to move", lambda: window.blocks()[V2][0] > rest[V2][0] + 60)
    after = window.resting()
    assert {(p[0] - rest[n][0], p[1] - rest[n][1]) for n, p in after.items()} == {(90, 50)}
    assert places(window) == before
    window.front()
    x, y = window.middle(TASK)
    window.screen.drag((x, y), (x - 30, y - 120))
    moved = window.until("a move", lambda: (p := places(window)) != before and p)
    window.screen.click(window.empty())
    window.press("push button", "Arrange")
    window.until("the layout", lambda: places(window) != moved)
    assert places(window)[VERSION_2] == before[VERSION_2]
    window.front()
    undo_until(window, "the layout", lambda: places(window) == moved)
    undo_until(window, "the move", lambda: places(window) == before)
    window.front()
    select(window, V2)
    window.screen.key("p")
    window.until("it to be loose", lambda: "Pinned" not in window.says(V2))
    x, y = window.middle(V2)
    window.screen.drag((x, y), (x + 60, y + 40))
    window.until("it to move", lambda: places(window)[VERSION_2] != before[VERSION_2])
    undo_until(window, "the move", lambda: places(window) == before)
