"""How long reading the hints takes: `python tests/bench/hints.py [BLOCKS]`, medians and p95 in ms.

A workspace of trainings as they pile up: a third tasks, with parameters and metrics, the rest what they read
and made. Every twentieth script read a state that nobody saved, every fiftieth a dataset alone.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from clew.db import mapping
from clew.db.database import Transaction
from clew.model.entities import Dataset, Link, Model, Project, Report, State, Task, Version
from clew.model.refs import BlockKind, BlockRef
from clew.services import hints
from clew.services.workspace import Workspace, create_workspace


class Filling:
    """Writes one training after the other, with all that hangs on it."""

    def __init__(self, ws: Workspace, transaction: Transaction) -> None:
        self.ws, self.transaction, self.rng = ws, transaction, random.Random(7)
        self.made: dict[str, Any] = {"created_at": 1, "created_by": ws.user.id}
        self.projects: list[int] = []
        self.blocks = 0

    def put(self, entity: type, **values: Any) -> int:
        self.blocks += entity is not Link
        return mapping.add(self.transaction, entity, **self.made, **values)

    def link(self, source: BlockRef, target: BlockRef) -> None:
        self.put(Link, source=source, target=target, task_id=None, title="", meta={}, by_hand=False)

    def project(self) -> int:
        number = len(self.projects) + 1
        self.projects.append(
            self.put(
                Project,
                name=f"Coins {number}",
                description="",
                folder=f"projects/{number}",
                managed=True,
                format="clew",
                updated_at=1,
                custom={},
            )
        )
        return self.projects[-1]

    def task(self, kind: str, number: int) -> BlockRef:
        params = {"epochs": self.rng.randrange(100), "rate": self.rng.random(), "seed": number}
        metrics = {"map": round(self.rng.random(), 3), "ap50": round(self.rng.random(), 3)}
        return BlockRef(
            BlockKind.TASK,
            self.put(
                Task,
                app="quick_trainer",
                name=f"{kind} {number}",
                kind=kind,
                status="done",
                params=params,
                inputs={},
                code={"script": "train.py"},
                environment={"python": "3.11", "cores": 8},
                message="",
                notes=[],
                metrics=metrics,
                pace=[[n, n / 40] for n in range(40)],
            ),
        )

    def round(self, number: int) -> None:
        """A version, its training, the model, the evaluation, the report, and now and then a bad habit."""
        project = self.project() if number % 100 == 0 else self.projects[-1]
        count = number % 100 + 1
        tree = {"tree": f"{number:064x}"}
        counted = {"files": 9, "size": 9}
        version = self.put(
            Version,
            project_id=project,
            number=count,
            title=f"Version {count}" if number % 40 == 0 else "After the review",
            description="",
            status="saved",
            added=9,
            task_id=None,
            **tree,
            **counted,
        )
        training, check = self.task("train", number), self.task("evaluate", number)
        info = {"classes": 4, "layers": [64] * 20}
        model = self.put(
            Model,
            name=f"Finder {project}",
            number=count,
            framework="forest",
            classes=["gold", "silver"],
            task_id=training.id,
            version_id=version,
            info=info,
            **tree,
            **counted,
        )
        report = self.put(
            Report,
            name="Report",
            model_id=model,
            version_id=version,
            task_id=check.id,
            split="val",
            metrics={"map": self.rng.random(), "ap50": self.rng.random()},
            **tree,
        )
        source = BlockRef(BlockKind.VERSION, version)
        self.link(source, training)
        self.link(training, BlockRef(BlockKind.MODEL, model))
        self.link(BlockRef(BlockKind.MODEL, model), check)
        self.link(source, check)
        self.link(check, BlockRef(BlockKind.REPORT, report))
        if number % 10 == 0:
            state = self.put(
                State, project_id=project, after=count, minor=1, version_id=None, task_id=None, **tree
            )
            script = self.task("script", number)
            if number % 20 == 0:
                self.link(BlockRef(BlockKind.STATE, state), script)
            else:
                self.link(source, script)
        if number % 50 == 0:
            one = self.transaction  # a dataset has no maker
            dataset = mapping.add(
                one, Dataset, project_id=project, parent_id=None, name="a", path=f"a{number}", created_at=1
            )
            self.link(BlockRef(BlockKind.DATASET, dataset), self.task("script", number))


def fill(ws: Workspace, blocks: int) -> int:
    """Write rounds until there are so many blocks; gives how many there are."""
    with ws.db.write() as transaction:
        filling, number = Filling(ws, transaction), 0
        while filling.blocks < blocks:
            filling.round(number)
            number += 1
    return filling.blocks


def main(blocks: int) -> None:
    with tempfile.TemporaryDirectory() as folder, create_workspace(Path(folder) / "ws") as ws:
        there = fill(ws, blocks)
        times = []
        for _ in range(30):
            begin = time.perf_counter()
            found = hints.hints(ws)
            times.append((time.perf_counter() - begin) * 1e3)
    print(
        json.dumps(
            {
                "blocks": there,
                "hints": len(found),
                "first": round(times[0], 1),
                "median": round(statistics.median(times), 2),
                "p95": round(statistics.quantiles(times, n=20)[-1], 2),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9_900)
