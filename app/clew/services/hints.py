"""Hints about good habits: what makes a workflow hard to follow, and what mends it.

Each habit is one rule over the rows of the workspace; a rule changes nothing and reads nothing else.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from clew.base.errors import UserError
from clew.db import hint_rows, mapping
from clew.graph import lineage
from clew.model.entities import Dataset, Project, State, Version, VersionStatus
from clew.model.hints import Habit, Hint, Mend
from clew.model.refs import BlockKind, BlockRef
from clew.model.view import Edit, HintOf, Scope, Values
from clew.services.arrange import describe, draw_link
from clew.services.edits import DISMISSED, put_values, read_values
from clew.services.graph_view import Rows, read_rows
from clew.services.versions import create_version, promote_state
from clew.services.workspace import Workspace

_DATA = (BlockKind.PROJECT, BlockKind.VERSION, BlockKind.STATE)
_PARTS = {  # what a session can make, in words; a session that makes two of them did several steps in one
    BlockKind.PROJECT: "data",
    BlockKind.VERSION: "data",
    BlockKind.STATE: "data",
    BlockKind.DATASET: "data",
    BlockKind.MODEL: "a model",
    BlockKind.REPORT: "a report",
}


@dataclass(frozen=True)
class Lineage:
    """What the rules look at: the rows, the graph of the links, and the trees whose content is there."""

    rows: Rows
    flow: lineage.Graph
    kept: frozenset[str]
    there: frozenset[int]  # projects that were not removed

    def reads(self, task: BlockRef) -> list[BlockRef]:
        return sorted(self.flow.predecessors(task)) if task in self.flow else []

    def makes(self, task: BlockRef) -> list[BlockRef]:
        return sorted(self.flow.successors(task)) if task in self.flow else []

    def project_of(self, ref: BlockRef) -> int | None:
        """The project that data belongs to; None where the row is gone."""
        if ref.kind is BlockKind.PROJECT:
            return ref.id
        tables: dict[BlockKind, Mapping[int, Version | State | Dataset]] = {
            BlockKind.VERSION: self.rows.versions,
            BlockKind.STATE: self.rows.states,
            BlockKind.DATASET: self.rows.datasets,
        }
        found = tables[ref.kind].get(ref.id)
        return found.project_id if found is not None else None

    def name(self, ref: BlockRef) -> str:
        """Data as a sentence says it: "state 2.1 of Coins"."""
        project = self.rows.projects[self.project_of(ref) or 0].name
        if ref.kind is BlockKind.STATE:
            return f"state {self.rows.states[ref.id].label} of {project}"
        return project


def hints(ws: Workspace, *, dismissed: bool = False) -> tuple[Hint, ...]:
    """The hints of the workspace, the weightiest habit first; `dismissed` gives those too, marked."""
    with ws.db.read() as connection:
        rows = read_rows(connection)
        gone = hint_rows.dismissed(connection)
        there = frozenset(p.id for p in mapping.find(connection, Project, removed_at=None))
    kept = ws.store.kept({s.tree for s in rows.states.values() if s.version_id is None})
    flow = lineage.build(rows.links, lineage.promoted(rows.states.values()))
    seen = Lineage(rows, flow, frozenset(kept), there)
    found = (replace(h, dismissed=h.id in gone) for rule in RULES for h in rule(seen))
    return tuple(hint for hint in found if dismissed or not hint.dismissed)


def get_hint(ws: Workspace, hint_id: str) -> Hint:
    """One hint, dismissed or not.

    Raises:
        UserError: there is no such hint (any more).
    """
    found = next((hint for hint in hints(ws, dismissed=True) if hint.id == hint_id), None)
    if found is None:
        raise UserError(f"There is no hint “{hint_id}”. See them with: clew hints")
    return found


def dismiss(ws: Workspace, hint_id: str, *, restore: bool = False) -> Edit:
    """Never show a hint again, or show it again with `restore`.

    Raises:
        UserError: there is no such hint (any more).
    """
    get_hint(ws, hint_id)
    thing = HintOf(hint_id)
    after: Values = {thing: None if restore else DISMISSED}
    with ws.db.write() as transaction:
        before = read_values(transaction.connection, Scope(), after)
        put_values(transaction, Scope(), after, ws.user.id)
    return Edit("Show a hint again" if restore else "Dismiss a hint", before, after)


def mend(ws: Workspace, hint_id: str, text: str = "") -> str:
    """Do what a hint proposes; `text` is the description or the title of the version.

    Returns:
        What was done, in one sentence.

    Raises:
        UserError: there is no such hint, or a description was asked for and there is none.
    """
    hint = get_hint(ws, hint_id)
    if hint.mend is Mend.LINK:
        draw_link(ws, hint.target, hint.about)
        return "Drew the link"
    if hint.mend is Mend.DESCRIBE:
        if not text.strip():
            raise UserError("Say what the block is: clew hints mend ID --text DESCRIPTION")
        describe(ws, hint.target, text)
        return "Saved the description"
    if hint.mend is Mend.PROMOTE:
        return f"Saved version {promote_state(ws, hint.target.id, text, '').number}"
    return f"Saved version {create_version(ws, hint.target.id, text).number}"


def _no_project(seen: Lineage) -> Iterator[Hint]:
    """A task with a dataset but no project as input."""
    for task in seen.rows.tasks.values():
        reads = seen.reads(task.ref)
        sets = [ref for ref in reads if ref.kind is BlockKind.DATASET and ref.id in seen.rows.datasets]
        if not sets or any(ref.kind in _DATA for ref in reads):
            continue
        dataset = seen.rows.datasets[sets[0].id]
        project = seen.rows.projects[dataset.project_id]
        if project.id not in seen.there:
            continue
        before = [
            v
            for v in seen.rows.versions.values()
            if v.project_id == project.id
            and v.created_at <= task.created_at
            and v.status is VersionStatus.SAVED
        ]
        version = max(before, key=lambda v: v.number, default=None)
        yield Hint(
            f"{Habit.NO_PROJECT}/{task.ref}",
            Habit.NO_PROJECT,
            f"{task.name} read the dataset {dataset.name}, but no project.",
            "A dataset alone does not say which state of its project was read, so the way back ends here.",
            (task.ref, sets[0]),
            Mend.LINK if version else Mend.VERSION,
            version.ref if version else BlockRef(BlockKind.PROJECT, project.id),
            f"Link version {version.number}" if version else "New version",
        )


def _overwritten(seen: Lineage) -> Iterator[tuple[BlockRef, BlockRef]]:
    """Tasks, each with a state that it read, that is no version, and that it wrote over."""
    for task in seen.rows.tasks.values():
        made = {seen.project_of(ref) for ref in seen.makes(task.ref) if ref.kind in _DATA}
        for ref in seen.reads(task.ref):
            if ref.kind is BlockKind.STATE and ref.id in seen.rows.states and seen.project_of(ref) in made:
                yield task.ref, ref


def _overwrote(seen: Lineage) -> Iterator[Hint]:
    """An output that overwrote the state it read."""
    for task, state in _overwritten(seen):
        yield Hint(
            f"{Habit.OVERWROTE}/{task}/{state}",
            Habit.OVERWROTE,
            f"{seen.rows.tasks[task.id].name} wrote over what it had read: {seen.name(state)}.",
            "What it read was no version, so the task cannot be run again on the same data.",
            (task, state),
            *_saving(seen, state),
        )


def _never_saved(seen: Lineage) -> Iterator[Hint]:
    """An input that was never saved as a version."""
    overwritten = {state for _, state in _overwritten(seen)}
    read = {ref: task for task in seen.rows.tasks.values() for ref in seen.reads(task.ref)}
    for ref, task in sorted(read.items(), key=lambda pair: pair[0]):
        if ref.kind not in (BlockKind.STATE, BlockKind.PROJECT) or ref in overwritten:
            continue
        number = seen.project_of(ref)
        if number not in seen.there:
            continue
        yield Hint(
            f"{Habit.NEVER_SAVED}/{ref}",
            Habit.NEVER_SAVED,
            f"{task.name} read {seen.name(ref)}, which was never saved as a version.",
            "Only a version is kept for good: without one nobody can go back to what was read.",
            (ref, task.ref),
            *_saving(seen, ref),
        )


def _saving(seen: Lineage, ref: BlockRef) -> tuple[Mend, BlockRef, str]:
    """How to save a state: itself while its content is there, else what the project is now."""
    if ref.kind is BlockKind.STATE and seen.rows.states[ref.id].tree in seen.kept:
        return Mend.PROMOTE, ref, "Save as version"
    return Mend.VERSION, BlockRef(BlockKind.PROJECT, seen.project_of(ref) or 0), "New version"


def _all_in_one(seen: Lineage) -> Iterator[Hint]:
    """One session that did everything: it made data, a model and a report, or two of them.

    Told until somebody says what it did: a session of the past cannot be cut in pieces.
    """
    for task in seen.rows.tasks.values():
        parts = dict.fromkeys(_PARTS[ref.kind] for ref in seen.makes(task.ref) if ref.kind in _PARTS)
        if len(parts) < 2 or seen.rows.texts.get(task.ref):
            continue
        made = " and ".join((", ".join(list(parts)[:-1]), list(parts)[-1]))
        yield Hint(
            f"{Habit.ALL_IN_ONE}/{task.ref}",
            Habit.ALL_IN_ONE,
            f"{task.name} made {made} in one session.",
            "Which step made what cannot be told apart, nor run again alone. Give each step an app or a "
            "script of its own, and say here what this one did.",
            (task.ref,),
            Mend.DESCRIBE,
            task.ref,
            "Describe",
        )


def _no_description(seen: Lineage) -> Iterator[Hint]:
    """Blocks without description: those that a person decides about, versions and models."""
    why = "A sentence about what it is and why tells others, and you in a year, what a name cannot."
    for version in seen.rows.versions.values():
        project = seen.rows.projects[version.project_id]
        if version.status is VersionStatus.SAVED and not version.description and project.id in seen.there:
            words = f"Version {version.number} of {project.name} has no description."
            yield _describe(version.ref, words, why)
    for model in seen.rows.models.values():
        ref = BlockRef(BlockKind.MODEL, model.id)
        if not seen.rows.texts.get(ref):
            yield _describe(ref, f"The model {model.name}, version {model.number}, has no description.", why)


def _describe(ref: BlockRef, words: str, why: str) -> Hint:
    habit = Habit.NO_DESCRIPTION
    return Hint(f"{habit}/{ref}", habit, words, why, (ref,), Mend.DESCRIBE, ref, "Describe")


RULES: tuple[Callable[[Lineage], Iterator[Hint]], ...] = (
    _overwrote,
    _never_saved,
    _no_project,
    _all_in_one,
    _no_description,
)
