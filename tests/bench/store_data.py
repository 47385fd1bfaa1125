"""Folders to save: *many* small files, *large* ones, a *million* tiny ones; and their second versions."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

FOLDERS = 40


def build_many(root: Path, scale: float) -> None:
    """50,000 pictures of 4 KiB and as many annotations of about 400 B in 40 folders, at scale 1."""
    chance = random.Random(7)
    for f in range(FOLDERS):
        folder = root / f"set{f:02}"
        folder.mkdir(parents=True)
        for i in range(max(2, round(50_000 * scale / FOLDERS))):
            (folder / f"{i:05}.jpg").write_bytes(chance.randbytes(4096))
            numbers = [round(chance.random() * 640, 2) for _ in range(48)]
            (folder / f"{i:05}.json").write_text(json.dumps({"id": i, "boxes": numbers}))


def build_large(root: Path, scale: float) -> None:
    """2,000 files of 500 KiB and one of 500 MiB, at scale 1."""
    chance = random.Random(9)
    for i in range(max(100, round(2000 * scale))):
        folder = root / f"set{i % 20:02}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{i:05}.bin").write_bytes(chance.randbytes(500 << 10))
    with model(root).open("wb") as file:
        for _ in range(max(16, round(500 * scale))):
            file.write(chance.randbytes(1 << 20))


def build_tiny(root: Path, files: int) -> None:
    """Files of 200 bytes, 10,000 in a folder."""
    chance = random.Random(11)
    for begin in range(0, files, 10_000):
        folder = os.fspath(root / f"{begin // 10_000:03}")
        os.makedirs(folder)
        for i in range(begin, min(files, begin + 10_000)):
            fd = os.open(f"{folder}/{i:07}.bin", os.O_WRONLY | os.O_CREAT)
            os.write(fd, chance.randbytes(200))
            os.close(fd)


BUILD = {"many": build_many, "large": build_large}


def model(root: Path) -> Path:
    return root / "model.ckpt"


def change(root: Path) -> None:
    """1 % changed, 1 % added, 1 % deleted."""
    chance = random.Random(8)
    for folder in sorted(root.glob("set*")):
        files = sorted(folder.iterdir())
        each = max(1, len(files) // 100)
        some = chance.sample(files, 3 * each)
        for n, path in enumerate(some):
            data = chance.randbytes(path.stat().st_size)
            if n < each:
                path.write_bytes(data)
            elif n < 2 * each:
                path.with_name(f"new{n}{path.suffix}").write_bytes(data)
            else:
                path.unlink()


def _random(rng: np.random.Generator, size: int) -> bytes:
    return rng.bytes(size)


def _float32(rng: np.random.Generator, size: int) -> bytes:
    return (rng.standard_normal(size // 4, np.float32) * np.float32(0.02)).tobytes()


def _float16(rng: np.random.Generator, size: int) -> bytes:
    return (rng.standard_normal(size // 2, np.float32) * np.float32(0.02)).astype(np.float16).tobytes()


def _bfloat16(rng: np.random.Generator, size: int) -> bytes:
    numbers = rng.standard_normal(size // 2, np.float32) * np.float32(0.02)
    return (numbers.view(np.uint32) >> 16).astype(np.uint16).tobytes()


WEIGHTS: dict[str, Callable[[np.random.Generator, int], bytes]] = {
    "random": _random,
    "float32": _float32,
    "float16": _float16,
    "bfloat16": _bfloat16,
}


def write_weights(root: Path, kind: str, size: int) -> None:
    """The model anew, of numbers as the weights of networks are."""
    rng = np.random.default_rng(14)
    with model(root).open("wb") as file:
        for at in range(0, size, 16 << 20):
            file.write(WEIGHTS[kind](rng, min(16 << 20, size - at)))


def append(root: Path, kind: str = "random") -> None:
    """1 MiB at the end of the model."""
    with model(root).open("ab") as file:
        file.write(WEIGHTS[kind](np.random.default_rng(12), 1 << 20))


def insert(root: Path) -> None:
    """12 KB in the middle of the model, an odd number of bytes."""
    data = model(root).read_bytes()
    middle = len(data) // 2
    model(root).write_bytes(data[:middle] + random.Random(13).randbytes(12_345) + data[middle:])


def prepared(root: Path, build: Callable[[Path, Any], None], how_much: float) -> Path:
    """The set in this folder, built unless it is there from an earlier run."""
    if not root.exists():
        part = root.with_name(root.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        build(part, how_much)
        part.rename(root)
    return root
