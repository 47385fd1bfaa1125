"""How long a keystroke waits for its answer: `python tests/bench/search.py [BLOCKS]`, medians and p95 in ms.

Half of the blocks are tasks with parameters and metrics, the other half models. `first` makes the index,
`typed` asks for every beginning of some words, `after a change` asks after another task wrote its progress.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from clew.db import mapping
from clew.model.entities import Model, Task
from clew.services import tasks
from clew.services.search import search
from clew.services.workspace import Workspace, create_workspace

WORDS = ["coin", "hoard", "silver", "copper", "river", "night", "winter", "field", "reverse", "edge", "train"]
QUERIES = ("silver river", "epochs 40", "map 0.41", "model", "t", "winter training failed")


def fill(ws: Workspace, blocks: int) -> int:
    """Write the blocks; gives the id of a task."""
    rng = random.Random(7)
    with ws.db.write() as transaction:
        for number in range(blocks // 2):
            name = " ".join(rng.sample(WORDS, 3)).capitalize()
            task = mapping.add(
                transaction,
                Task,
                app="quick_trainer",
                name=f"{name} {number}",
                kind="train",
                status=rng.choice(("done", "failed")),
                params={"epochs": rng.randrange(100), "rate": rng.random(), "seed": number},
                inputs={},
                code={},
                environment={},
                created_at=number,
                created_by=ws.user.id,
                message=f"Learned {rng.randrange(900)} pictures of {rng.choice(WORDS)}",
                notes=[],
                metrics={"map": round(rng.random(), 3), "ap50": round(rng.random(), 3)},
            )
            mapping.add(
                transaction,
                Model,
                name=f"{name} model",
                number=number + 1,
                framework="forest",
                classes=rng.sample(WORDS, 4),
                tree="",
                size=1,
                files=1,
                task_id=task,
                created_at=number,
                created_by=ws.user.id,
                info={},
            )
    return task


def took(words: str, ws: Workspace) -> float:
    begin = time.perf_counter()
    search(ws, words)
    return (time.perf_counter() - begin) * 1e3


def told(times: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(times), 2),
        "p95": round(statistics.quantiles(times, n=20)[-1], 2),
        "max": round(max(times), 2),
    }


def main(blocks: int) -> None:
    with tempfile.TemporaryDirectory() as folder, create_workspace(Path(folder) / "ws") as ws:
        task = fill(ws, blocks)
        first = round(took("silver", ws), 1)
        typed = [took(q[: i + 1], ws) for _ in range(3) for q in QUERIES for i in range(len(q))]
        changed = []
        for i in range(30):
            tasks.set_progress(ws, task, i / 30, f"Epoch {i}")
            changed.append(took("silver river", ws))
    print(
        json.dumps({"blocks": blocks, "first": first, "typed": told(typed), "after a change": told(changed)})
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
