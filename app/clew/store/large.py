"""Read a large file once: cut it, hash the whole and the parts in threads, hand the parts out in order."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from blake3 import blake3

from clew.store.cut import Cutter

BLOCK = 8 << 20  # bytes of one reading
WAITING = 16 << 20  # bytes of parts that are being hashed


class Large:
    """One reading of one file; `digest` and `size` are right when all parts have been taken."""

    def __init__(self, fd: int, size: int, read: Callable[[int], bytes]) -> None:
        """Args: fd: open for reading, at 0; size: as the system says; read: the next so many bytes."""
        self._cutter = Cutter(fd, size)
        self._left = size
        self._read = read
        self._whole = blake3()
        self.size = 0

    @property
    def digest(self) -> bytes:
        return self._whole.digest()

    def parts(self) -> Iterator[tuple[bytes, memoryview]]:
        """Id and bytes of each part."""
        with ThreadPoolExecutor(1) as whole, ThreadPoolExecutor(1) as beside:
            hashing: Future[object] | None = None
            rest = b""
            waiting: deque[tuple[Future[bytes], memoryview]] = deque()
            held = 0
            while True:
                block = self._read(min(BLOCK, self._left))
                self._left -= len(block)
                self.size += len(block)
                last = not block or not self._left
                if hashing is not None:
                    hashing.result()
                hashing = whole.submit(self._whole.update, block)
                data = memoryview(rest + block if rest else block)
                end = 0
                for begin, end in self._cutter.take(data, last):
                    part = data[begin:end]
                    waiting.append((beside.submit(_digest, part), part))
                    held += len(part)
                    while held > WAITING:
                        done, first = waiting.popleft()
                        held -= len(first)
                        yield done.result(), first
                rest = bytes(data[end:])
                if last:
                    break
            for done, first in waiting:
                yield done.result(), first
            hashing.result()


def _digest(part: memoryview) -> bytes:
    return bytes(blake3(part).digest())


def copy_parts(
    places: list[tuple[int, int, bytes]], source: Callable[[bytes], bytes], target: int, threads: int = 2
) -> None:
    """Write the parts of a file to where they belong, several at a time.

    Args:
        places: offset in the file, size and id of each part.
        source: the checked bytes of a part.
        target: descriptor of the file, empty.
    """

    def copy(place: tuple[int, int, bytes]) -> None:
        offset, _, id_ = place
        view = memoryview(source(id_))
        while view:
            done = os.pwrite(target, view, offset)
            view, offset = view[done:], offset + done

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(copy, places):
            pass
