"""A hint about a good habit: what makes a workflow hard to follow, why, and what mends it."""

from dataclasses import dataclass
from enum import StrEnum

from clew.model.refs import BlockRef


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
