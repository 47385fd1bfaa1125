"""What a block of the graph stands for."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """The kinds of block; the value is what the database and JSON output carry."""

    PROJECT = "project"  # a project of which no state was recorded yet
    VERSION = "version"
    STATE = "state"  # intermediate state
    DATASET = "dataset"
    TASK = "task"
    MODEL = "model"
    REPORT = "report"
    FILE = "file"
    JOB = "job"  # labeling job
    FRAME = "frame"  # a named group of blocks, folded into one
    NOTE = "note"  # a paper card that a person put on the canvas

    @property
    def drawn(self) -> bool:
        """Whether a person drew it on the canvas of a scope: it stands for no entity of the workspace."""
        return self in (BlockKind.FRAME, BlockKind.NOTE)


@dataclass(frozen=True, order=True, slots=True)
class BlockRef:
    """Points at one entity of the workspace; written "version:12"."""

    kind: BlockKind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"

    @staticmethod
    def parse(text: str) -> "BlockRef":
        """Read "version:12".

        Raises:
            ValueError: the text is no reference.
        """
        kind, _, number = text.partition(":")
        return BlockRef(BlockKind(kind), int(number))
