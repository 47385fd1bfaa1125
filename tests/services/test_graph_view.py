"""The graph as it is drawn: blocks, links, spine, scopes, positions."""

from dataclasses import replace
from pathlib import Path

import pytest

from clew.base.errors import UserError
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import BlockState, Edit, LinkKind, Scope
from clew.services import arrange, details, files, imports, jobs, notes, tasks, versions, workflow
from clew.services.apps import list_apps
from clew.services.edits import apply_edit, revert_edit
from clew.services.task_blocks import task_news
from clew.services.workspace import counts


@pytest.fixture
def coins(ws, coco_file):
    return imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Coins")).project


@pytest.fixture
def story(ws, coins):
    """Version 1, a task that read it and left a changed project, version 2 made of that, a file."""
    first = versions.create_version(ws, coins.id, "Baseline")
    task = tasks.create_task(ws, "Clean up", "process")
    workflow.record_input(ws, task.id, first.ref)
    (Path(coins.folder) / "notes.txt").write_text("clean")
    state = workflow.project_ref(ws, coins.id, task_id=task.id)
    workflow.record_output(ws, task.id, state)
    return first, task, state


def refs(view):
    return {block.ref for block in view.blocks}


def test_a_project_without_versions_is_a_block_of_its_own(ws, coins) -> None:
    view = workflow.graph(ws)
    assert refs(view) == {BlockRef(BlockKind.PROJECT, coins.id)}
    assert counts(ws)["blocks"] == 1


def test_an_intermediate_state_is_drawn_until_it_is_a_version(ws, coins, story) -> None:
    first, task, state = story
    view = workflow.graph(ws)
    assert refs(view) == {first.ref, task.ref, state}
    assert (counts(ws)["blocks"], counts(ws)["links"]) == (3, len(view.links))
    drawn = next(b for b in view.blocks if b.ref == state)
    assert (drawn.state, drawn.chips) == (BlockState.UNSAVED, ("1.1", "not saved"))
    assert [(link.source, link.target) for link in view.links if link.kind is LinkKind.SPINE] == [
        (first.ref, state)
    ]
    second = versions.create_version(ws, coins.id, "Cleaned")
    after = workflow.graph(ws)
    assert refs(after) == {first.ref, task.ref, second.ref}
    assert (task.ref, second.ref) in {(link.source, link.target) for link in after.links}
    assert (counts(ws)["blocks"], counts(ws)["links"]) == (3, len(after.links))
    assert details.details(ws, second.ref).inputs == (task.ref,)


def test_scopes_show_what_belongs_together(ws, coins, story, tmp_path, picture_folder) -> None:
    _, task, state = story
    other = imports.apply_import(ws, imports.plan_import(ws, picture_folder(), project="Other"))
    lone = versions.create_version(ws, other.project.id)
    report = tmp_path / "result.csv"
    report.write_text("1")
    second = tasks.create_task(ws, "Count", "script")
    workflow.record_input(ws, second.id, state)
    entry = files.register_file(ws, report)
    workflow.record_output(ws, second.id, BlockRef(BlockKind.FILE, entry.id))
    whole = refs(workflow.graph(ws))
    assert lone.ref in whole
    project = refs(workflow.graph(ws, Scope("project", coins.id)))
    assert project == whole - {lone.ref}
    assert refs(workflow.graph(ws, Scope("task", task.id))) == project
    assert refs(workflow.graph(ws, Scope("project", other.project.id))) == {lone.ref}


def test_positions_and_edits_are_kept_per_scope(ws, coins, story) -> None:
    first, task, _ = story
    scope = Scope()
    arrange.save_positions(ws, scope, {first.ref: (10.0, 20.0)})
    edit = Edit(
        "Move", {first.ref: (10.0, 20.0), task.ref: None}, {first.ref: (1.0, 2.0), task.ref: (5.0, 5.0)}
    )
    arrange.apply_edit(ws, scope, edit)
    assert workflow.graph(ws).positions == {first.ref: (1.0, 2.0), task.ref: (5.0, 5.0)}
    arrange.revert_edit(ws, scope, edit)
    assert workflow.graph(ws).positions == {first.ref: (10.0, 20.0)}
    assert workflow.graph(ws, Scope("project", coins.id)).positions == {}


def test_links_by_hand_go_forward_only_and_can_be_removed(ws, story) -> None:
    first, task, state = story
    with pytest.raises(UserError, match="its own origin"):
        arrange.link_by_hand(ws, state, first.ref)
    job = jobs.create_job(ws, "Check", 1, items_total=4)
    link = arrange.link_by_hand(ws, state, BlockRef(BlockKind.JOB, job.id))
    recorded = next(x for x in workflow.graph(ws).links if x.target == task.ref)
    with pytest.raises(UserError, match="A task recorded this link"):
        arrange.remove_link(ws, recorded.id)
    arrange.remove_link(ws, link.id)
    assert not [x for x in workflow.graph(ws).links if x.kind is LinkKind.HAND]


def test_a_deleted_version_keeps_its_place_with_a_tombstone(ws, story) -> None:
    first, task, _ = story
    plan = versions.plan_delete(ws, first.id)
    assert plan.depends == (f"task Clean up (#{task.id})",)
    versions.delete_version(ws, plan)
    block = next(b for b in workflow.graph(ws).blocks if b.ref == first.ref)
    assert (block.title, block.state) == ("deleted", BlockState.DELETED)
    assert details.details(ws, first.ref).state is BlockState.DELETED


def test_descriptions_show_in_details(ws, story) -> None:
    first, task, state = story
    for ref in first.ref, task.ref, state:
        arrange.describe(ws, ref, f"about {ref}")
        assert details.details(ws, ref).description == f"about {ref}"
    with pytest.raises(UserError, match="no model with the id 9"):
        arrange.describe(ws, BlockRef(BlockKind.MODEL, 9), "x")


def test_every_kind_has_details(ws, coins, story, tmp_path) -> None:
    (tmp_path / "w.bin").write_bytes(b"1")
    entry = files.register_file(ws, tmp_path / "w.bin", model_weight=True)
    job = jobs.create_job(ws, "Check", coins.id)
    from clew.services.projects import create_dataset

    dataset = create_dataset(ws, coins.id, "a/b")
    for ref in (
        BlockRef(BlockKind.FILE, entry.id),
        BlockRef(BlockKind.JOB, job.id),
        BlockRef(BlockKind.DATASET, dataset.id),
        BlockRef(BlockKind.PROJECT, coins.id),
        *(story[0].ref, story[1].ref, story[2]),
    ):
        shown = details.details(ws, ref)
        assert shown.caption
        assert shown.title


def test_blocks_say_who_made_them_and_with_which_app(ws, coins, story, tmp_path) -> None:
    first, task, state = story
    trainer = next(app for app in list_apps(ws) if app.kind == "train")
    app = tasks.create_task(ws, "Learn coins", "train", app=trainer)
    workflow.record_input(ws, app.id, first.ref)
    made = tmp_path / "weights.bin"
    made.write_bytes(b"1")
    file = BlockRef(BlockKind.FILE, files.register_file(ws, made).id)
    workflow.record_output(ws, app.id, file)
    drawn = {block.ref: block for block in workflow.graph(ws).blocks}
    assert {block.person for block in drawn.values()} == {ws.user.name}
    assert drawn[app.ref].maker == drawn[file].maker == trainer.slug
    assert drawn[task.ref].maker == drawn[state].maker == "Clean up"  # a script is its own app
    assert drawn[first.ref].maker == ""  # saved by hand
    pending = BlockRef(BlockKind.MODEL, -app.id)
    assert drawn[pending].maker == trainer.slug


def test_news_of_a_task_draw_the_same_block_as_the_graph(ws, coins, story) -> None:
    _, task, _ = story
    drawn = {block.ref: block for block in workflow.graph(ws).blocks}
    (news,) = task_news(ws, [task.id])
    assert news.block == drawn[task.ref]


def test_notes_say_when_they_were_written_which_no_edit_looks_at(ws, coins, story) -> None:
    scope = Scope()
    notes.add_note(ws, scope, "Look here", (0.0, 0.0), (200.0, 80.0))
    (note,) = workflow.graph(ws).notes
    assert note.created_at > 0
    moved = replace(note, x=50.0, created_at=0)  # as the canvas has it
    edit = Edit("Move note", {note.ref: note}, {note.ref: moved})
    apply_edit(ws, scope, edit)
    assert revert_edit(ws, scope, edit) == ()
    assert workflow.graph(ws).notes == (note,)
