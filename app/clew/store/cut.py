"""Where a large file is cut into parts; readers follow the recipe, so this may change in format 1.

By format where it is known (safetensors, zip), so that equal tensors of two models are equal parts; else by
content, so that what is inserted in the middle moves the cuts along. See FORMAT.md, Recipe.
"""

import json
import os
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np

WHOLE_BELOW = 8 << 20  # smaller files are one object
PART = 4 << 20  # inside a tensor or member
SMALL = 256 << 10  # tensors and members below this share a part
LEAST, MOST = 512 << 10, 8 << 20  # bytes of a part that is cut by content
SOON = 2 << 20  # where there is no mark so far, as in text, words tell where to cut
MASK, MARK, STRIDE = 0x3F, 0x15, 4
WORD = 8
FACTOR, SHIFT, RARE = (  # a word is hashed by one multiplication: its highest bits depend on all bytes
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xD1B54A32D192ED03),  # added, so that zeros are no hit
    np.uint64(1 << 46),  # one in 262,144
)
WINDOW = 256 << 10  # searched at once; the numbers in between stay in the processor's cache
MOST_HEADER, MOST_MEMBERS = 64 << 20, 20_000
LOCAL_HEADER = struct.Struct("<4s22xHH")


def find_mark(data: memoryview, begin: int, end: int) -> int:
    """The first place after `begin` where content says to cut; -1 when there is none.

    A cut is where three bytes, four apart, have the same lowest six bits: four apart, because then all of
    them are random in float32, float16 and bfloat16 numbers as well as in bytes without structure. One
    place in 262,144 on average in random bytes.
    """
    reach = 2 * STRIDE
    for at in range(begin, end - reach, WINDOW):
        window = np.frombuffer(data[at : min(end, at + WINDOW + reach)], np.uint8)
        hit = (window & MASK) == MARK
        found = hit[:-reach] & hit[STRIDE:-STRIDE] & hit[reach:]
        i = int(found.argmax()) if len(found) else 0
        if len(found) and found[i]:
            return at + i + 1
    return -1


def find_word(data: memoryview, begin: int, end: int) -> int:
    """The first place after `begin` behind eight bytes whose hash is rare; -1 when there is none.

    Five times as slow as `find_mark`, but it finds a place in text and tables too, where hardly any byte is
    a mark.
    """
    for at in range(begin, end - WORD + 1, WINDOW):
        window = data[at : min(end, at + WINDOW + WORD - 1)]
        found = []
        for k in range(WORD):
            words = np.frombuffer(window[k : k + (len(window) - k) // WORD * WORD], "<u8")
            hit = words * FACTOR + SHIFT < RARE
            i = int(hit.argmax()) if len(hit) else 0
            if len(hit) and hit[i]:
                found.append(at + k + WORD * i + WORD)
        if found:
            return min(found)
    return -1


def known_cuts(fd: int, size: int) -> list[int] | None:
    """The ends of all parts of a file whose format is known; None when it is not."""
    try:
        head = os.pread(fd, 16, 0) if hasattr(os, "pread") else b""
        if head.startswith(b"PK\x03\x04"):
            pieces = _zip_pieces(fd)
        elif head[8:9] == b"{":
            pieces = _safetensors_pieces(fd, size)
        else:
            return None
    except (OSError, ValueError, TypeError, KeyError, struct.error, zipfile.BadZipFile, NotImplementedError):
        return None
    return _ends(pieces, size) if pieces else None


def _safetensors_pieces(fd: int, size: int) -> list[tuple[int, int]]:
    """Begin and end of each tensor; https://github.com/huggingface/safetensors#format."""
    (length,) = struct.unpack("<Q", os.pread(fd, 8, 0))
    if length > min(MOST_HEADER, size - 8):
        return []
    header: dict[str, Any] = json.loads(os.pread(fd, length, 8))
    first = 8 + length
    offsets = [value["data_offsets"] for name, value in header.items() if name != "__metadata__"]
    return [(first + int(begin), first + int(end)) for begin, end in offsets]


def _zip_pieces(fd: int) -> list[tuple[int, int]]:
    """Begin and end of the bytes of each member."""
    with open(os.dup(fd), "rb") as file, zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        return []
    out = []
    for member in members:
        if member.compress_size < SMALL:
            continue
        magic, name, extra = LOCAL_HEADER.unpack(os.pread(fd, LOCAL_HEADER.size, member.header_offset))
        if magic != b"PK\x03\x04":
            return []
        begin = member.header_offset + LOCAL_HEADER.size + name + extra
        out.append((begin, begin + member.compress_size))
    return out


def _ends(pieces: list[tuple[int, int]], size: int) -> list[int]:
    """Cuts before and after each large piece and at each PART inside it; the rest likewise."""
    out: list[int] = []
    at = 0
    for begin, end in sorted(pieces):
        if end - begin < SMALL or begin < at or end > size:
            continue
        out += [*range(at + PART, begin, PART), begin] if begin > at else []
        out += [*range(begin + PART, end, PART), end]
        at = end
    if at < size:
        out += [*range(at + PART, size, PART), size]
    return out


class Cutter:
    """Cuts a file that is read once, from its begin to its end; leaves the descriptor at 0."""

    def __init__(self, fd: int, size: int) -> None:
        self._ends = known_cuts(fd, size)
        os.lseek(fd, 0, os.SEEK_SET)
        self._at = 0
        self.by_format = self._ends is not None

    def take(self, data: memoryview, last: bool) -> Iterator[tuple[int, int]]:
        """The parts at the front of `data` that are certain, as (begin, end) in it; `last`: no more comes."""
        begin = 0
        if self._ends is not None:
            offset = self._at
            while self._ends and (end := self._ends[0] - offset) <= len(data):
                self._ends.pop(0)
                yield begin, end
                begin = end
            if last and begin < len(data):
                yield begin, len(data)
        else:
            while begin < len(data):
                limit, soon = min(len(data), begin + MOST), min(len(data), begin + SOON)
                end = find_mark(data, begin + LEAST, soon)
                if end < 0 and soon - begin == SOON:  # nor will what is appended bring one
                    end = find_word(data, begin + LEAST, limit)
                if end < 0:  # none, or not read yet
                    if limit - begin < MOST and not last:
                        break
                    end = limit
                yield begin, end
                begin = end
        self._at += begin
