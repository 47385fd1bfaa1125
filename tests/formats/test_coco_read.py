import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.base.errors import UserError
from clew.formats.detect import detect
from clew.formats.items import classes, read_items
from clew.formats.scan import link_root, scan
from clew.formats.sources import FolderFiles
from clew.model.annotations import BrokenFile, Item, SourceScan

Put = Callable[..., Path]


def coco(**more: Any) -> dict[str, Any]:
    """A file from elsewhere: ids with gaps, two classes, two pictures."""
    return {
        "info": {},
        "images": [
            {"id": 397133, "file_name": "ä b.jpg", "width": 64, "height": 48},
            {"id": 12, "file_name": "sub/c.png", "width": 64, "height": 48},
        ],
        "annotations": [
            {"id": 900, "image_id": 397133, "category_id": 44, "bbox": [1, 2, 30.5, 20], "iscrowd": 0},
            {"id": 7, "image_id": 397133, "category_id": 3, "bbox": [5, 5, 10, 10], "iscrowd": 1},
        ],
        "categories": [{"id": 3, "name": "Vogel"}, {"id": 44, "name": "cup"}],
    } | more


def with_annotation(**entry: Any) -> dict[str, Any]:
    return coco(annotations=[{"id": 5, "image_id": 397133, "category_id": 3} | entry])


@pytest.fixture
def pictures(put: Put) -> None:
    put("ä b.jpg")
    put("sub/c.png")


def things_of(found: SourceScan, path: str) -> Any:
    annotation = next(item.annotation for item, _ in found.items if item.path == path)
    assert annotation is not None
    return annotation.things


def reasons(found: SourceScan) -> list[str]:
    return [f"{broken.path}: {broken.reason}" for broken in found.broken]


@pytest.mark.usefixtures("pictures")
def test_ids_with_gaps_classes_and_crowds_are_kept(put: Put, tmp_path: Path) -> None:
    put("labels.json", coco())
    found = scan(tmp_path)
    assert detect(tmp_path) == detect(tmp_path / "labels.json") == found.format == "coco"
    assert [(item.path, item.annotation and item.annotation.source_id) for item, _ in found.items] == [
        ("sub/c.png", "12"),
        ("ä b.jpg", "397133"),
    ]
    cup, bird = things_of(found, "ä b.jpg")
    assert (cup.cls, cup.box, cup.id, cup.crowd) == ("cup", (1.0, 2.0, 30.5, 20.0), "900", False)
    assert (bird.cls, bird.id, bird.crowd) == ("Vogel", "7", True)
    assert [(info.name, info.source_id) for info in found.classes] == [("Vogel", 3), ("cup", 44)]
    assert (found.broken, found.ignored) == ((), ())
    linked = list(read_items(FolderFiles(tmp_path), "coco"))
    assert linked == [item for item, _ in found.items]
    assert classes(FolderFiles(tmp_path), "coco") == found.classes


def test_a_json_alone_with_its_pictures_elsewhere(put: Put, tmp_path: Path) -> None:
    source = put("from a friend/labels.json", coco())
    put("photos/ä b.jpg")
    put("photos/deeper/sub/c.png")
    found = scan(source, images=tmp_path / "photos")
    assert [item.path for item, _ in found.items] == ["deeper/sub/c.png", "ä b.jpg"]
    assert len(things_of(found, "ä b.jpg")) == 2
    assert scan(source.parent, images=tmp_path / "photos").items == found.items
    with pytest.raises(UserError, match=r"None of the 2 pictures that the annotations name, ä b\.jpg first"):
        scan(source)
    with pytest.raises(UserError, match="no folder"):
        scan(source, images=tmp_path / "nothing")


def test_the_usual_layout_with_parts_and_a_folder_of_annotations(put: Put, tmp_path: Path) -> None:
    for part, id in (("train2017", 1), ("val2017", 1)):
        image = {"id": id, "file_name": "0001.jpg", "width": 64, "height": 48}
        put(f"{part}/0001.jpg")
        put(f"annotations/captions_{part}.json", {"images": [image], "annotations": [{"caption": "x"}]})
        entry = {"id": 1, "image_id": id, "category_id": 3, "bbox": [1, 1, len(part), 5]}
        body = coco(images=[image], annotations=[entry])
        put(f"annotations/person_keypoints_{part}.json", body)
        put(f"annotations/instances_{part}.json", body)
    # the same file name twice: found only by the folder, which the JSON does not say
    found = scan(tmp_path)
    assert reasons(found) == ["0001.jpg: the picture is missing, or several have this name"] * 2
    for part in ("train2017", "val2017"):
        path = tmp_path / "annotations" / f"instances_{part}.json"
        path.write_text(path.read_text().replace("0001.jpg", f"{part}/0001.jpg"))
    found = scan(tmp_path)
    assert [item.path for item, _ in found.items] == ["train2017/0001.jpg", "val2017/0001.jpg"]
    assert things_of(found, "train2017/0001.jpg")[0].box[2] == 9
    alone = scan(tmp_path / "annotations" / "instances_val2017.json")
    assert len(things_of(alone, "val2017/0001.jpg")) == 1
    assert link_root(tmp_path / "annotations" / "instances_val2017.json") == link_root(tmp_path) == tmp_path


def test_parts_that_share_a_folder_become_datasets(put: Put, tmp_path: Path) -> None:
    for at, part in enumerate(("train", "val")):
        put(f"images/{at}.jpg")
        put(f"{part}.json", coco(images=[{"id": 1, "file_name": f"{at}.jpg"}], annotations=[]))
    assert [item.path for item, _ in scan(tmp_path).items] == ["train/0.jpg", "val/1.jpg"]


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"bbox": [1, 2, float("nan"), 4]},
            "annotation 5 of ä b.jpg has a box that is not four finite numbers",
        ),
        ({"bbox": [1, 2, 3]}, "four finite numbers"),
        ({"bbox": "everywhere"}, "four finite numbers"),
        ({"bbox": [1, 2, 0, 4]}, "a box without area"),
        ({"bbox": [100, 2, 3, 4]}, "a box outside the picture"),
        ({}, "annotation 5 of ä b.jpg has no box"),
        ({"bbox": [1, 2, 3, 4], "category_id": 99}, "annotation 5 has the unknown category 99"),
        ({"bbox": [1, 2, 3, 4], "image_id": 99}, "annotation 5 belongs to image 99, not listed"),
        ({"segmentation": {"size": [48, 64], "counts": [1, -2]}}, "no box"),
    ],
)
def test_a_damaged_object_is_named_and_left_out(
    put: Put, tmp_path: Path, entry: dict[str, Any], words: str
) -> None:
    put("labels.json", with_annotation(**entry))
    found = scan(tmp_path)
    assert len(found.items) == 2
    assert things_of(found, "ä b.jpg") == ()
    assert len(found.broken) == 1
    assert reasons(found)[0].startswith("labels.json: ")
    assert words in reasons(found)[0]


@pytest.mark.usefixtures("pictures")
def test_boxes_that_stick_out_are_cut_at_the_border(put: Put, tmp_path: Path) -> None:
    put("labels.json", with_annotation(bbox=[-10, 40, 100, 20]))
    assert things_of(scan(tmp_path), "ä b.jpg")[0].box == (0.0, 40.0, 64.0, 8.0)
    put("labels.json", with_annotation(bbox=[0, 0, 64.4, 48]))
    assert things_of(scan(tmp_path), "ä b.jpg")[0].box == (0.0, 0.0, 64.4, 48.0)


@pytest.mark.usefixtures("pictures")
def test_polygons_and_masks_give_boxes(put: Put, tmp_path: Path) -> None:
    parts = [[1, 1, 3, 1, 3, 3], [10, 10, 40, 10, 40, 30, 10, 30]]
    put("labels.json", with_annotation(segmentation=parts))
    thing = things_of(scan(tmp_path), "ä b.jpg")[0]
    assert thing.polygon == tuple(map(float, parts[1]))
    assert thing.box == (1.0, 1.0, 39.0, 29.0)
    mask = {"size": [48, 64], "counts": [48 * 2 + 5, 10, 38, 10, 48 * 60 - 15]}
    put("labels.json", with_annotation(segmentation=mask))
    assert things_of(scan(tmp_path), "ä b.jpg")[0].box == (2.0, 5.0, 2.0, 10.0)


@pytest.mark.parametrize(
    "text", ['{"images": [', '{"images": {}, "annotations": [], "categories": []}', "\xff"]
)
def test_a_damaged_json_is_one_sentence(put: Put, tmp_path: Path, text: str) -> None:
    source = put("labels.json", text.encode("latin-1"))
    put("a.jpg")
    with pytest.raises(UserError, match=r"labels\.json"):
        scan(source, "coco")


def test_categories_without_names_are_refused(put: Put, tmp_path: Path) -> None:
    put("labels.json", coco(categories=[{"id": 3}]))
    put("ä b.jpg")
    with pytest.raises(UserError, match="each category needs"):
        scan(tmp_path)


def test_missing_and_resized_pictures_are_named(put: Put, tmp_path: Path) -> None:
    put("labels.json", coco())
    put("ä b.jpg", size=(32, 24))
    found = scan(tmp_path)
    assert reasons(found) == [
        "sub/c.png: the picture is missing, or several have this name",
        "labels.json: ä b.jpg should be 64 x 48 pixels but is 32 x 24, so its objects were left out",
    ]


def test_a_json_that_is_no_coco_is_said(put: Put, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no COCO file"):
        detect(put("settings.json", {"a": 1}))
    put("a.jpg")
    assert detect(tmp_path) == "images"


def test_two_files_with_different_numbers_for_a_class_keep_none(put: Put, tmp_path: Path) -> None:
    put("a/1.jpg")
    put("b/2.jpg")
    for folder, name, number in (("a", "1.jpg", 1), ("b", "2.jpg", 2)):
        image = {"id": 5, "file_name": name, "width": 64, "height": 48}
        entry = {"id": 1, "image_id": 5, "category_id": number, "bbox": [1, 1, 5, 5]}
        body = {"images": [image], "annotations": [entry], "categories": [{"id": number, "name": "coin"}]}
        put(f"{folder}/_annotations.coco.json", json.dumps(body))
    found = scan(tmp_path)
    assert [(info.name, info.source_id) for info in found.classes] == [("coin", None)]
    assert [thing.cls for item, _ in found.items for thing in item.annotation.things] == ["coin", "coin"]  # type: ignore[union-attr] # every item has one


def test_a_linked_folder_whose_json_is_damaged_still_has_its_pictures(put: Put, tmp_path: Path) -> None:
    put("labels.json", json.dumps(coco())[:-1])
    put("ä b.jpg")
    files = FolderFiles(tmp_path)
    with pytest.raises(UserError, match=r"labels\.json is no valid JSON"):
        list(read_items(files, "coco"))
    with pytest.raises(UserError, match=r"labels\.json is no valid JSON"):
        classes(files, "coco")
    problems: list[BrokenFile] = []
    assert list(read_items(files, "coco", problems)) == [Item("ä b.jpg")]
    assert "labels.json is no valid JSON" in problems[0].reason
