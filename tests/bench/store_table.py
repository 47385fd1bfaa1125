"""What was measured, as a table, beside the goals of the store."""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

OURS = "clew"
LARGE_KINDS = ("", ", float32", ", float16", ", bfloat16")


class Goal(NamedTuple):
    """At most so many times what another column has in the same run; without one, at most so much."""

    other: str
    most: float
    scaled: bool = False  # grows with the set; the others are meant for the set at scale 1


GOALS: dict[str, dict[str, Goal]] = {
    "many": {
        "first version": Goal("cp -a", 0.6),
        "nothing changed": Goal("git", 1.2),
        "nothing changed, watched": Goal("", 0.02),
        "second version": Goal("git", 0.5),
        "list what changed": Goal("git", 2.2),  # 0.02 s where git takes 0.009
        "back to version 1": Goal("git", 1.0),
        "whole tree": Goal("cp -a", 0.8),
        "verify": Goal("read", 0.5),
        "MB on disk": Goal("", 235, scaled=True),
        "MiB of memory": Goal("", 300),
    },
    "large": {
        "first version": Goal("cp -a", 1.5),
        "nothing changed": Goal("", 0.01),
        "back to version 1": Goal("git", 1.0),
        "whole tree": Goal("cp -a", 0.9),
        "verify": Goal("read", 1.3),
        **{f"1 MiB appended{of}": Goal("", 0.3) for of in LARGE_KINDS},
        **{f"MiB for 1 MiB appended{of}": Goal("", 3) for of in LARGE_KINDS},
        **{f"MiB for 12 KB inserted{of}": Goal("", 3) for of in LARGE_KINDS},
    },
}
MOST_GROWTH, MOST_MIB = 12, 1024  # of 1,000,000 files against 100,000


class Bench:
    """Seconds, and other numbers, by row and column."""

    def __init__(self) -> None:
        self.times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.notes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def run(self, row: str, column: str, work: Callable[[], Any]) -> Any:
        os.sync()  # what was written before, by whomever, must not keep the disk from this
        begin = time.perf_counter()
        out = work()
        self.times[row][column].append(time.perf_counter() - begin)
        return out

    def took(self, row: str, column: str, seconds: float) -> None:
        """What a peer has timed itself."""
        self.times[row][column].append(seconds)

    def note(self, row: str, column: str, value: float) -> None:
        self.notes[row][column].append(value)

    def add(self, other: dict[str, Any]) -> None:
        """Take over what another process has measured."""
        for mine, theirs in ((self.times, other["times"]), (self.notes, other["notes"])):
            for row, columns in theirs.items():
                for column, values in columns.items():
                    mine[row][column] += values

    def medians(self) -> dict[str, dict[str, float]]:
        both = {**self.times, **self.notes}
        return {
            row: {column: round(statistics.median(values), 4) for column, values in columns.items()}
            for row, columns in both.items()
        }


def table(medians: dict[str, dict[str, float]], goals: dict[str, Goal], scale: float = 1.0) -> str:
    columns = list(dict.fromkeys(column for values in medians.values() for column in values))
    columns.sort(key=lambda column: not column.startswith(OURS))
    wide = [max(10, len(column) + 2) for column in columns]
    lines = [f"{'':34}" + "".join(f"{column:>{w}}" for column, w in zip(columns, wide)) + "   goal"]
    for row, values in medians.items():
        cells = "".join(
            f"{values[column]:{w}.3f}" if column in values else " " * w for column, w in zip(columns, wide)
        )
        lines.append(f"{row:34}{cells}   {_against(row, values, goals, scale)}")
    lines += [f"{row}: not measured" for row in goals if row not in medians]
    return "\n".join(lines)


def _word(value: float, most: float) -> str:
    return "reached" if value <= most else "short"


def _against(row: str, values: dict[str, float], goals: dict[str, Goal], scale: float) -> str:
    goal = goals.get(row)
    if goal is None or OURS not in values:
        return ""
    if not goal.other:
        most = goal.most * scale if goal.scaled else goal.most
        return f"goal {most:g}: {_word(values[OURS], most)}"
    if goal.other not in values:
        return f"goal {goal.most} of {goal.other}, which was not measured"
    ratio = values[OURS] / values[goal.other]
    return f"{ratio:.2f} of {goal.other}, goal {goal.most}: {_word(ratio, goal.most)}"


def growth(medians: dict[str, dict[str, float]]) -> str:
    """How many times as long 1,000,000 files take as 100,000, beside the system alone."""
    few, many = "100,000", "1,000,000"
    times = {row: values[many] / values[few] for row, values in medians.items() if "MiB" not in row}
    lines = [f"1,000,000 take so many times as long as 100,000 ({MOST_GROWTH} at most):"]
    for row, bare in (("save", "walk and read"), ("check", "walk")):
        of_it = times[row] / times[bare]
        lines.append(
            f"  {row}: {times[row]:.1f}, {bare}: {times[bare]:.1f}, so {of_it:.2f} of what the system takes: "
            + _word(times[row], MOST_GROWTH)
        )
    memory = medians["MiB of memory"][many]
    lines.append(f"  MiB of memory: {memory:.0f} of {MOST_MIB}: {_word(memory, MOST_MIB)}")
    return "\n".join(lines)
