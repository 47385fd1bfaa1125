"""Reclaiming space in a workspace: what a deleted version took comes back, what anything needs stays."""

import os
import time
from pathlib import Path

import pytest

from clew.base.errors import DamagedError, NothingToDo, UserError
from clew.db import mapping
from clew.model.entities import State
from clew.model.refs import BlockKind, BlockRef
from clew.services import details, graph_view, maintenance, models, observe, projects, restore, versions
from clew.services.workspace import open_workspace


def age(ws, seconds: float = 7200) -> None:
    """Everything in the store was written two hours ago."""
    for pack in (ws.path / "store" / "packs").iterdir():
        os.utime(pack, (time.time() - seconds, time.time() - seconds))
    with ws.db.write() as transaction:
        for state in mapping.find(transaction.connection, State):
            mapping.change(transaction, State, state.id, created_at=state.created_at - int(seconds * 1e6))


def delete(ws, version) -> None:
    versions.delete_version(ws, versions.plan_delete(ws, version.id))


@pytest.fixture
def folder(ws) -> Path:
    return Path(projects.create_project(ws, "Coins", folder=None, format="files").folder)


@pytest.fixture
def saved(ws, folder):
    """Three versions; the second has a large file of its own."""
    made = []
    for text in ("one", "two", "three"):
        (folder / "note.txt").write_text(text)
        if text == "two":
            (folder / "big.bin").write_bytes(os.urandom(500_000))
        made.append(versions.create_version(ws, 1, text))
        (folder / "big.bin").unlink(missing_ok=True)
    return made


def test_a_deleted_version_comes_back_until_its_space_was_reclaimed(ws, saved) -> None:
    second = saved[1]
    age(ws)
    with pytest.raises(NothingToDo):
        maintenance.apply_gc(ws, maintenance.plan_gc(ws))
    delete(ws, second)
    plan = maintenance.plan_gc(ws)
    assert [(lost.project, lost.version.number) for lost in plan.versions] == [("Coins", 2)]
    assert 500_000 <= plan.free < 510_000
    assert versions.undelete_version(ws, second.id).number == 2
    assert maintenance.apply_gc(ws, plan).versions == (), "the plan is old: it came back since"
    assert ws.store.verify(trees=(second.tree,)).damaged == ()
    age(ws)
    delete(ws, second)
    before = ws.store.disk_usage()
    done = maintenance.apply_gc(ws, maintenance.plan_gc(ws))
    assert [lost.version.number for lost in done.versions] == [2]
    assert before - ws.store.disk_usage() > 490_000
    with pytest.raises(UserError, match="its space was reclaimed after it was deleted"):
        versions.undelete_version(ws, second.id)
    (record,) = [r for r in ws.store.records() if r.get("number") == 2]
    assert record["reclaimed"] is True
    for version in (saved[0], saved[2]):
        assert ws.store.verify(trees=(version.tree,)).damaged == ()
    assert [s.version.status.value for s in versions.list_versions(ws, 1)] == ["saved", "deleted", "saved"]


def test_the_same_session_can_reclaim_what_it_has_saved_itself(ws, folder) -> None:
    (folder / "big.bin").write_bytes(os.urandom(200_000))
    first = versions.create_version(ws, 1)
    (folder / "big.bin").unlink()
    versions.create_version(ws, 1)
    restore.apply_restore(ws, restore.plan_restore(ws, first.id))
    restore.apply_restore(ws, restore.plan_restore(ws, versions.latest_version(ws, 1).id))
    delete(ws, first)
    age(ws)
    assert maintenance.apply_gc(ws, maintenance.plan_gc(ws)).free > 190_000


def test_young_content_waits(ws, saved) -> None:
    delete(ws, saved[1])
    plan = maintenance.plan_gc(ws)
    assert plan.nothing
    assert plan.versions == ()
    assert 490_000 < plan.waiting < 520_000


def test_models_reports_and_removed_projects_keep_their_content(ws, saved, tmp_path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "w.bin").write_bytes(os.urandom(300_000))
    model = models.create_model(ws, "Net", weights, framework="none", classes=("a",), version_id=saved[0].id)
    projects.remove_project(ws, projects.plan_remove(ws, 1))
    delete(ws, saved[1])
    age(ws)
    maintenance.apply_gc(ws, maintenance.plan_gc(ws))
    assert ws.store.verify(trees=(model.tree, saved[0].tree, saved[2].tree)).damaged == ()


def test_cheap_states_are_kept_and_costly_old_ones_are_not(ws, folder, monkeypatch) -> None:
    monkeypatch.setattr(maintenance, "NEWEST", 1)
    versions.create_version(ws, 1)
    refs: list[BlockRef] = []
    for n, size in enumerate((2_000_000, 1000, 3_000_000)):
        (folder / "w.bin").write_bytes(os.urandom(size))
        refs.append(observe.observe(ws, 1))
        assert versions.get_state(ws, refs[-1].id).label == f"1.{n + 1}"
    assert maintenance.plan_gc(ws).nothing, "all of them are young"
    age(ws)
    plan = maintenance.plan_gc(ws)
    assert [state.label for state in plan.states] == ["1.1"], "1.2 is cheap, 1.3 is recent"
    assert maintenance.apply_gc(ws, plan).states == plan.states
    with pytest.raises(UserError, match=r"state 1\.1 was not kept"):
        versions.promote_state(ws, refs[0].id)
    assert versions.promote_state(ws, refs[1].id).number == 2
    facts = details.details(ws, refs[0])
    assert facts.stored == "Its content was not kept."
    assert refs[0].kind is BlockKind.STATE


def test_the_block_of_a_state_says_that_its_content_was_not_kept(ws, folder, monkeypatch) -> None:
    monkeypatch.setattr(maintenance, "NEWEST", 0)
    from clew.services.tasks import create_task

    versions.create_version(ws, 1)
    (folder / "w.bin").write_bytes(os.urandom(2_000_000))
    ref = observe.observe(ws, 1)
    create_task(ws, "Look", "script", inputs={"project": ref})
    (folder / "w.bin").unlink()
    age(ws)

    def chips() -> tuple[str, ...]:
        view = graph_view.graph(ws)
        return next(block.chips for block in view.blocks if block.ref == ref)

    assert chips() == ("1.1", "not saved")
    maintenance.apply_gc(ws, maintenance.plan_gc(ws))
    assert chips() == ("1.1", "not kept")


def test_a_version_that_only_the_store_knows_is_kept(ws, folder, saved) -> None:
    # as when an older copy of the database was put back
    with ws.db.write() as transaction:
        from clew.model.entities import Version

        mapping.remove(transaction, Version, saved[2].id)
    age(ws)
    plan = maintenance.plan_gc(ws)
    assert plan.nothing
    assert ws.store.verify(trees=(saved[2].tree,)).damaged == ()


def test_missing_content_of_a_version_stops_it(ws, saved) -> None:
    delete(ws, saved[1])
    age(ws)
    for pack in (ws.path / "store" / "packs").iterdir():
        pack.unlink()
    with pytest.raises(DamagedError, match="Coins@1"):
        maintenance.plan_gc(ws)


def test_another_window_hears_of_it(ws, saved) -> None:
    from clew.services.feed import Feed

    delete(ws, saved[1])
    age(ws)
    with open_workspace(ws.path) as other:
        feed = Feed(other)
        maintenance.apply_gc(ws, maintenance.plan_gc(ws))
        changes = feed.poll()
        feed.close()
    assert ("version", saved[1].id) in changes.touched
