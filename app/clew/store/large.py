"""Read a large file once: cut it, hash the whole and the parts in threads, hand the parts out in order."""

import os
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from blake3 import blake3

from clew.base.errors import UserError
from clew.store.cut import Cutter

BLOCK = 8 << 20  # bytes of one reading
WAITING = 16 << 20  # bytes of parts that are being hashed
SAMPLES = 8  # parts that are compared before a file is taken for what it was, with more at its end


@dataclass(frozen=True)
class Before:
    """What the store has of a file as it was: its id, and id and size of its parts."""

    id: bytes
    parts: list[tuple[bytes, int]]


class Large:
    """One reading of one file; `digest` and `size` are right when all parts have been taken.

    Args:
        fd: open for reading.
        size: as the system says.
        where: the path, for messages.
        before: the file as it was. If it has only grown since, the hash of the whole proves that up to there
            it is the same, so that its parts need neither be looked for nor hashed.
        check: called between two readings; may raise.
    """

    def __init__(
        self, fd: int, size: int, where: bytes, *, before: Before | None = None, check: Callable[[], None]
    ) -> None:
        self._fd, self._where, self._before, self._check = fd, where, before, check
        self._full_size = size
        self._cutter = Cutter(fd, size)
        self._restart()

    def _restart(self) -> None:
        os.lseek(self._fd, 0, os.SEEK_SET)
        self._left = self._full_size
        self._whole = blake3(max_threads=blake3.AUTO)
        self.size = 0

    @property
    def digest(self) -> bytes:
        return bytes(self._whole.digest())

    def hash(self) -> None:
        """Read all of it for the sake of the digest alone."""
        self._feed(self._left)

    def parts(self) -> Generator[tuple[bytes, int, memoryview | None], None, None]:
        """Id, size and bytes of each part; None: it is a part of what the file was before.

        Close it when it is left before its end: threads are hashing.
        """
        rest = memoryview(b"")
        if self._before is not None:
            old, last = self._before.parts, self._grown(self._before)
            if last is not None:
                rest = last if self._left else rest
                for id_, size in old[:-1] if self._left else old:
                    yield id_, size, None
                if not self._left:
                    return
        with closing(self._cut(rest)) as cut:
            for done, part in cut:
                yield done.result(), len(part), part

    def _cut(self, rest: memoryview) -> Generator[tuple[Future[bytes], memoryview], None, None]:
        """The parts of `rest`, which the hash of the whole has seen already, and of all that follows."""
        waiting: deque[tuple[Future[bytes], memoryview]] = deque()
        held = 0
        with ThreadPoolExecutor(1) as whole, ThreadPoolExecutor(2) as beside:
            hashing: Future[object] | None = None
            while True:
                at = len(rest)
                data = _buffer(at + min(BLOCK, self._left))
                data[:at] = rest
                data = data[: at + self._fill(data[at:])]
                last = len(data) == at or not self._left
                if hashing is not None:
                    hashing.result()
                hashing = whole.submit(self._whole.update, data[at:])
                end = 0
                for begin, end in self._cutter.take(data, last):
                    part = data[begin:end]
                    waiting.append((beside.submit(_digest, part), part))
                    held += len(part)
                    while held > WAITING:
                        held -= len(waiting[0][1])
                        yield waiting.popleft()
                rest = data[end:]
                if last:
                    break
            yield from waiting
            hashing.result()

    def _fill(self, buffer: memoryview) -> int:
        """Read until the buffer is full or the file ends."""
        self._check()
        got = 0
        while got < len(buffer) and (more := self._read(buffer[got:])):
            got += more
        self._left -= got
        self.size += got
        return got

    def _read(self, buffer: memoryview) -> int:
        try:
            if hasattr(os, "readv"):
                return os.readv(self._fd, [buffer])
            data = os.read(self._fd, len(buffer))
        except OSError as error:
            text = f"The file {os.fsdecode(self._where)} cannot be read: {error.strerror}."
            raise UserError(text) from error
        buffer[: len(data)] = data
        return len(data)

    def _feed(self, size: int) -> None:
        """Give the next bytes to the hash of the whole; reading and hashing take turns with two buffers."""
        buffers = [_buffer(min(BLOCK, size)) for _ in range(2)]
        with ThreadPoolExecutor(1) as beside:
            hashing: Future[object] | None = None
            while size > 0 and (got := self._fill(buffers[0][:size])):
                if hashing is not None:
                    hashing.result()
                hashing = beside.submit(self._whole.update, buffers[0][:got])
                buffers.reverse()
                size -= got
            if hashing is not None:
                hashing.result()

    def _grown(self, before: Before) -> memoryview | None:
        """Read what the file was before, and return its last part; None, at the begin, if it is not that.

        The cuts before the last part are those that the whole file would get: cutting looks only forward.
        """
        size, last = sum(size for _, size in before.parts), before.parts[-1][1]
        if size > self._left or last > BLOCK or (size < self._left and self._cutter.by_format):
            return None
        if self._resembles(before):
            self._feed(size - last)
            rest = _buffer(last)
            self._fill(rest)
            self._whole.update(rest)
            if self.digest == before.id:
                return rest
        self._restart()
        return None

    def _resembles(self, before: Before) -> bool:
        """Compare some parts and the last: most changes show, so that hardly a file is read in vain."""
        n = len(before.parts)
        some = {n - 1, *(n * k // SAMPLES for k in range(SAMPLES))}
        at, same = 0, True
        for i, (id_, size) in enumerate(before.parts):
            if i in some and size <= BLOCK:
                os.lseek(self._fd, at, os.SEEK_SET)
                buffer = _buffer(size)
                same = self._fill(buffer) == size and _digest(buffer) == id_
                if not same:
                    break
            at += size
        self._restart()
        return same


def _buffer(size: int) -> memoryview:
    """Bytes that nobody has set to zero."""
    return np.empty(size, np.uint8).data


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
