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
from clew.store.read import Reader
from clew.store.store import Store

SIZE = 24 << 20
RNG = np.random.default_rng(5)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """Whichever tests run, and in whatever order: each one gets the same bytes."""
    RNG.bit_generator.state = START


def _bfloat16() -> bytes:
    numbers = RNG.normal(0, 0.02, SIZE // 2).astype("<f4").view("<u4")
    return (numbers >> 16).astype("<u2").tobytes()


def _table() -> bytes:
    """Text, as tables and annotations are: hardly a byte in it is a mark."""
    numbers = RNG.normal(0, 300, 800_000).round(3)
    return "\n".join(f"{i},{x},coin {i % 97}" for i, x in enumerate(numbers.tolist())).encode()[:SIZE]


CONTENT: dict[str, Callable[[], bytes]] = {
    "random": lambda: RNG.bytes(SIZE),
    "float32": lambda: RNG.normal(0, 0.02, SIZE // 4).astype("<f4").tobytes(),
    "float16": lambda: RNG.normal(0, 0.02, SIZE // 2).astype("<f2").tobytes(),
    "bfloat16": _bfloat16,
    "text": _table,
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
    assert store.save(root).added <= 3 << 20
    middle = len(body) // 2
    wider = longer[:middle] + RNG.bytes(12_345) + longer[middle:]
    (root / "model.bin").write_bytes(wider)
    saved = store.save(root)
    assert saved.added <= 3 << 20
    assert store.read(saved.tree, "model.bin") == wider
    entry = store.entry(saved.tree, "model.bin")
    assert entry and entry.id == blake3.blake3(wider).hexdigest()
    store.export(saved.tree, tmp_path / "out")
    assert (tmp_path / "out/model.bin").read_bytes() == wider
    assert store.verify(trees=(saved.tree,)).damaged == ()


def _append(body: bytes) -> bytes:
    return body + RNG.bytes(1 << 20)


def _append_and_patch(body: bytes) -> bytes:
    """Where no sample is taken: only the hash of the whole tells."""
    middle = len(body) // 16
    return body[:middle] + b"\0\1\2" + body[middle + 3 :] + RNG.bytes(1 << 20)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "appended": _append,
    "appended and patched": _append_and_patch,
    "appended a little": lambda body: body + b"end",
    "patched": lambda body: body[: 5 << 20] + b"\0\1\2" + body[(5 << 20) + 3 :],
    "end rewritten": lambda body: body[:-10] + bytes(20),
    "cut off": lambda body: body[:-1_000_000],
    "written anew": lambda body: RNG.bytes(len(body) + 5),
    "as it was": lambda body: body,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_grew_is_cut_as_if_it_were_new(store: Store, tmp_path: Path, change: str) -> None:
    root = tmp_path / "models"
    root.mkdir()
    body = RNG.bytes(SIZE)
    (root / "model.bin").write_bytes(body)
    store.save(root)
    later = CHANGES[change](body)
    (root / "model.bin").write_bytes(later)
    saved = store.save(root)
    id_ = blake3.blake3(later).digest()
    entry = store.entry(saved.tree, "model.bin")
    assert entry and entry.id == id_.hex()
    assert store.read(saved.tree, "model.bin") == later
    assert store.verify(trees=(saved.tree,)).damaged == ()
    with Store.create(tmp_path / "other", tmp_path / "other cache") as fresh:
        assert fresh.save(root).tree == saved.tree
        mine, new = (Reader(s.folder / "packs", s._index).parts(id_) for s in (store, fresh))
    assert mine and mine == new


def test_each_append_stores_only_what_is_new(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "logs"
    root.mkdir()
    path = root / "events.bin"
    path.write_bytes(RNG.bytes(SIZE))
    store.save(root)
    for _ in range(5):
        with path.open("ab") as file:
            file.write(RNG.bytes(1 << 20))
        assert store.save(root).added <= 3 << 20
    assert store.check(root, store.save(root).tree) == ()


def test_sparse_and_even_files(store: Store, tmp_path: Path) -> None:
    root = tmp_path / "even"
    root.mkdir()
    (root / "zeros").write_bytes(bytes(40 << 20))
    saved = store.save(root)
    assert saved.added <= 8 << 20  # all parts are the same
    assert store.read(saved.tree, "zeros") == bytes(40 << 20)


def safetensors(tensors: dict[str, bytes]) -> bytes:
    """Written from the format's description: length, header in JSON filled up to eight bytes, tensors."""
    at, header = 0, {}
    for name, data in tensors.items():
        whole = len(data) % 4 == 0
        shape = [len(data) // 4] if whole else [len(data)]
        header[name] = {
            "dtype": "F32" if whole else "U8",
            "shape": shape,
            "data_offsets": [at, at + len(data)],
        }
        at += len(data)
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(tensors.values())


def torch_archive(tensors: dict[str, bytes]) -> bytes:
    """As torch.save lays it out: records stored in a zip, each one's bytes at a multiple of 64 by way of a
    field of padding in its header, a pickle first, version and byte order last."""
    out = io.BytesIO()
    records = {"data.pkl": b"\x80\x02}q\x00" + repr(list(tensors)).encode(), ".format_version": b"1"}
    records |= {f"data/{i}": data for i, data in enumerate(tensors.values())}
    records |= {"version": b"3\n", "byteorder": b"little"}
    with zipfile.ZipFile(out, "w") as file:
        for name, data in records.items():
            info = zipfile.ZipInfo(f"model/{name}")
            fill = -(out.tell() + 30 + len(info.filename) + 4) % 64
            info.extra = struct.pack("<2sH", b"FB", fill) + b"Z" * fill
            file.writestr(info, data)
    return out.getvalue()


def npz(tensors: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    np.savez(out, **{name: np.frombuffer(data, np.uint8) for name, data in tensors.items()})  # type: ignore[arg-type]  # numpy's "allow_pickle"
    return out.getvalue()


def npz_compressed(tensors: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **{name: np.frombuffer(data, np.uint8) for name, data in tensors.items()})  # type: ignore[arg-type]  # numpy's "allow_pickle"
    return out.getvalue()


FORMATS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "safetensors": safetensors,
    "pt": torch_archive,
    "npz": npz,
    "compressed.npz": npz_compressed,
}


@pytest.mark.parametrize("suffix", FORMATS)
def test_equal_tensors_of_two_models_are_stored_once(store: Store, tmp_path: Path, suffix: str) -> None:
    root = tmp_path / "models"
    root.mkdir()
    make = FORMATS[suffix]
    backbone = {f"backbone.{i}": RNG.bytes(5_000_003 + i) for i in range(3)}
    small = {f"norm.{i}": RNG.bytes(2000) for i in range(5)}
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


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_layer_that_was_trained_further_is_all_that_is_stored(
    store: Store, tmp_path: Path, suffix: str
) -> None:
    root = tmp_path / "models"
    root.mkdir()
    layers = {f"layer.{i}": RNG.bytes(3_000_000) for i in range(6)}
    (root / f"model.{suffix}").write_bytes(FORMATS[suffix](layers))
    store.save(root)
    layers["layer.3"] = RNG.bytes(3_000_000)
    later = FORMATS[suffix](layers)
    (root / f"model.{suffix}").write_bytes(later)
    saved = store.save(root)
    assert saved.added < 3_500_000
    assert store.read(saved.tree, f"model.{suffix}") == later


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
