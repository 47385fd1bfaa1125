"""Finding things by words: what is looked at, what changes, and queries that no one would type."""

import threading

import pytest

from clew.db.word_index import as_match
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Scope
from clew.services import apps, arrange, frames, imports, notes, projects, tasks, versions
from clew.services.locate import locate
from clew.services.search import search


@pytest.fixture
def coins(ws, coco_file):
    return imports.apply_import(ws, imports.plan_import(ws, coco_file(4), project="Münzen am Fluß")).project


@pytest.fixture
def training(ws):
    app = apps.get_app(ws, "quick-trainer")
    params = {"epochs": 40, "rate": 0.001, "aug": ["flip"]}
    task = tasks.create_task(ws, "Night run", "train", app=app, params=params)
    tasks.set_metric(ws, task.id, map=0.412)
    return task


def found(ws, words, **more):
    return [str(hit.ref) for hit in search(ws, words, **more).hits]


def test_every_field_of_a_task_is_looked_at(ws, training) -> None:
    ref = str(training.ref)
    assert ws.user.name
    for words, field in (
        ("nig", "name"),
        ("training", "kind"),
        ("quick-tr", "kind"),
        (ws.user.name, "person"),
        ("epochs 40", "parameters"),
        ("rate = 0.001", "parameters"),
        ("flip", "parameters"),
        ("map 0.41", "metrics"),
    ):
        hits = search(ws, words).hits
        assert [(str(h.ref), h.field) for h in hits] == [(ref, field)], words
    tasks.add_note(ws, training.id, "The scale was missing")
    arrange.describe(ws, training.ref, "Looks at the reverse sides")
    assert search(ws, "scale miss").hits[0].field == "message"
    assert search(ws, "reverse").hits[0].field == "description"


def test_every_word_must_begin_a_word_somewhere(ws, training) -> None:
    assert found(ws, "night EPOCHS map") == [str(training.ref)]
    assert found(ws, "night winter") == []
    assert found(ws, "ight") == []


def test_accents_and_capitals_count_for_nothing(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, "Première")
    for words in ("munzen", "MÜNZEN", "Mu\u0308nzen", "premiere", "v1 münzen"):
        assert str(version.ref) in found(ws, words), words
    hit = search(ws, "premiere").hits[0]
    assert (hit.field, [hit.snippet[a:b] for a, b in hit.marks]) == ("version", ["Première"])


@pytest.mark.parametrize(
    "words",
    [
        *('"', "*", "night OR", 'a" OR "b', "NEAR(", "name:night", "-", "(", "\0", "\ud800", "^", "{name}"),
        *(" ", "— –", "'; DROP TABLE words; --", "night" * 5000, "n " * 5000, "🪙", "%", "\u0308"),
    ],
)
def test_no_character_of_a_query_is_an_error(ws, training, words) -> None:
    search(ws, words)
    assert found(ws, "night") == [str(training.ref)]


def test_a_query_without_a_word_finds_nothing(ws, training) -> None:
    assert as_match(' " — * ') == ""
    assert search(ws, ' " — * ').refs == frozenset()


def test_words_of_the_query_language_are_words(ws) -> None:
    task = tasks.create_task(ws, "Near or not", "process")
    for words in ("NEAR", "OR", "NOT near", "name:", 'near"or'):
        expected = [] if words == "name:" else [str(task.ref)]
        assert found(ws, words) == expected, words


def test_what_changes_is_found_anew_and_what_goes_is_not(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, "Baseline")
    assert str(version.ref) in found(ws, "munzen")
    projects.edit_project(ws, coins.id, name="Brooches")
    assert found(ws, "munzen") == []
    assert {str(version.ref), f"project:{coins.id}"} <= set(found(ws, "brooch"))
    edit = notes.add_note(ws, Scope("project", coins.id), "Ask Anna\nabout the hoard", (0, 0), (200, 90))
    (note,) = (ref for ref in edit.after if isinstance(ref, BlockRef))
    hit = search(ws, "hoard").hits[0]
    assert (hit.ref, hit.title, hit.scope) == (note, "Ask Anna", f"project:{coins.id}")
    arrange_back(ws, coins.id, edit)
    assert found(ws, "hoard") == []


def arrange_back(ws, project_id, edit) -> None:
    from clew.services.edits import revert_edit

    revert_edit(ws, Scope("project", project_id), edit)


def test_frames_are_found_by_their_name(ws, coins) -> None:
    version = versions.create_version(ws, coins.id, "Baseline")
    frames.make_frame(ws, Scope(), "Winter dig", [version.ref])
    assert [(h.ref.kind, h.scope) for h in search(ws, "winter").hits] == [(BlockKind.FRAME, "workspace")]


def test_kinds_narrow_and_a_name_ranks_before_a_message(ws, training) -> None:
    other = tasks.create_task(ws, "Morning", "process")
    tasks.set_message(ws, other.id, "After the night run")
    assert found(ws, "night run") == [str(training.ref), str(other.ref)]
    assert found(ws, "night", kinds=[BlockKind.MODEL]) == []
    assert found(ws, "night", kinds=[BlockKind.TASK], limit=1) == [str(training.ref)]
    assert len(search(ws, "night", limit=1).refs) == 2


def test_a_long_text_is_cut_around_the_words(ws, training) -> None:
    arrange.describe(ws, training.ref, "word " * 200 + "hoard\nof " + "more " * 200)
    hit = search(ws, "hoard").hits[0]
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 90
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["hoard"]
    assert "\n" not in hit.snippet


def test_a_name_that_is_no_text_can_be_found(ws) -> None:
    task = tasks.create_task(ws, "bad \udcff name", "process")
    assert found(ws, "bad name") == [str(task.ref)]


def test_threads_may_search_while_the_workspace_changes(ws, training) -> None:
    wrong: list[BaseException] = []

    def look() -> None:
        try:
            for _ in range(30):
                assert str(training.ref) in found(ws, "night")
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for i in range(20):
        tasks.set_progress(ws, training.id, i / 20, f"Epoch {i}")
    for thread in threads:
        thread.join()
    assert wrong == []
    assert found(ws, "epoch 19") == [str(training.ref)]


def test_each_hit_is_in_a_graph_or_in_none(ws) -> None:
    project = projects.create_project(ws, "Welds")
    versions.create_version(ws, project.id, "First weld")
    own = Scope("project", project.id)
    frames.make_frame(ws, own, "Weld seams", (BlockRef(BlockKind.VERSION, 1),))
    lonely = tasks.create_task(ws, "Weld script", "script")
    hits = search(ws, "weld").hits
    where = locate(ws, hits)
    assert lonely.ref in {hit.ref for hit in hits} and lonely.ref not in where
    assert {ref.kind: scope for ref, scope in where.items()} == {
        BlockKind.PROJECT: own,
        BlockKind.VERSION: Scope(),
        BlockKind.FRAME: own,
    }
