"""What changed between two versions: words, the list, both pictures, thousands of items."""

import csv
import io
import json
from pathlib import Path

import pytest

from clew.gui.diff.list import Entry, ThumbList
from clew.gui.diff.page import DiffPage
from clew.gui.diff.words import big_numbers, diff_rows, row_words, to_csv, to_json
from clew.model.changes import Change, CountChange, FileChange, ItemChange, VersionDiff
from clew.model.view import Preview

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform says so of any window

DIFF = VersionDiff(
    1,
    "version 2",
    "version 3",
    (
        ItemChange("new.jpg", Change.ADDED, "added"),
        ItemChange("gone.jpg", Change.REMOVED, "removed"),
        ItemChange("a.jpg", Change.EDITED, "1 silver became copper", annotation_changed=True),
        ItemChange("b.jpg", Change.EDITED, "picture changed", picture_changed=True),
    ),
    (FileChange("notes.txt", Change.EDITED, 100, 120), FileChange("same.txt", Change.EDITED, 5, 5)),
    CountChange(10, 10),
    CountChange(30, 31),
    labels_changed=1,
)


def test_the_numbers_say_one_and_many_and_nothing_is_dim() -> None:
    assert big_numbers(DIFF) == (
        ("+1", "picture added", "good"),
        ("1", "picture removed", "bad"),
        ("1", "label changed", "accent"),
        ("0", "boxes moved", "dim"),
        ("1", "picture changed", "accent"),
        ("2", "other files", ""),
    )


def test_edited_items_come_first_and_only_labels_leaves_the_rest_out() -> None:
    assert [r.path for r in diff_rows(DIFF)][:4] == ["a.jpg", "b.jpg", "new.jpg", "gone.jpg"]
    assert [r.path for r in diff_rows(DIFF, only_labels=True)] == ["a.jpg"]
    assert [row_words(f) for f in DIFF.files] == ["edited, 100 bytes became 120 bytes", "edited, 5 bytes"]


def test_exports_can_be_read_again() -> None:
    lines = list(csv.reader(io.StringIO(to_csv(DIFF))))
    assert lines[1] == ["a.jpg", "edited", "", "1 silver became copper"] and len(lines) == 7
    data = json.loads(to_json(DIFF))
    assert data["to"] == "version 3" and data["files"][0]["new_size"] == 120


@pytest.fixture
def page(shared_world, ops, state, show, settled):
    made = show(DiffPage(shared_world.ws, ops, state), 1393, 949)
    made.show_versions(shared_world.project.id, 1, 2)
    settled(lambda: made.item.item is not None)
    return made


def paths(page) -> list[str]:
    return [e.path for e in page.list.entries.entries]


def test_the_first_changed_picture_is_shown_on_both_sides(page, unnamed) -> None:
    assert page.header.title.text() == "Version 1 to version 2"
    assert paths(page)[0] == "train/0000.jpg"
    assert len(paths(page)) == 8
    view = page.item
    assert view.old.image is not None and view.new.image is not None
    assert [m.role for m in view.old.marks].count("old") == 1
    assert [m.role for m in view.new.marks].count("new") == 1
    rows = [[c.text for c in r] for r in view.objects.flat.rows]
    assert rows[0][1:] == ["bronze", "copper", "class changed"]
    assert rows[-1] == ["2 more", "same", "same", ""]
    assert unnamed(page) == []


def test_keys_walk_along_the_list_and_added_and_removed_have_one_side(page, settled, qtbot) -> None:
    from PySide6.QtCore import Qt

    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    settled(lambda: page.item.item.row.path == "train/0001.jpg" and not page._timer.isActive())
    page.list.choose("train/0900.jpg")
    settled(lambda: page.item.item.row.path == "train/0900.jpg")
    assert page.item.old.image is None and page.item.old.sentence == "Not in version 1"
    assert {m.role for m in page.item.new.marks} == {"new"}
    page.list.choose("train/0007.jpg")
    settled(lambda: page.item.item.row.path == "train/0007.jpg")
    assert page.item.new.image is None and page.item.old.image is not None


def test_a_click_on_a_box_finds_its_line(page, qtbot) -> None:
    from PySide6.QtCore import Qt

    view = page.item
    mark = next(m for m in view.new.marks if m.role == "new")
    qtbot.mouseClick(view.new, Qt.MouseButton.LeftButton, pos=view.new.mark_rect(mark).center().toPoint())
    assert view.new.chosen == view.old.chosen == mark.key
    assert view.objects.currentIndex().row() == 0


def test_overlay_draws_old_dashed_over_new(page) -> None:
    page.overlay.click()
    assert not page.item._old_side.isVisible()
    assert {(m.role, m.dashed) for m in page.item.new.marks} == {
        ("same", False),
        ("new", False),
        ("old", True),
    }
    page.overlay.click()
    assert page.item._old_side.isVisible()


def test_only_labels_and_the_pickers(page, settled, state, shared_world) -> None:
    page.only_labels.click()
    assert paths(page) == ["train/0000.jpg", "train/0001.jpg", "train/0002.jpg"]
    choices = [a.text() for a in page.to_button.menu().actions()]
    assert choices == ["Working folder", "Version 2, Copper added"]
    page.to_button.menu().actions()[0].trigger()
    settled(lambda: page.loaded is not None and page.loaded.new is None)
    assert state.route.args == {"project": shared_world.project.id, "old": 1, "new": None}
    assert page.header.title.text() == "Version 1 to working folder"


def test_no_difference_is_one_sentence(page, settled) -> None:
    page.show_versions(page.project_id, None, None)
    settled(lambda: page.empty.isVisible() and page.loaded is not None)
    assert page.empty.sentence.text() == (
        "Version 2 and the working folder are the same: no picture, label or file is different."
    )
    assert not page.export.isEnabled()


def test_the_first_version_is_compared_with_nothing(page, settled) -> None:
    page.show_versions(page.project_id, None, 1)
    settled(lambda: page.loaded is not None and page.item.item is not None and page.item.old.image is None)
    assert page.header.title.text() == "Nothing to version 1"
    assert page.item.item.old is None and page.item.new.image is not None


def test_the_working_folder_is_shown_as_it_is_now(own_world, ops, state, show, settled) -> None:
    folder = Path(own_world.project.folder)
    label = folder / "val" / "0500.jpg.json"
    label.write_text(label.read_text().replace('"copper"', '"gold"').replace('"gold"', '"bronze"', 1))
    made = show(DiffPage(own_world.ws, ops, state))
    made.show_versions(own_world.project.id, None, None)
    settled(lambda: made.item.item is not None)
    assert paths(made) == ["val/0500.jpg"]
    assert made.item.item.change.labels_changed >= 1


def test_a_project_that_is_gone_is_said_in_a_sentence(page, settled) -> None:
    page.show_versions(999, 1, 2)
    settled(lambda: "999" in page.empty.sentence.text())


def test_thousands_of_items_ask_only_for_what_is_seen(shared_world, ops, state, show, settled) -> None:
    tree = shared_world.versions[1].tree
    asked: set[str] = set()
    view = ThumbList(shared_world.ws, ops, state, "Many")
    real = view.thumbs.get
    view.thumbs.get = lambda preview, *size: (asked.add(preview.path), real(preview, *size))[1]
    view.set_entries(tuple(Entry(f"{i}.jpg", "", Preview(tree, f"{i}.jpg", 1)) for i in range(20_000)))
    show(view, 300, 560)
    settled()
    assert 5 <= len(asked) <= 15
    assert view.choose("15000.jpg") and not view.choose("no.jpg")
    view.grab()
    assert "15000.jpg" in asked and len(asked) <= 40
    settled()
