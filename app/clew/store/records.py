"""Version records: what makes the list of versions readable from the store alone."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from clew.base.errors import explain_os_error
from clew.base.log import log
from clew.store.pack import put_file

Record = dict[str, Any]


def write_record(folder: Path, record: Record) -> str:
    """Keep one record; returns the name of its file, `<uuid>.json`.

    Raises:
        SurroundingsError: it could not be written; nothing is left of it.
    """
    key = record.get("uuid")
    name = f"{key if isinstance(key, str) and key.isalnum() else uuid4().hex}.json"
    body = json.dumps(record, indent=1, sort_keys=True).encode()
    try:
        put_file(folder, folder / "versions" / name, body)
    except OSError as error:
        raise explain_os_error(error, "writing the record of a version") from error
    return name


def read_records(folder: Path) -> list[Record]:
    """All records in no order that matters (sorted by file name); a damaged one is logged and left out."""
    out = []
    for path in sorted((folder / "versions").glob("*.json")):
        try:
            record = json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            log.error("The version record %s cannot be read: %s", path.name, error)
            continue
        if isinstance(record, dict):
            out.append(record)
    return out
