"""The good habits: each is a rule that finds where it is missing, and says why it matters and what mends it.

A rule tells only what somebody can mend, and never what is done on purpose every day: a training that writes
its own report, a version that the app titled, a model that was trained and evaluated and not looked at again.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from clew.db import hint_rows
from clew.model.hints import Habit, Hint, Mend
from clew.model.refs import BlockKind, BlockRef
from clew.services.version_words import plain_title
from clew.services.workspace import Workspace


class Ground:
    """What the rules look at: one view of the database, and which content is in the store."""

    def __init__(self, ws: Workspace, connection: Any) -> None:
        self.ws, self.connection = ws, connection

    @cached_property
    def unsaved(self) -> list[Any]:
        """Reads of states that are no version and could still become one."""
        rows = hint_rows.unsaved_reads(self.connection)
        kept = self.ws.store.kept({row.tree for row in rows}) if rows else frozenset()
        return [row for row in rows if row.tree in kept]


def overwrote(ground: Ground) -> Iterator[Hint]:
    """An output that overwrote the state it read."""
    for row in ground.unsaved:
        if row.overwrote:
            task, state = BlockRef(BlockKind.TASK, row.task), BlockRef(BlockKind.STATE, row.state)
            yield Hint(
                f"{Habit.OVERWROTE}/{task}/{state}",
                Habit.OVERWROTE,
                f"{row.name} wrote over what it had read: {_state(row)}.",
                "What it read was no version, so the task cannot be run again on the same data.",
                (task, state),
                Mend.PROMOTE,
                state,
                "Save as version",
            )


def never_saved(ground: Ground) -> Iterator[Hint]:
    """An input that was never saved as a version."""
    told = {row.state for row in ground.unsaved if row.overwrote}
    why = "Only a version is kept for good: without one nobody can go back to what was read."
    last = {row.state: row for row in ground.unsaved if row.state not in told}
    for id_, row in sorted(last.items()):
        state, task = BlockRef(BlockKind.STATE, id_), BlockRef(BlockKind.TASK, row.task)
        words = f"{row.name} read {_state(row)}, which was never saved as a version."
        id_, habit = f"{Habit.NEVER_SAVED}/{state}", Habit.NEVER_SAVED
        yield Hint(id_, habit, words, why, (state, task), Mend.PROMOTE, state, "Save as version")
    for row in {row.project_id: row for row in hint_rows.projects_read(ground.connection)}.values():
        project, task = BlockRef(BlockKind.PROJECT, row.project_id), BlockRef(BlockKind.TASK, row.task)
        words = f"{row.name} read {row.project}, which was never saved as a version."
        id_, habit = f"{Habit.NEVER_SAVED}/{project}", Habit.NEVER_SAVED
        yield Hint(id_, habit, words, why, (project, task), Mend.VERSION, project, "New version")


def no_project(ground: Ground) -> Iterator[Hint]:
    """A task with a dataset but no project as input."""
    rows = {row.task: row for row in reversed(hint_rows.datasets_alone(ground.connection))}
    if not rows:
        return
    saved: dict[int, list[Any]] = {}
    for version in hint_rows.versions_of(ground.connection, (row.project_id for row in rows.values())):
        saved.setdefault(version.project_id, []).append(version)
    for row in sorted(rows.values(), key=lambda row: row.task):
        versions = saved.get(row.project_id, [])
        before = [v for v in versions if v.created_at <= row.created_at]
        # What was saved later is the nearest that there is where nothing was saved before.
        nearest = before[-1] if before else versions[0] if versions else None
        task = BlockRef(BlockKind.TASK, row.task)
        yield Hint(
            f"{Habit.NO_PROJECT}/{task}",
            Habit.NO_PROJECT,
            f"{row.name} read the dataset {row.dataset}, but no project.",
            "A dataset alone does not say which state of its project was read, so the way back ends here.",
            (task, BlockRef(BlockKind.DATASET, row.dataset_id)),
            *_linking(nearest, row.project_id),
        )


def _linking(version: Any | None, project_id: int) -> tuple[Mend, BlockRef, str]:
    """Link a version, or save the first one."""
    if version is None:
        return Mend.VERSION, BlockRef(BlockKind.PROJECT, project_id), "New version"
    return Mend.LINK, BlockRef(BlockKind.VERSION, version.id), f"Link version {version.number}"


def all_in_one(ground: Ground) -> Iterator[Hint]:
    """One session that did everything: it made data and the model that was trained on it.

    Told until somebody says what it did: a session of the past cannot be cut in pieces. A training is never
    told, nor is a session whose models were trained on data that it only read; predictions are data too.
    """
    made: dict[int, list[Any]] = {}
    for row in hint_rows.made_both(ground.connection):
        made.setdefault(row.task, []).append(row)
    for id_, rows in made.items():
        own = {row.project_id for row in rows if row.project_id is not None}
        models = [row for row in rows if row.kind == BlockKind.MODEL]
        if models and all(row.trained_on is not None and row.trained_on not in own for row in models):
            continue
        report = any(row.kind == BlockKind.REPORT for row in rows)
        task = BlockRef(BlockKind.TASK, id_)
        yield Hint(
            f"{Habit.ALL_IN_ONE}/{task}",
            Habit.ALL_IN_ONE,
            f"{rows[0].name} made {'data, a model and a report' if report else 'data and a model'} "
            "in one session.",
            "Which step made what cannot be told apart, nor run again alone. Give each step an app or a "
            "script of its own, and say here what this one did.",
            (task,),
            Mend.DESCRIBE,
            task,
            "Describe",
        )


def no_description(ground: Ground) -> Iterator[Hint]:
    """Blocks without description: versions and models that something was made of, and the best models."""
    for row in hint_rows.bare_versions(ground.connection):
        if row.title in ("", plain_title(row.number)):
            ref = BlockRef(BlockKind.VERSION, row.id)
            yield _describe(ref, f"Version {row.number} of {row.project} is in use and has no description.")
    told = set()
    for row in hint_rows.bare_bests(ground.connection):
        if row.id not in told:
            told.add(row.id)
            words = f"{row.name}, version {row.number}, is the best on {row.project} and has no description."
            yield _describe(BlockRef(BlockKind.MODEL, row.id), words)
    for row in hint_rows.bare_models(ground.connection):
        if row.id not in told:
            words = f"The model {row.name}, version {row.number}, is in use and has no description."
            yield _describe(BlockRef(BlockKind.MODEL, row.id), words)


def _describe(ref: BlockRef, words: str) -> Hint:
    habit = Habit.NO_DESCRIPTION
    why = "A sentence about what it is and why tells others, and you in a year, what a name cannot."
    return Hint(f"{habit}/{ref}", habit, words, why, (ref,), Mend.DESCRIBE, ref, "Describe")


def _state(row: Any) -> str:
    """A state as a sentence says it."""
    return f"state {row.after}.{row.minor} of {row.project}"


RULES: tuple[Callable[[Ground], Iterator[Hint]], ...] = (
    overwrote,
    never_saved,
    no_project,
    all_in_one,
    no_description,
)
"""The weightiest habit first."""
