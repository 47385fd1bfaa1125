import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from clew.base.errors import Cancelled, UserError
from clew.base.progress import Progress
from clew.formats.detect import detect
from clew.formats.items import classes, read_item, read_items
from clew.formats.native import write_annotation, write_project
from clew.formats.scan import scan
from clew.formats.sources import FolderFiles
from clew.model.annotations import Annotation, BrokenFile, ClassInfo, SourceScan, Thing

Put = Callable[..., Path]


def paths(found: SourceScan) -> list[str]:
    return [item.path for item, _ in found.items]


def reasons(found: SourceScan) -> dict[str, str]:
    return {broken.path: broken.reason for broken in found.broken}


def test_a_folder_of_pictures(put: Put, tmp_path: Path) -> None:
    for path in ("Gänse/ä b.JPG", "Gänse/x.png", "Vögel/x.png", "a.jpeg"):
        put(path)
    put("notes.txt", "hello")
    put(".DS_Store", "x")
    put("__MACOSX/Gänse/x.png", "x")
    put("Vögel/Thumbs.db", "x")
    put(".git/config", "x")
    found = scan(tmp_path)
    assert detect(tmp_path) == found.format == "images"
    assert paths(found) == ["Gänse/x.png", "Gänse/ä b.JPG", "Vögel/x.png", "a.jpeg"]
    assert found.ignored == ("notes.txt",)
    assert found.broken == ()
    assert all(Path(source).is_file() and os.path.isabs(source) for _, source in found.items)


def test_broken_pictures_are_named_and_no_items(put: Put, tmp_path: Path) -> None:
    whole = put("whole.jpg").read_bytes()
    put("cut.jpg", whole[: len(whole) // 2])
    put("empty.png", b"")
    put("text.jpg", "this is text")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = scan(tmp_path, "images")
    assert paths(found) == ["whole.jpg"]
    assert reasons(found) == {
        "cut.jpg": "the picture is cut off",
        "empty.png": "the file is empty",
        "text.jpg": "not a picture",
        "gone.jpg": "the link points to nothing",
    }


def test_links_that_go_round_end(put: Put, tmp_path: Path) -> None:
    put("a/1.jpg")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "Alias").symlink_to(tmp_path / "a")
    assert paths(scan(tmp_path)) == ["a/1.jpg"]


def test_plain_files_are_items_as_they_are(put: Put, tmp_path: Path) -> None:
    put("film.mp4", b"\x00\x01")
    put("sub/empty.bin", b"")
    found = scan(tmp_path)
    assert found.format == "files"
    assert [(item.path, item.annotation) for item, _ in found.items] == [
        ("film.mp4", None),
        ("sub/empty.bin", None),
    ]


@pytest.mark.parametrize("kind", ["missing", "empty", "text file"])
def test_nothing_usable_is_one_sentence(put: Put, tmp_path: Path, kind: str) -> None:
    source = tmp_path / "quelle"
    if kind == "empty":
        source.mkdir()
    elif kind == "text file":
        put("quelle", "text")
    with pytest.raises(UserError, match="quelle"):
        scan(source)
    with pytest.raises(UserError, match="quelle"):
        detect(source)


def test_a_format_without_any_item_is_one_sentence(put: Put, tmp_path: Path) -> None:
    put("notes.txt", "hello")
    with pytest.raises(UserError, match="nothing to import in this format"):
        scan(tmp_path, "images")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='no format "zip"'):
        scan(tmp_path, "zip")


def test_cancel_stops_the_scan(put: Put, tmp_path: Path) -> None:
    put("a.jpg")
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        scan(tmp_path, progress=progress)


def test_progress_counts_pictures(put: Put, tmp_path: Path) -> None:
    for at in range(150):
        put(f"{at}.jpg", size=(8, 8))
    progress = Progress()
    scan(tmp_path, progress=progress)
    assert (progress.state().done, progress.state().total) == (150, 150)


def test_a_native_project_comes_back_the_same(put: Put, tmp_path: Path) -> None:
    annotation = Annotation(64, 48, (Thing("Münze", (1.0, 2.0, 3.5, 4.0), id="9"),), ("x",), "77")
    put("project.json", write_project((ClassInfo("Münze", "#112233"),)))
    put("train/grün/1.jpg")
    put("train/grün/1.jpg.json", write_annotation(annotation))
    put("train/2.jpg")
    put("train/3.jpg")
    put("train/3.jpg.json", "{")
    put("train/4.jpg.json", "{}")
    found = scan(tmp_path)
    assert found.format == "clew"
    assert {item.path: item.annotation for item, _ in found.items} == {
        "train/grün/1.jpg": annotation,
        "train/2.jpg": None,
        "train/3.jpg": None,
    }
    assert found.classes == (ClassInfo("Münze", "#112233"),)
    assert reasons(found)["train/4.jpg.json"] == "the picture of this annotation is missing"
    assert "no valid JSON: line 1" in reasons(found)["train/3.jpg.json"]
    assert found.ignored == ("train/4.jpg.json",)


def test_items_of_a_folder_and_of_any_other_set_of_files_are_equal(put: Put, tmp_path: Path) -> None:
    put("project.json", write_project((ClassInfo("a", "#112233"),)))
    put("x/1.jpg")
    put("x/1.jpg.json", write_annotation(Annotation(64, 48, (Thing("a", (1.0, 2.0, 3.0, 4.0), id="1"),))))
    folder = FolderFiles(tmp_path)

    class Stored:
        """As a stored tree: no streams, everything in memory, hidden files among the rest."""

        content = {path: folder.read(path) for path in folder.paths()} | {".clew/x.jpg": b"x"}

        def paths(self) -> list[str]:
            return sorted(self.content)

        def read(self, path: str) -> bytes:
            return self.content[path]

    for format in ("clew", "images", "files"):
        assert list(read_items(Stored(), format)) == list(read_items(folder, format))
        assert classes(Stored(), format) == classes(folder, format)
    assert read_item(Stored(), "clew", "x/1.jpg") == read_item(folder, "clew", "x/1.jpg")
    assert [item.path for item in read_items(Stored(), "clew")] == ["x/1.jpg"]
    with pytest.raises(UserError, match=r"no item x/2\.jpg"):
        read_item(folder, "clew", "x/2.jpg")


def test_a_damaged_annotation_is_an_error_or_a_problem(put: Put, tmp_path: Path) -> None:
    put("1.jpg")
    put("1.jpg.json", "{")
    files = FolderFiles(tmp_path)
    with pytest.raises(UserError, match=r"1\.jpg\.json.*Correct the file"):
        list(read_items(files, "clew"))
    problems: list[BrokenFile] = []
    assert [item.annotation for item in read_items(files, "clew", problems)] == [None]
    assert [problem.path for problem in problems] == ["1.jpg.json"]


def test_thousands_of_small_files_are_walked(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    (tmp_path / "a").mkdir()
    first = tmp_path / "a" / "0.png"
    first.write_bytes(out.getvalue())
    for at in range(1, 2000):
        os.link(first, tmp_path / "a" / f"{at}.png")
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "c")
    assert len(scan(tmp_path).items) == 4000


def test_a_pipe_is_no_file_to_wait_for(put: Put, tmp_path: Path) -> None:
    put("1.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert paths(scan(tmp_path)) == ["1.jpg"]


def test_a_folder_without_permission_is_said_in_words(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("1.jpg")

    def denied(path: Any) -> Any:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(Exception, match="No permission while reading the folder"):
        scan(tmp_path, "images")
