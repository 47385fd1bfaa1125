import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from clew.store.store import Store

READER = Path(__file__).with_name("plain_reader.py")


def test_a_reader_made_from_the_format_page_alone(
    store: Store, work: Path, tmp_path: Path, picture: Callable[[Path], object]
) -> None:
    text = READER.read_text()
    assert "import clew" not in text and "from clew" not in text
    assert len(text.splitlines()) <= 75 and sum(1 for line in text.splitlines() if line.strip()) <= 60
    (work / "big.bin").write_bytes(os.urandom(9 << 20))
    (work / "big.json").write_text("\n".join(f'{{"id": {i}, "box": [1, 2, 3, 4]}}' for i in range(300_000)))
    (work / "many").mkdir()
    for i in range(8300):
        (work / "many" / f"{i}").symlink_to("x")
    saved = store.save(work)
    store.write_record({"tree": saved.tree, "kind": "version", "number": 1})
    (record,) = [json.loads(path.read_text()) for path in (store.folder / "versions").glob("*.json")]
    (store.folder / "packs" / "0.pack.damaged").write_bytes(b"set aside by a repair")
    (store.folder / "packs" / "notes.txt").write_text("unknown files are ignored")
    out = tmp_path / "out"
    subprocess.run([sys.executable, READER, store.folder, record["tree"], out], check=True)
    assert picture(out) == picture(work)
    assert (out / "run.sh").stat().st_mtime_ns == (work / "run.sh").stat().st_mtime_ns
