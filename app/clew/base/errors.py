"""The kinds of trouble, told apart by who can mend them.

Whatever is none of these is a bug: it is logged with its traceback and shown as a report to copy.
"""


class ClewError(Exception):
    """Trouble with one clear sentence for the person; `exit_code` is what the command line ends with."""

    exit_code = 1


class UserError(ClewError):
    """The person can mend it: the sentence says what, where, and what to do."""


class UsageError(UserError):
    """The command was called the wrong way."""

    exit_code = 2


class NothingToDo(UserError):
    """There is nothing to do, for example no change to save."""

    exit_code = 3


class DamagedError(ClewError):
    """Stored content does not match its hash; `files` names what is damaged."""

    exit_code = 4

    def __init__(self, message: str, files: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.files = files

    def __reduce__(self) -> tuple[type["DamagedError"], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.files)  # a helper process hands it over with its files


class SurroundingsError(ClewError):
    """The machine failed us: disk full, no permission, database locked, no network."""


class Cancelled(Exception):
    """The person stopped it. Everything is as it was before."""

    exit_code = 130


def explain_os_error(error: OSError, doing: str) -> ClewError:
    """Turn an operating-system error into one sentence that says what failed, where, and what to do.

    Args:
        error: what the operating system said.
        doing: what was being done, as "saving Coin finds".
    """
    import errno

    where = f" ({error.filename!s})" if error.filename else ""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return SurroundingsError(
                f"The disk is full while {doing}{where}. Nothing was changed; free some space and try again."
            )
        case errno.EACCES | errno.EPERM:
            return SurroundingsError(
                f"No permission while {doing}{where}. Check who owns the file or folder, then try again."
            )
        case errno.EROFS:
            return SurroundingsError(f"The disk can only be read, not written, while {doing}{where}.")
        case errno.ENOENT:
            return UserError(f"There is no such file or folder while {doing}{where}.")
        case _:
            return SurroundingsError(f"The system failed while {doing}{where}: {error.strerror or error}.")
