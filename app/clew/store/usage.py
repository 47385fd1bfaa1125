"""How much of the disk a store takes."""

import os
from pathlib import Path


def disk_usage(folder: Path) -> int:
    """Bytes of all files below a folder; one that vanishes meanwhile counts as none."""
    total = 0
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(above, name)).st_size
            except FileNotFoundError:
                continue
    return total
