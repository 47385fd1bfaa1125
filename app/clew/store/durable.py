"""Ways to make files durable that do not wait for what other programs have written."""

import ctypes
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

_WAIT_BEFORE, _WRITE, _WAIT_AFTER = 1, 2, 4
# File systems on which a flush of one file makes all earlier changes of names and sizes durable, in order.
_ORDERED = {"ext3", "ext4", "xfs", "tmpfs"}


@lru_cache(maxsize=1)
def _libc() -> Any:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
        return libc
    except (OSError, AttributeError, TypeError):  # not Linux
        return None


def start_writing(fd: int) -> bool:
    """Let the disk begin to write a file, without waiting; False where the system cannot."""
    libc = _libc()
    return libc is not None and libc.sync_file_range(fd, 0, 0, _WRITE) == 0


def wait_written(fd: int) -> None:
    """Wait until the bytes of a file are on the disk; its size and name may still not be."""
    libc = _libc()
    if libc is None or libc.sync_file_range(fd, 0, 0, _WAIT_BEFORE | _WRITE | _WAIT_AFTER) != 0:
        os.fsync(fd)


@lru_cache(maxsize=64)
def _type_of(device: int) -> str:
    key = f"{os.major(device)}:{os.minor(device)}"
    try:
        for line in Path("/proc/self/mountinfo").read_text("utf-8", "replace").splitlines():
            words = line.split(" ")
            if words[2] == key:
                return words[words.index("-") + 1]
    except (OSError, ValueError, IndexError):
        pass
    return ""


def volume_type(folder: str | bytes) -> str:
    """The type of the file system that holds a folder, as Linux calls it; "" when unknown."""
    return _type_of(os.stat(folder).st_dev) if hasattr(os, "major") else ""


def is_ordered(folder: str) -> bool:
    """True when one flush here makes all earlier names and sizes of the volume durable."""
    return _libc() is not None and volume_type(folder) in _ORDERED


def sync_volume(folder: str | Path) -> None:
    """Make everything written to the volume of a folder durable, in one call where the system has one."""
    libc = _libc()
    if libc is None:
        getattr(os, "sync", lambda: None)()
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        libc.syncfs(fd)
    finally:
        os.close(fd)
