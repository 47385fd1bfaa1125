"""Reads a saved tree, made from FORMAT.md alone: plain_reader.py STORE TREE TARGET."""

import os
import struct
import sys

from blake3 import blake3
from zstandard import ZstdDecompressor

objects = {}  # id: (pack, offset, stored, size, start, kind, coding)


def load(store):
    for name in [name for name in os.listdir(store + "/packs") if name.endswith(".pack")]:
        path = f"{store}/packs/{name}"
        with open(path, "rb") as pack:
            header = pack.read(16)
            assert header == b"CLEWPACK" + struct.pack("<II", 1, 0)
            pack.seek(-64, 2)
            magic, at, n, check, _ = struct.unpack("<8sQQ32sQ", pack.read(64))
            pack.seek(at)
            index = pack.read(64 * n)
        assert magic == b"CLEWINDX" and blake3(header + index).digest() == check
        for id_, *where in struct.iter_unpack("<32sQQQIBBxx", index):
            objects[id_] = (path, *where)


def fetch(id_):
    path, offset, stored, size, start, kind, coding = objects[id_]
    with open(path, "rb") as pack:
        pack.seek(offset)
        data = pack.read(stored)
    if coding:
        data = ZstdDecompressor().decompress(data)[start : start + size]
    if kind == 2:
        _, n, _ = struct.unpack_from("<8sQQ", data)
        assert blake3(data[:-32]).digest() == data[-32:]
        data = b"".join(fetch(data[24 + 32 * i : 56 + 32 * i]) for i in range(n))
    assert kind == 1 or blake3(data).digest() == id_
    return data


def write(tree, target):
    data = fetch(tree)
    _, n, length = struct.unpack_from("<8sQQ", data)
    kinds, ids, end = data[24 + 8 * n : 24 + 9 * n], 24 + 9 * n, 24 + 41 * n + length
    assert blake3(data[:end]).digest() == tree
    times, modes = struct.unpack_from(f"<{n}q", data, end), struct.unpack_from(f"<{n}H", data, end + 8 * n)
    os.makedirs(target, exist_ok=True)
    for i, name in enumerate(data[end - length : end].split(b"\0") if n else []):
        id_, path = data[ids + 32 * i : ids + 32 * i + 32], os.path.join(target, name)
        if kinds[i] in (3, 4):
            write(id_, path if kinds[i] == 3 else target)
        elif kinds[i] == 2:
            os.symlink(fetch(id_), path)
        else:
            with open(path, "wb") as out:
                out.write(fetch(id_))
            os.chmod(path, modes[i] & 0o777 if modes[i] else (0o644, 0o755)[kinds[i]])
            os.utime(path, ns=(times[i], times[i]))


if __name__ == "__main__":
    load(sys.argv[1])
    write(bytes.fromhex(sys.argv[2]), os.fsencode(sys.argv[3]))
