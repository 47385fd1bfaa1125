"""Ways to make files durable that do not wait for what other programs have written."""

import ctypes
import os
import secrets
import sys
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any

_WAIT_BEFORE, _WRITE, _WAIT_AFTER = 1, 2, 4
# ext2, 3 and 4 put a file into the group of blocks of its folder, and for each new file pass over every inode
# there that was given back in the last minutes, one by one. In a folder with the flag "top of directories"
# (chattr +T), a new folder gets a group by its name instead of that of the folder around it.
_GET_FLAGS, _SET_FLAGS, _TOP = 0x80086601, 0x40086602, 0x20000  # ioctl_iflags(2)
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


def make_far_folder(path: str) -> None:
    """Make a folder, on ext4 far from the one it is in, where perhaps many files came and went just now.

    There 2,000 files take 0.05 s; where 2,000 were removed a minute ago, twenty to thirty times as long.
    """
    above, name = os.path.split(path)
    _mark_as_top(above)
    chance = os.path.join(above, f"{name}-{secrets.token_hex(8)}")  # the same name would get the same group
    os.mkdir(chance)
    os.rename(chance, path)


def _mark_as_top(folder: str) -> None:
    if sys.platform != "linux":
        return
    import fcntl

    fd = os.open(folder, os.O_RDONLY)
    try:
        flags = array("l", [0])
        fcntl.ioctl(fd, _GET_FLAGS, flags, True)
        flags[0] |= _TOP
        fcntl.ioctl(fd, _SET_FLAGS, flags)
    except OSError:  # a file system without such flags
        pass
    finally:
        os.close(fd)


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
