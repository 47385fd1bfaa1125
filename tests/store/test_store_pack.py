"""Packs: many objects at once lie in them as one by one."""

import os
from pathlib import Path

import blake3
import pytest

from clew.store.pack import PackWriter, read_index


@pytest.mark.parametrize("sizes", [[200, 0, 17, 5000], [300_000, 700_000], [9 << 20, 1, 2], []])
def test_many_at_once_lie_in_a_pack_as_one_by_one(tmp_path: Path, sizes: list[int]) -> None:
    datas = [os.urandom(size) for size in [1000, *sizes]]
    ids = [blake3.blake3(data).digest() for data in datas]
    packs = []
    for folder in (tmp_path / "one by one", tmp_path / "at once"):
        for name in ("tmp", "packs"):
            (folder / name).mkdir(parents=True)
        writer = PackWriter(folder)
        writer.add(ids[0], datas[0])
        if folder.name == "at once":
            writer.add_all(ids[1:], datas[1:])
        else:
            for id_, data in zip(ids[1:], datas[1:], strict=True):
                writer.add(id_, data)
        writer.finish()
        packs.append(folder / "packs" / writer.finished[0])
    assert packs[0].read_bytes() == packs[1].read_bytes()
    rows = {row["id"].tobytes(): row for row in read_index(packs[1])}
    body = packs[1].read_bytes()
    for id_, data in zip(ids, datas, strict=True):
        begin = int(rows[id_]["offset"])
        assert body[begin : begin + int(rows[id_]["stored"])] == data


def test_a_pack_that_is_full_is_closed_between_two_handfuls(tmp_path: Path) -> None:
    for name in ("tmp", "packs"):
        (tmp_path / name).mkdir()
    writer = PackWriter(tmp_path, full=10_000)
    for _ in range(5):
        datas = [os.urandom(4000) for _ in range(2)]
        writer.add_all([blake3.blake3(data).digest() for data in datas], datas)
    writer.finish()
    assert [len(read_index(tmp_path / "packs" / name)) for name in writer.finished] == [4, 4, 2]
