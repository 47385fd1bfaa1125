"""Which workspace a program means: said outright, in the environment, or around the folder it stands in."""

import os
from collections.abc import Mapping
from pathlib import Path

from clew.base.errors import UserError

MARKER = "workspace.db"  # the file that makes a folder a workspace
ENV_FILE = "~/clew.env"


def read_env_file(path: str | os.PathLike[str]) -> dict[str, str]:
    """Read lines of NAME=VALUE ("export " and quotes are allowed, "#" begins a comment line).

    A file that is not there is an empty one.
    """
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}
    values = {}
    for line in text.splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        if not separator or name.startswith("#"):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[name.strip()] = value
    return values


def find_workspace(
    named: str | os.PathLike[str] | None = None,
    *,
    env_file: str | os.PathLike[str] = ENV_FILE,
    environ: Mapping[str, str] | None = None,
    start: Path | None = None,
) -> Path:
    """The absolute folder of the workspace that is meant.

    Looked for in this order: `named`, CLEW_WORKSPACE, the same name in `env_file`, then the folder
    `start` (the working folder unless given) and the folders around it.

    Raises:
        UserError: none of them leads to a workspace; the sentence says what to do.
    """
    variables = os.environ if environ is None else environ
    sources = (
        (named, "it was asked for"),
        (variables.get("CLEW_WORKSPACE"), "CLEW_WORKSPACE names it"),
        (read_env_file(env_file).get("CLEW_WORKSPACE"), f"{env_file} names it"),
    )
    for value, why in sources:
        if not value:
            continue
        folder = Path(value).expanduser().absolute()
        if (folder / MARKER).is_file():
            return folder
        if (folder / "store" / "format").is_file():
            raise UserError(
                f"The database of the workspace {folder} is gone. Make it anew with: clew doctor --rebuild"
            )
        raise UserError(f'There is no workspace in {folder} ({why}). Make one with: clew init "{folder}"')
    around = (start or Path.cwd()).absolute()
    for folder in (around, *around.parents):
        if (folder / MARKER).is_file():
            return folder
    raise UserError(
        f"No workspace is named, and none is around {around}. "
        "Set CLEW_WORKSPACE to the folder of one, or make one with: clew init FOLDER"
    )
