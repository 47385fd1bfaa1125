from clew.formats.statistics import statistics
from clew.model.annotations import Annotation, Item, Thing
from clew.model.entities import Statistics


def item(path: str, *classes: str) -> Item:
    things = tuple(Thing(name, (0.0, 0.0, 1.0, 1.0)) for name in classes)
    return Item(path, Annotation(1, 1, things))


def test_counts() -> None:
    found = statistics([item("b/1.jpg", "x", "y", "x"), item("b/2.jpg"), Item("a/c/3.jpg"), Item("film.mp4")])
    assert found == Statistics(
        items=4,
        pictures=3,
        annotated=1,
        objects=3,
        classes={"x": 2, "y": 1},
        datasets={"": 1, "a/c": 1, "b": 2},
        previews=("b/1.jpg", "a/c/3.jpg", "b/2.jpg"),
    )
    assert statistics([]) == Statistics()


def test_previews_are_spread_over_datasets_and_prefer_annotated_pictures() -> None:
    items = [item(f"{name}/{at:03}.jpg", *["x"] * (at % 2)) for name in "abc" for at in range(100)]
    previews = statistics(items).previews
    assert previews == ("a/001.jpg", "b/001.jpg", "c/001.jpg", "a/051.jpg", "b/051.jpg", "c/051.jpg")
    many = statistics([item(f"{name:02}/1.jpg", "x") for name in range(30)]).previews
    assert many == tuple(f"{name:02}/1.jpg" for name in (0, 5, 10, 15, 20, 25))
    one = statistics([item(f"{at:02}.jpg", "x") for at in range(12)]).previews
    assert one == ("00.jpg", "02.jpg", "04.jpg", "06.jpg", "08.jpg", "10.jpg")
