"""A hint about a good habit: what makes a workflow hard to follow, why, and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from clew.base.words import count
from clew.model.refs import BlockKind, BlockRef


class Habit(StrEnum):
    """The habits that are looked at; the value begins the id of a hint."""

    NO_PROJECT = "no-project"  # a task read a dataset, and no project
    OVERWROTE = "overwrote"  # a task wrote over a state that it had read and nobody had saved
    NEVER_SAVED = "never-saved"  # a task read a state that is no version
    ALL_IN_ONE = "all-in-one"  # one session did everything
    NO_DESCRIPTION = "no-description"


class Mend(StrEnum):
    """What the action of a hint does; the window and the command line both know each."""

    LINK = "link"  # draw the link from `target` to the block
    PROMOTE = "promote"  # make a version of the intermediate state `target`
    VERSION = "version"  # save a version of the project `target`
    DESCRIBE = "describe"  # write the description of `target`


@dataclass(frozen=True)
class Hint:
    """One hint. The id is made of habit and blocks, so it is the same at every look."""

    id: str  # "never-saved/state:4"
    habit: Habit
    sentence: str
    why: str
    subjects: tuple[BlockRef, ...]  # the block that it is about first
    mend: Mend
    target: BlockRef
    words: str  # what the button says
    dismissed: bool = False

    @property
    def about(self) -> BlockRef:
        return self.subjects[0]

    @property
    def group(self) -> str:
        """What hints of one habit about blocks of one kind share: "never-saved/state"."""
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class HintGroup:
    """Hints of one habit about blocks of one kind, told in one sentence."""

    id: str
    hints: tuple[Hint, ...]

    @property
    def sentence(self) -> str:
        """What is told of all; of one alone its own sentence."""
        first, n = self.hints[0], len(self.hints)
        if n == 1:
            return first.sentence
        return _SENTENCES[first.habit].format(count(n, _NOUNS.get(first.about.kind, str(first.about.kind))))

    @property
    def why(self) -> str:
        return self.hints[0].why


_NOUNS = {BlockKind.STATE: "intermediate state"}
_SENTENCES = {
    Habit.NO_PROJECT: "{} read a dataset, but no project.",
    Habit.OVERWROTE: "{} wrote over what they had read.",
    Habit.NEVER_SAVED: "{} were read, but never saved as a version.",
    Habit.ALL_IN_ONE: "{} made data and a model in one session.",
    Habit.NO_DESCRIPTION: "{} have no description.",
}


def grouped(hints: Iterable[Hint]) -> tuple[HintGroup, ...]:
    """Hints by habit and kind of block, in the order in which the groups begin."""
    found: dict[str, list[Hint]] = {}
    for hint in hints:
        found.setdefault(hint.group, []).append(hint)
    return tuple(HintGroup(id_, tuple(some)) for id_, some in found.items())
