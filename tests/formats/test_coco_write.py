from collections.abc import Callable
from pathlib import Path

from clew.formats.coco_write import coco_dict, write_coco
from clew.formats.scan import scan
from clew.model.annotations import Annotation, ClassInfo, Item, Thing

CLASSES = (ClassInfo("gold", "#111111"), ClassInfo("Münze", "#222222"))
THINGS = (
    Thing("Münze", (1.0, 2.0, 30.0, 20.5), id="1"),
    Thing("gold", (5.0, 5.0, 8.0, 6.0), (5.0, 5.0, 13.0, 5.0, 13.0, 11.0), True, "2", 0.25),
)


def test_what_is_written_is_scanned_back(put: Callable[..., Path], tmp_path: Path) -> None:
    items = [
        Item("b/ä.jpg", Annotation(64, 48, THINGS)),
        Item("a/1.png", Annotation(64, 48)),
        Item("a/0.jpg"),
    ]
    for item in items:
        put(item.path)
    put("annotations.json", write_coco(items, CLASSES, {"a/0.jpg": (64, 48)}))
    found = scan(tmp_path)
    assert found.broken == ()
    assert [item.path for item, _ in found.items] == ["a/0.jpg", "a/1.png", "b/ä.jpg"]
    assert [item.annotation.source_id for item, _ in found.items if item.annotation] == ["1", "2", "3"]
    last = found.items[-1][0].annotation
    assert last is not None
    assert [(t.cls, t.box, t.polygon, t.crowd, t.score) for t in last.things] == [
        (t.cls, t.box, t.polygon, t.crowd, t.score) for t in THINGS
    ]
    assert [info.name for info in found.classes] == ["gold", "Münze"]


def test_ids_of_the_source_come_back_when_all_have_one() -> None:
    items = [
        Item("a.jpg", Annotation(1, 1, source_id="397133")),
        Item("b.jpg", Annotation(1, 1, source_id="12")),
    ]
    classes = (ClassInfo("cup", "#111111", 44), ClassInfo("bird", "#111111", 3))
    raw = coco_dict(items, classes)
    assert [image["id"] for image in raw["images"]] == [397133, 12]
    assert raw["categories"] == [{"id": 44, "name": "cup"}, {"id": 3, "name": "bird"}]
    items.append(Item("c.jpg", Annotation(1, 1, source_id="12")))
    raw = coco_dict(items, (*classes, ClassInfo("new", "#111111")))
    assert [image["id"] for image in raw["images"]] == [1, 2, 3]
    assert [category["id"] for category in raw["categories"]] == [1, 2, 3]


def test_classes_that_only_objects_know_are_added() -> None:
    raw = coco_dict([Item("a.jpg", Annotation(9, 9, THINGS))], CLASSES[:1])
    assert [category["name"] for category in raw["categories"]] == ["gold", "Münze"]
    assert [entry["category_id"] for entry in raw["annotations"]] == [2, 1]
    assert raw["annotations"][1]["area"] == 24.0
    assert coco_dict([Item("film.mp4")], CLASSES)["images"] == []
