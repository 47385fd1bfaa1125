"""Large files: cut where it helps, whole again when read."""

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import blake3
import numpy as np
import pytest

from clew.store import cut
from clew.store.store import Store

SIZE = 24 << 20
RNG = np.random.default_rng(5)


def _bfloat16() -> bytes:
    numbers = RNG.normal(0, 0.02, SIZE // 2).astype("<f4").view("<u4")
    return (numbers >> 16).astype("<u2").tobytes()


CONTENT: dict[str, Callable[[], bytes]] = {
    "random": lambda: RNG.bytes(SIZE),
    "float32": lambda: RNG.normal(0, 0.02, SIZE // 4).astype("<f4").tobytes(),
    "float16": lambda: RNG.normal(0, 0.02, SIZE // 2).astype("<f2").tobytes(),
    "bfloat16": _bfloat16,
}


@pytest.mark.parametrize("kind", CONTENT)
def test_little_is_stored_for_what_is_appended_or_inserted(store: Store, tmp_path: Path, kind: str) -> None:
    root = tmp_path / "models"
    root.mkdir()
    body = CONTENT[kind]()
    (root / "model.bin").write_bytes(body)
    assert store.save(root).added == len(body)
    longer = body + RNG.bytes(1 << 20)
    (root / "model.bin").write_bytes(longer)
    assert store.save(root).added <= 5 << 20
    middle = len(body) // 2
    wider = longer[:middle] + RNG.bytes(12_345) + longer[middle:]
    (root / "model.bin").write_bytes(wider)
    saved = store.save(root)
    assert saved.added <= 5 << 20
    assert store.read(saved.tree, "model.bin") == wider
    entry = store.entry(saved.tree, "model.bin")
    assert entry and entry.id == blake3.blake3(wider).hexdigest()
    store.export(saved.tree, tmp_path / "out")
    assert (tmp_path / "out/model.bin").read_bytes() == wider
    assert store.verify(trees=(saved.tree,)).damaged == ()


def test_sparse_and_even_files(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "even"
    root.mkdir()
    (root / "zeros").write_bytes(bytes(40 << 20))
    saved = store.save(root)
    assert saved.added <= 8 << 20  # all parts are the same
    assert store.read(saved.tree, "zeros") == bytes(40 << 20)


def safetensors(tensors: dict[str, bytes]) -> bytes:
    at, header = 0, {}
    for name, data in tensors.items():
        header[name] = {"dtype": "U8", "shape": [len(data)], "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(tensors.values())


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(("suffix", "make"), [("safetensors", safetensors), ("pt", archive)])
def test_equal_tensors_of_two_models_are_stored_once(
    store: Store, tmp_path: Path, suffix: str, make: Callable[[dict[str, bytes]], bytes]
) -> None:
    root = tmp_path / "models"
    root.mkdir()
    backbone = {f"backbone/{i}": RNG.bytes(5_000_003 + i) for i in range(3)}
    small = {f"norm/{i}": RNG.bytes(2000) for i in range(5)}
    first = make({**small, **backbone, "head": RNG.bytes(300_000)})
    second = make({"neck": RNG.bytes(777_777), **backbone, **small, "head": RNG.bytes(310_000)})
    (root / f"first.{suffix}").write_bytes(first)
    assert store.save(root).added == len(first)
    (root / f"second.{suffix}").write_bytes(second)
    saved = store.save(root)
    assert saved.added < 2_000_000
    assert store.read(saved.tree, f"second.{suffix}") == second
    store.export(saved.tree, tmp_path / "out")
    assert (tmp_path / f"out/second.{suffix}").read_bytes() == second


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<Q", 1 << 62) + b"{",
        struct.pack("<Q", 4) + b"{]]]",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 40) + b'{"a": {"data_offsets": [900000000, -3]}}',
        b"PK\x03\x04" + b"broken",
    ],
)
def test_what_only_looks_like_a_known_format_is_stored_all_the_same(
    store: Store, tmp_path: Path, head: bytes
) -> None:
    root = tmp_path / "models"
    root.mkdir()
    data = head + os.urandom(10 << 20)
    (root / "model").write_bytes(data)
    assert store.read(store.save(root).tree, "model") == data


def test_cuts_do_not_depend_on_how_a_file_is_read(tmp_path: Path) -> None:
    data = RNG.bytes(20 << 20)
    path = tmp_path / "file"
    path.write_bytes(data)
    found = []
    for step in (len(data), 3_000_001, 700_000):
        with path.open("rb") as file:
            cutter = cut.Cutter(file.fileno(), len(data))
            begin, ends, rest = 0, [], b""
            for at in range(0, len(data), step):
                block = rest + data[at : at + step]
                done = list(cutter.take(memoryview(block), at + step >= len(data)))
                ends += [begin + end for _, end in done]
                begin = ends[-1] if ends else 0
                rest = block[done[-1][1] :] if done else block
            found.append(ends)
    assert found[0] == found[1] == found[2] and found[0][-1] == len(data)
