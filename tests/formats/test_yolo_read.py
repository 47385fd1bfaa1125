from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.base.errors import UserError
from clew.formats.detect import detect
from clew.formats.items import classes, read_items
from clew.formats.scan import scan
from clew.formats.sources import FolderFiles
from clew.model.annotations import SourceScan

Put = Callable[..., Path]


def table(found: SourceScan) -> dict[str, Any]:
    return {
        item.path: item.annotation and [thing.cls for thing in item.annotation.things]
        for item, _ in found.items
    }


def test_the_usual_layout(put: Put, tmp_path: Path) -> None:
    put(
        "data.yaml",
        "path: ../datasets/coins\ntrain: images/train\nval: images/val\nnames:\n  0: gold\n  1: Münze\n",
    )
    put("images/train/ä b.JPG")
    put("images/train/none.jpg")
    put("images/val/c.png")
    put("images/spare/d.png")
    put("labels/train/ä b.txt", "1 0.5 0.5 0.25 0.5\n\n0 0.25 0.25 0.5 0.5 0.9\n")
    put("labels/val/c.txt", "")
    found = scan(tmp_path)
    assert detect(tmp_path) == found.format == "yolo"
    assert table(found) == {"train/none.jpg": None, "train/ä b.JPG": ["Münze", "gold"], "val/c.png": []}
    coin, gold = found.items[1][0].annotation.things  # type: ignore[union-attr] # the table above shows it
    assert (coin.box, coin.score) == ((24.0, 12.0, 16.0, 24.0), None)
    assert (gold.box, gold.score) == ((0.0, 0.0, 32.0, 24.0), 0.9)
    assert [(info.name, info.source_id) for info in found.classes] == [("gold", 0), ("Münze", 1)]
    assert found.ignored == ("images/spare/d.png",)
    linked = list(read_items(FolderFiles(tmp_path), "yolo"))
    assert [item.path for item in linked] == [
        "images/train/none.jpg",
        "images/train/ä b.JPG",
        "images/val/c.png",
    ]
    assert [item.annotation for item in linked] == [item.annotation for item, _ in found.items]
    assert classes(FolderFiles(tmp_path), "yolo") == found.classes


@pytest.mark.parametrize(
    "yaml",
    [
        "train: ../train/images\nval: ../valid/images\nnames: ['a', 'b']\n",  # as Roboflow writes it
        "train: [train/images]\nval: [valid/images]\nnames: [a, b]\n",
        "path: /home/somebody/data\ntrain: train\nval: valid\nnames: [a, b]\n",
        "path: .\ntrain: ./train/images/\nval: valid\\images\nnames: [a, b]\n",
    ],
)
def test_paths_from_other_machines_and_exporters(put: Put, tmp_path: Path, yaml: str) -> None:
    put("data.yaml", yaml)
    for part in ("train", "valid"):
        put(f"{part}/images/1.jpg")
        put(f"{part}/labels/1.txt", "1 0.5 0.5 0.1 0.1")
    assert table(scan(tmp_path)) == {"train/1.jpg": ["b"], "valid/1.jpg": ["b"]}


def test_lists_of_pictures_in_text_files(put: Put, tmp_path: Path) -> None:
    put("data.yaml", "train: train.txt\nval: val.txt\nnames: [a]\n")
    for at in range(3):
        put(f"images/{at}.jpg")
        put(f"labels/{at}.txt", "0 0.5 0.5 0.1 0.1")
    put("train.txt", "./images/0.jpg\n/home/somebody/data/images/1.jpg\n")
    put("val.txt", "images/2.jpg\n")
    assert table(scan(tmp_path)) == {"train/0.jpg": ["a"], "train/1.jpg": ["a"], "val/2.jpg": ["a"]}


def test_a_flat_folder_with_class_names_in_a_text_file(put: Put, tmp_path: Path) -> None:
    put("1.jpg")
    put("1.txt", "1 0.5 0.5 0.1 0.1\n")
    put("classes.txt", "gold\nsilver\n")
    found = scan(tmp_path)
    assert found.format == "yolo"
    assert table(found) == {"1.jpg": ["silver"]}


def test_classes_that_nothing_names_are_numbered(put: Put, tmp_path: Path) -> None:
    put("images/1.jpg")
    put("labels/1.txt", "2 0.5 0.5 0.1 0.1\n")
    found = scan(tmp_path)
    assert table(found) == {"1.jpg": ["class 2"]}
    assert len(found.classes) == 3


def test_text_beside_pictures_is_not_taken_for_labels(put: Put, tmp_path: Path) -> None:
    put("1.jpg")
    put("1.txt", "a fine day\n")
    assert detect(tmp_path) == "images"


def test_a_yaml_file_as_the_source(put: Put, tmp_path: Path) -> None:
    source = put("configs/coins.yaml", "path: ../coins\ntrain: images\nnames: [gold]\n")
    put("coins/images/1.jpg")
    put("coins/labels/1.txt", "0 0.5 0.5 0.1 0.1\n")
    assert table(scan(source)) == {"1.jpg": ["gold"]}
    (tmp_path / "coins" / "images" / "1.jpg").unlink()
    with pytest.raises(UserError, match=r"coins\.yaml lies in a folder without pictures"):
        scan(source)


def test_outlines_and_keypoints(put: Put, tmp_path: Path) -> None:
    put("data.yaml", "train: images\nnames: [a]\nkpt_shape: [2, 3]\n")
    put("images/1.jpg")
    put("labels/1.txt", "0 0.5 0.5 0.5 0.5 0.1 0.1 2 0.2 0.2 1\n0 0.25 0.25 0.5 0.25 0.5 0.75\n")
    annotation = scan(tmp_path).items[0][0].annotation
    assert annotation is not None
    pose, outline = annotation.things
    assert (pose.box, pose.polygon) == ((16.0, 12.0, 32.0, 24.0), ())
    assert (outline.box, outline.polygon) == ((16.0, 12.0, 16.0, 24.0), (16.0, 12.0, 32.0, 12.0, 32.0, 36.0))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("0 0.5 0.5 0.1", "4 numbers; a box has 5"),
        ("0 0.5 x 0.1 0.1", "not all of it are numbers"),
        ("0 0.5 nan 0.1 0.1", "not finite"),
        ("2 0.5 0.5 0.1 0.1", "class 2, but there are only 2 classes"),
        ("-1 0.5 0.5 0.1 0.1", "whole number"),
        ("0.5 0.5 0.5 0.1 0.1", "whole number"),
        ("0 320 240 100 80", "from 0 to 1"),
        ("0 0.5 0.5 0 0.1", "no area"),
        ("0 0.1 0.1 0.2 0.1 0.2 0.2 0.3", "an outline has 7"),
    ],
)
def test_a_damaged_line_is_named_with_file_and_number(
    put: Put, tmp_path: Path, line: str, words: str
) -> None:
    put("data.yaml", "train: images\nnames: [a, b]\n")
    put("images/1.jpg")
    put("labels/1.txt", f"0 0.5 0.5 0.1 0.1\n{line}\n1 0.5 0.5 0.1 0.1\n")
    found = scan(tmp_path)
    assert table(found) == {"1.jpg": ["a", "b"]}
    assert [(broken.path, broken.reason[:8]) for broken in found.broken] == [("labels/1.txt", "line 2: ")]
    assert words in found.broken[0].reason
    with pytest.raises(UserError, match=r"labels/1\.txt: line 2"):
        list(read_items(FolderFiles(tmp_path), "yolo"))


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("train: [images\nnames: [a]", "no valid YAML: line"),
        ("train: elsewhere\nnames: [a]\n", "names pictures in elsewhere"),
        ("train: images\nnames: {0: a, 2: b}\n", "without gaps"),
        ("train: images\nnames: 7\n", 'under "names"'),
    ],
)
def test_a_damaged_description_is_one_sentence(put: Put, tmp_path: Path, yaml: str, words: str) -> None:
    put("data.yaml", yaml)
    put("images/1.jpg")
    with pytest.raises(UserError, match=words):
        scan(tmp_path, "yolo")


def test_a_broken_picture_among_labels_is_named_once(put: Put, tmp_path: Path) -> None:
    put("images/1.jpg", b"")
    put("images/2.jpg")
    put("labels/1.txt", "0 0.5 0.5 0.1 0.1")
    put("labels/2.txt", "0 0.5 0.5 0.1 0.1")
    found = scan(tmp_path, "yolo")
    assert table(found) == {"2.jpg": ["class 0"]}
    assert [(broken.path, broken.reason) for broken in found.broken] == [
        ("images/1.jpg", "the file is empty")
    ]
