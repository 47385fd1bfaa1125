import json
from typing import Any

import pytest

from clew.base.errors import UserError
from clew.formats.predictions import read_predictions, write_predictions
from clew.model.annotations import Annotation, ClassInfo, Item, Thing

CLASSES = (ClassInfo("gold", "#111111"), ClassInfo("Münze", "#222222"))
ITEMS = [Item("test/b ä.jpg", Annotation(64, 48)), Item("test/a.jpg"), Item("val/a.jpg", Annotation(64, 48))]
SOURCED = [
    Item("b.jpg", Annotation(9, 9, source_id="2")),
    Item("a.jpg", Annotation(9, 9, source_id="397133")),
]


def result(image_id: Any = 1, category_id: Any = 1, **more: Any) -> dict[str, Any]:
    return {"image_id": image_id, "category_id": category_id, "bbox": [1, 2, 3, 4], "score": 0.5} | more


def read(
    raw: Any, items: list[Item] = ITEMS, classes: tuple[ClassInfo, ...] = CLASSES
) -> dict[str, list[str]]:
    found = read_predictions(json.dumps(raw).encode(), items, classes)
    return {path: [thing.cls for thing in things] for path, things in found.by_path.items()}


def test_what_was_written_is_read_back() -> None:
    things = (
        Thing("Münze", (1.5, 2.0, 3.0, 4.0), id="1", score=0.123456789012345),
        Thing("gold", (0.0, 0.0, 1.0, 1.0), id="2", score=1.0),
    )
    data = write_predictions({"test/b ä.jpg": things}, CLASSES, ITEMS, 21.5)
    again = read_predictions(data, ITEMS, CLASSES)
    assert again.by_path == {"test/b ä.jpg": things}
    assert again.inference_ms == 21.5
    assert again.classes == ("gold", "Münze")
    assert read_predictions(data, list(reversed(ITEMS)), CLASSES[::-1]).by_path == again.by_path


def test_nothing_found_is_a_set_too() -> None:
    data = write_predictions({}, CLASSES, ITEMS)
    assert read_predictions(data, ITEMS, CLASSES).by_path == {}
    assert read([]) == {}


def test_ids_of_our_export_and_places_of_classes() -> None:
    assert read([result(1), result(2, 2), result(3)]) == {
        "test/a.jpg": ["gold"],
        "test/b ä.jpg": ["Münze"],
        "val/a.jpg": ["gold"],
    }
    assert read([result(1, 0), result(1, 1)]) == {"test/a.jpg": ["gold", "Münze"]}


def test_ids_of_the_source() -> None:
    classes = (ClassInfo("cup", "#111111", 44), ClassInfo("bird", "#111111", 3))
    raw = [result(397133, 44), result("2", 3)]
    assert read(raw, SOURCED, classes) == {"a.jpg": ["cup"], "b.jpg": ["bird"]}


def test_paths_and_clear_file_names() -> None:
    assert read([result("val/a.jpg"), result("b ä.jpg", "Münze"), result("b ä")]) == {
        "test/b ä.jpg": ["Münze", "gold"],
        "val/a.jpg": ["gold"],
    }


def test_a_whole_file_maps_by_its_own_names() -> None:
    raw = {
        "info": {"inference_ms": 3},
        "images": [{"id": 70, "file_name": "C:\\data\\val\\a.jpg"}, {"id": 71, "file_name": "unused.jpg"}],
        "categories": [{"id": 5, "name": "Münze"}, {"id": 6, "name": "button"}],
        "annotations": [result(70, 5), result(70, 6)],
    }
    assert read(raw) == {"val/a.jpg": ["Münze", "button"]}
    found = read_predictions(json.dumps(raw).encode(), ITEMS, CLASSES)
    assert (found.inference_ms, found.classes) == (3.0, ("gold", "Münze", "button"))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([result(1), result(8)], "name the picture 8, which is not among the 3 items"),
        ([result("a.jpg")], "name the picture 'a.jpg'"),  # two have this name
        ([result(1, 3)], "name the category 3, which is not among the 2 classes"),
        ([result(None)], "name the picture None"),
        ([result(1), result(1, score=None)], 'Entry 2 of the predictions has no finite "score"'),
        ([result(1, bbox=[1, 2, 3])], 'Entry 1 of the predictions has no "bbox"'),
        ([result(1, bbox=[1, 2, float("nan"), 3])], "four finite numbers"),
        ([1, 2], "COCO results list"),
        ({"images": []}, "COCO results list"),
        (7, "COCO results list"),
        (
            {
                "images": [{"id": 1, "file_name": "x.jpg"}],
                "annotations": [result(1)],
                "categories": [{"id": 1, "name": "a"}],
            },
            "name the picture 'x.jpg'",
        ),
    ],
)
def test_a_mismatch_is_one_sentence(raw: Any, words: str) -> None:
    with pytest.raises(UserError) as raised:
        read(raw)
    assert words in str(raised.value)


def test_masks_and_outlines_give_boxes() -> None:
    outline = result(1, segmentation=[[0, 0, 10, 0, 10, 5]])
    mask = result(1, segmentation={"size": [48, 64], "counts": [48 * 2 + 5, 10, 48 * 62 - 15]})
    for entry in (outline, mask):
        del entry["bbox"]
    found = read_predictions(json.dumps([outline, mask]).encode(), ITEMS, CLASSES)
    assert [thing.box for thing in found.by_path["test/a.jpg"]] == [
        (0.0, 0.0, 10.0, 5.0),
        (2.0, 5.0, 1.0, 10.0),
    ]


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(UserError, match=r"x\.jpg, which is not among the items"):
        write_predictions({"x.jpg": ()}, CLASSES, ITEMS)
    with pytest.raises(UserError, match="has no score"):
        write_predictions({"test/a.jpg": (Thing("gold", (0.0, 0.0, 1.0, 1.0)),)}, CLASSES, ITEMS)
