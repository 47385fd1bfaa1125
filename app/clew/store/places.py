"""Work inside a folder without following a link out of it: each folder on the way is opened from its parent.

Faster too than whole paths, which the system would walk again for every file.
"""

import errno
import os
from collections import OrderedDict
from types import TracebackType

OPEN_FOLDERS = 64
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_BY_FD = {os.open, os.stat, os.rename, os.mkdir, os.rmdir, os.chmod} <= os.supports_dir_fd
_NO_FOLDER = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
_Place = tuple[int | None, str]  # descriptor of the folder above and name in it; None: a whole path


class Places:
    """Paths with "/" below `root`. Folders stay open until `close`; what is moved meanwhile is not noticed.

    Errors name the whole path. Not safe from several threads.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._open: OrderedDict[str, int] = OrderedDict()

    def __enter__(self) -> "Places":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folders; they are opened anew when they are needed."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _folder(self, path: str) -> int:
        fd = self._open.get(path)
        if fd is not None:
            self._open.move_to_end(path)
            return fd
        if not path:
            fd = os.open(self._root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
        else:
            above, _, name = path.rpartition("/")
            fd = os.open(name, _FOLDER, dir_fd=self._folder(above))
        self._open[path] = fd
        if len(self._open) > OPEN_FOLDERS:
            os.close(self._open.popitem(last=False)[1])
        return fd

    def _find(self, path: str) -> _Place | None:
        """Where a path is; None when a folder above it is missing, or is a link or a file."""
        above, _, name = path.rpartition("/")
        if not _BY_FD:
            return (None, f"{self._root}/{path}") if self._are_folders(above) else None
        try:
            return self._folder(above), name
        except OSError as error:
            if error.errno in _NO_FOLDER:
                return None
            raise OSError(error.errno, error.strerror, f"{self._root}/{above}") from error

    def _are_folders(self, path: str) -> bool:
        here = self._root
        for name in path.split("/") if path else []:  # from the top, because lstat follows links on the way
            here += "/" + name
            if os.path.islink(here) or not os.path.isdir(here):
                return False
        return True

    def _at(self, path: str) -> _Place:
        found = self._find(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{self._root}/{path}")
        return found

    def has_above(self, path: str) -> bool:
        """True when every folder above a path is there, and is a real one."""
        return self._find(path) is not None

    def stat(self, path: str) -> os.stat_result | None:
        """What lies at a path, links not followed; None when there is nothing."""
        found = self._find(path)
        if found is None:
            return None
        try:
            return os.stat(found[1], dir_fd=found[0], follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def listdir(self, path: str) -> list[str] | None:
        """The names in a folder; None when it is not there, or is a link or a file."""
        if not self.has_above(f"{path}/."):
            return None
        return os.listdir(f"{self._root}/{path}")

    def rename(self, source: str, target: str) -> None:
        a, b = self._at(source), self._at(target)
        try:
            os.rename(a[1], b[1], src_dir_fd=a[0], dst_dir_fd=b[0])
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{self._root}/{source}") from error

    def chmod(self, path: str, mode: int) -> None:
        at, name = self._at(path)
        os.chmod(name, mode, dir_fd=at)

    def mkdir(self, path: str) -> None:
        at, name = self._at(path)
        try:
            os.mkdir(name, dir_fd=at)
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{self._root}/{path}") from error

    def rmdir(self, path: str) -> None:
        at, name = self._at(path)
        try:
            os.rmdir(name, dir_fd=at)
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{self._root}/{path}") from error
        self.close()  # it may be one of the open ones
