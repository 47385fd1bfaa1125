from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.formats.changes import describe
from clew.model.annotations import Annotation, Thing


def coin(cls: str, x: float, id: str = "", size: float = 80.0) -> Thing:
    return Thing(cls, (x, 100.0, size, size), id=id)


def annotation(*things: Thing, **more: object) -> Annotation:
    return Annotation(640, 480, things, **more)  # type: ignore[arg-type] # tags and source id


A, B, C = coin("silver", 0, "12"), coin("silver", 200, "14"), coin("gold", 400, "17")


def test_classes_and_boxes_in_words_as_the_picture_of_the_window_has_them() -> None:
    new = annotation(
        replace(A, cls="copper"), replace(B, cls="copper"), replace(C, box=(402.0, 103.0, 81.0, 80.0))
    )
    change = describe(annotation(A, B, C), new)
    assert change.text == "2 silver became copper, 1 box moved"
    assert (change.labels_changed, change.boxes_moved, change.added, change.removed) == (2, 1, 0, 0)
    assert [(old and old.id, what) for old, _, what in change.pairs] == [
        ("12", "class changed"),
        ("14", "class changed"),
        ("17", "moved, IoU 0.87"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (annotation(A), annotation(A), ""),
        (None, None, ""),
        (annotation(A), annotation(replace(A, box=(8.0, 100.0, 80.0, 80.0))), "1 box moved, IoU 0.82"),
        (annotation(A), annotation(A, C), "1 new gold"),
        (annotation(A, B, C), annotation(C), "2 silver removed"),
        (None, annotation(A, B), "annotated, 2 objects"),
        (None, annotation(), "annotated, no objects"),
        (annotation(A), None, "annotation removed, 1 object"),
        (annotation(A), annotation(A, tags=("blurred",)), "tag blurred added"),
        (annotation(A), annotation(replace(A, crowd=True)), "1 object marked otherwise as crowd"),
        (annotation(A), annotation(replace(A, polygon=(0.0, 0.0, 1.0, 1.0, 1.0, 0.0))), "1 outline changed"),
        (annotation(A), annotation(replace(A, id="3")), "objects numbered or ordered anew"),
        (annotation(A, B), annotation(B, A), "objects numbered or ordered anew"),
    ],
)
def test_one_change_in_words(old: Annotation | None, new: Annotation | None, text: str) -> None:
    assert describe(old, new).text == text


def test_same_objects_stand_behind_changed_ones() -> None:
    change = describe(annotation(A, B, C), annotation(A, B, replace(C, cls="tin")))
    assert [what for _, _, what in change.pairs] == ["class changed", "same", "same"]


def test_without_ids_overlap_decides_and_nearest_wins() -> None:
    old = annotation(coin("a", 0), coin("a", 60))
    new = annotation(coin("b", 10), coin("a", 50))
    change = describe(old, new)
    assert [(one and one.box[0], other and other.box[0]) for one, other, _ in change.pairs] == [
        (0, 10),
        (60, 50),
    ]
    assert change.text == "1 a became b, 2 boxes moved"


def test_ids_that_only_count_lines_do_not_mislead() -> None:
    old = annotation(coin("a", 0, "1"), coin("a", 200, "2"), coin("a", 400, "3"))
    new = annotation(coin("a", 200, "1"), coin("a", 400, "2"))  # the first line was taken out
    assert describe(old, new).text == "1 a removed"


def test_an_object_with_an_id_may_go_far() -> None:
    change = describe(annotation(A), annotation(replace(A, box=(500.0, 0.0, 80.0, 80.0))))
    assert (change.boxes_moved, change.added, change.removed) == (1, 0, 0)


coins = st.builds(
    coin,
    st.sampled_from("abc"),
    st.integers(0, 300),
    st.sampled_from(["", "1", "2", "3"]),
    st.integers(1, 90),
)


@given(st.lists(coins, max_size=8), st.lists(coins, max_size=8))
def test_every_object_stands_in_one_pair(old: list[Thing], new: list[Thing]) -> None:
    change = describe(annotation(*old), annotation(*new))
    key = repr
    assert sorted((one for one, _, _ in change.pairs if one), key=key) == sorted(old, key=key)
    assert sorted((other for _, other, _ in change.pairs if other), key=key) == sorted(new, key=key)
    assert len(new) - len(old) == change.added - change.removed
    assert bool(change.text) == (old != new)
