"""Every edit of the picture can be done, taken back and done again, and never over somebody else's work."""

from dataclasses import replace

import pytest

from clew.base.errors import UserError
from clew.model.linking import MAY_LEAD_TO, why_not
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, Frame, LinkKind, LinkOf, Note, Scope, TextOf
from clew.services import arrange, details, frames, imports, jobs, notes, versions, workflow
from clew.services.feed import Feed

WHOLE = Scope()


@pytest.fixture
def blocks(ws, picture_folder) -> list[BlockRef]:
    """Six labeling jobs of one project, and its first version: seven blocks."""
    project = imports.apply_import(ws, imports.plan_import(ws, picture_folder(), project="Coins")).project
    version = versions.create_version(ws, project.id)
    made = [jobs.create_job(ws, f"Check {i}", project.id) for i in range(6)]
    return [version.ref, *(BlockRef(BlockKind.JOB, job.id) for job in made)]


def frame(ws, edit: Edit) -> Frame:
    """The frame that an edit made, as it is now."""
    (new,) = [ref for ref, value in edit.before.items() if value is None]
    return next(f for f in workflow.graph(ws).frames if f.ref == new)


def shown(ws) -> tuple:
    view = workflow.graph(ws)
    return view.frames, view.notes, view.positions, [(x.source, x.target, x.kind) for x in view.links]


def test_frames_nest_by_what_stands_in_them(ws, blocks) -> None:
    inner = frame(ws, frames.make_frame(ws, WHOLE, "Inner", blocks[1:3]))
    outer = frame(ws, frames.make_frame(ws, WHOLE, "Outer", blocks[1:5]))
    assert set(outer.members) == set(blocks[3:5])
    by_title = {f.title: f for f in workflow.graph(ws).frames}
    assert by_title["Inner"].parent == outer.id
    assert set(by_title["Inner"].members) == set(blocks[1:3])
    core = frame(ws, frames.make_frame(ws, WHOLE, "Core", blocks[1:2]))
    assert core.parent == inner.id
    assert details.details(ws, outer.ref).subtitle == "4 blocks, 1 frame inside"


def test_a_frame_goes_and_its_content_stands_in_the_one_around_it(ws, blocks) -> None:
    inner = frame(ws, frames.make_frame(ws, WHOLE, "Inner", blocks[1:3]))
    outer = frame(ws, frames.make_frame(ws, WHOLE, "Outer", blocks[1:5]))
    before = shown(ws)
    edit = frames.remove_frame(ws, WHOLE, inner.id)
    (left,) = workflow.graph(ws).frames
    assert left.id == outer.id
    assert set(left.members) == set(blocks[1:5])
    arrange.revert_edit(ws, WHOLE, edit)
    assert shown(ws) == before


@pytest.mark.parametrize("change", [{"title": "New"}, {"colour": "#2457d6"}, {"folded": True}])
def test_frames_change_and_change_back(ws, blocks, change) -> None:
    made = frame(ws, frames.make_frame(ws, WHOLE, "Old", blocks[:2]))
    edit = frames.change_frame(ws, WHOLE, made.id, **change)
    assert workflow.graph(ws).frames == (replace(made, **change),)
    arrange.revert_edit(ws, WHOLE, edit)
    assert workflow.graph(ws).frames == (made,)
    arrange.repeat_edit(ws, WHOLE, edit)
    assert workflow.graph(ws).frames == (replace(made, **change),)


def test_blocks_go_into_frames_and_out_again(ws, blocks) -> None:
    one = frame(ws, frames.make_frame(ws, WHOLE, "One", blocks[:2]))
    two = frame(ws, frames.make_frame(ws, WHOLE, "Two", blocks[2:4]))
    frames.put_in_frame(ws, WHOLE, two.id, [blocks[0], one.ref])
    now = {f.id: f for f in workflow.graph(ws).frames}
    assert set(now[two.id].members) == {blocks[0], *blocks[2:4]}
    assert now[one.id].parent == two.id
    with pytest.raises(UserError, match="cannot stand in itself"):
        frames.put_in_frame(ws, WHOLE, one.id, [two.ref])
    frames.put_in_frame(ws, WHOLE, None, [blocks[1]])
    now = {f.id: f for f in workflow.graph(ws).frames}
    assert blocks[1] in now[two.id].members
    frames.put_in_frame(ws, WHOLE, None, [blocks[1]])
    assert not any(blocks[1] in f.members for f in workflow.graph(ws).frames)


def test_frames_refuse_what_makes_no_sense(ws, blocks) -> None:
    for title, chosen in (("", blocks), ("Name", [])):
        with pytest.raises(UserError, match="needs a name and at least one block"):
            frames.make_frame(ws, WHOLE, title, chosen)
    made = frame(ws, frames.make_frame(ws, WHOLE, "One", blocks[:2]))
    with pytest.raises(UserError, match="needs a name"):
        frames.change_frame(ws, WHOLE, made.id, title=" ")
    frames.remove_frame(ws, WHOLE, made.id)
    with pytest.raises(UserError, match="somebody took it away"):
        frames.change_frame(ws, WHOLE, made.id, title="X")


def test_a_whole_session_is_undone_and_done_again(ws, blocks) -> None:
    states, edits = [shown(ws)], []

    def did(edit: Edit) -> Edit:
        edits.append(edit)
        states.append(shown(ws))
        return edit

    made = frame(ws, did(frames.make_frame(ws, WHOLE, "One", blocks[:3])))
    did(frames.make_frame(ws, WHOLE, "In it", blocks[:2]))
    did(frames.change_frame(ws, WHOLE, made.id, folded=True))
    (ref,) = did(notes.add_note(ws, WHOLE, "Why so few?", (5.0, 6.0), (200.0, 90.0))).after
    did(notes.change_note(ws, WHOLE, ref.id, "Ask Ann", 120.0))
    move = Edit("Move", {blocks[0]: None, ref: workflow.graph(ws).notes[0]}, {blocks[0]: (1.0, 2.0)})
    move.after[ref] = replace(workflow.graph(ws).notes[0], x=50.0)
    arrange.apply_edit(ws, WHOLE, move)
    did(move)
    did(arrange.draw_link(ws, blocks[0], blocks[1]))
    did(arrange.describe(ws, blocks[0], "The first"))
    did(notes.change_note(ws, WHOLE, ref.id, ""))
    did(frames.remove_frame(ws, WHOLE, made.id))
    link = next(x.id for x in workflow.graph(ws).links if x.kind is LinkKind.HAND)
    did(arrange.erase_links(ws, [link]))
    for edit, state in zip(reversed(edits), reversed(states[:-1])):
        assert arrange.revert_edit(ws, WHOLE, edit) == ()
        assert shown(ws) == state
    assert details.details(ws, blocks[0]).description == ""
    for edit, state in zip(edits, states[1:]):
        assert arrange.repeat_edit(ws, WHOLE, edit) == ()
        assert shown(ws) == state


def test_undo_leaves_alone_what_somebody_changed_since(ws, blocks) -> None:
    made = frame(ws, frames.make_frame(ws, WHOLE, "One", blocks[:2]))
    rename = frames.change_frame(ws, WHOLE, made.id, title="Mine")
    frames.change_frame(ws, WHOLE, made.id, colour="#2457d6")
    arrange.revert_edit(ws, WHOLE, rename)  # another property was changed: both hold
    assert [(f.title, f.colour) for f in workflow.graph(ws).frames] == [("One", "#2457d6")]
    arrange.repeat_edit(ws, WHOLE, rename)
    frames.change_frame(ws, WHOLE, made.id, title="Theirs")
    with pytest.raises(UserError, match="somebody changed the same thing since"):
        arrange.revert_edit(ws, WHOLE, rename)
    assert workflow.graph(ws).frames[0].title == "Theirs"
    move = Edit("Move", {blocks[0]: None, blocks[1]: None}, {blocks[0]: (1.0, 1.0), blocks[1]: (2.0, 2.0)})
    arrange.apply_edit(ws, WHOLE, move)
    arrange.save_positions(ws, WHOLE, {blocks[0]: (9.0, 9.0)})
    assert arrange.revert_edit(ws, WHOLE, move) == (blocks[0],)
    assert workflow.graph(ws).positions == {blocks[0]: (9.0, 9.0)}


def test_a_number_is_never_given_twice(ws, blocks) -> None:
    edit = frames.make_frame(ws, WHOLE, "Mine", blocks[:2])
    arrange.revert_edit(ws, WHOLE, edit)
    other = frame(ws, frames.make_frame(ws, WHOLE, "Theirs", blocks[2:4]))
    arrange.repeat_edit(ws, WHOLE, edit)
    assert {f.title for f in workflow.graph(ws).frames} == {"Mine", "Theirs"}
    assert other.ref not in edit.after


def test_news_name_what_was_edited(ws, blocks) -> None:
    feed = Feed(ws)
    try:
        made = frame(ws, frames.make_frame(ws, WHOLE, "One", blocks[:2]))
        assert feed.poll().touches("frame")
        (ref,) = notes.add_note(ws, WHOLE, "Hello", (0.0, 0.0), (200.0, 90.0)).after
        assert feed.poll().touched == {("note", ref.id)}
        arrange.describe(ws, made.ref, "About it")
        assert feed.poll().touches("description")
        arrange.draw_link(ws, blocks[0], blocks[1])
        assert feed.poll().touches("link")
    finally:
        feed.close()


def test_links_join_only_kinds_that_make_sense(ws, blocks) -> None:
    report, model = BlockRef(BlockKind.REPORT, 1), BlockRef(BlockKind.MODEL, 1)
    with pytest.raises(UserError, match=r"A report does not become a model\. It can lead to a task"):
        arrange.draw_link(ws, report, model)
    with pytest.raises(UserError, match="A frame takes no links"):
        arrange.draw_link(ws, BlockRef(BlockKind.FRAME, 1), blocks[0])
    arrange.draw_link(ws, blocks[0], blocks[1])
    with pytest.raises(UserError, match="linked already"):
        arrange.draw_link(ws, blocks[0], blocks[1])
    for kind, may in MAY_LEAD_TO.items():
        assert all(not why_not(kind, other) for other in may)


def test_a_later_version_is_no_source_of_what_an_earlier_one_became(ws, blocks, picture_folder) -> None:
    first = blocks[0]
    folder = picture_folder({"more": 2}, "more")
    imports.apply_import(ws, imports.plan_import(ws, folder, project="Coins"))
    second = versions.create_version(ws, 1)
    arrange.draw_link(ws, blocks[1], first)
    with pytest.raises(UserError, match="its own origin"):
        arrange.draw_link(ws, second.ref, blocks[1])  # job → version 1, and version 2 came after it
    assert LinkOf(second.ref, blocks[1]) not in arrange.draw_link(ws, first, blocks[2]).after


def test_a_note_says_something(ws) -> None:
    with pytest.raises(UserError, match="needs a text"):
        notes.add_note(ws, WHOLE, "  ", (0.0, 0.0), (200.0, 90.0))
    (ref,) = notes.add_note(ws, Scope("project", 3), "There", (0.0, 0.0), (200.0, 90.0)).after
    assert workflow.graph(ws).notes == ()
    assert details.details(ws, ref).title == "There"
    assert isinstance(workflow.graph(ws, Scope("project", 3)).notes[0], Note)
    assert arrange.describe(ws, ref, "x").after == {TextOf(ref): "x"}


def test_a_pin_is_of_one_scope_and_can_be_taken_back(ws, blocks) -> None:
    edit = arrange.pin(ws, WHOLE, blocks[:2], pinned=True)
    assert edit.label == "Pin 2 blocks"
    assert {b.ref for b in workflow.graph(ws).blocks if b.pinned} == set(blocks[:2])
    assert not any(b.pinned for b in workflow.graph(ws, Scope("project", 1)).blocks)
    again = arrange.pin(ws, WHOLE, blocks[:3], pinned=True)  # only what it changes is part of an edit
    assert len(again.after) == 1
    arrange.revert_edit(ws, WHOLE, again)
    arrange.revert_edit(ws, WHOLE, edit)
    assert not any(b.pinned for b in workflow.graph(ws).blocks)
    with pytest.raises(UserError, match="cannot be pinned"):
        arrange.pin(ws, WHOLE, [BlockRef(BlockKind.NOTE, 1)], pinned=True)
    with pytest.raises(UserError):
        arrange.pin(ws, WHOLE, [BlockRef(BlockKind.MODEL, 99)], pinned=True)
