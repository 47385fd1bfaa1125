"""What the store hands out: frozen values, paths as str with "/" (undecodable bytes as surrogates)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One file, symbolic link or empty folder of a saved tree."""

    path: str
    size: int  # bytes
    id: str  # BLAKE3-256 in hex; of a link: of its target text; of an empty folder: of its tree
    executable: bool
    mtime_ns: int
    kind: str  # "file", "link", "dir" (empty folders only)
    mode: int | None = None  # permission bits of a file; None: not known, as of one that Windows saved


@dataclass(frozen=True)
class SavedTree:
    """The outcome of saving a folder."""

    tree: str
    files: int  # files and links
    size: int  # bytes of all files
    added: int  # bytes of content that was new to the store, before compression
    unsteady: tuple[str, ...] = ()  # files that kept changing while they were read


@dataclass(frozen=True)
class RestorePlan:
    """What a restore would do to a working folder; nothing has been done yet."""

    tree: str
    root: str
    write: tuple[str, ...]
    delete: tuple[str, ...]
    keep: int
    bytes_to_write: int
    only: tuple[str, ...] = ()
    before: str = ""  # tree id of the working folder when the plan was made; restore refuses another state

    @property
    def empty(self) -> bool:
        return not self.write and not self.delete


@dataclass(frozen=True)
class Damaged:
    """One object that is missing or does not match its id."""

    pack: str  # file name; "" when the object is in no pack
    id: str  # "" when the pack's own index is damaged
    paths: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()  # trees that need it, and where in them


@dataclass(frozen=True)
class VerifyResult:
    """What verifying has read."""

    objects: int
    bytes: int
    damaged: tuple[Damaged, ...] = ()
