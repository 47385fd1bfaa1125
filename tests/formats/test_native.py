import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.base.errors import UserError
from clew.formats.native import (
    class_colour,
    item_paths,
    read_annotation,
    read_classes,
    write_annotation,
    write_project,
)
from clew.model.annotations import Annotation, ClassInfo, Thing

finite = st.floats(allow_nan=False, allow_infinity=False)
length = st.floats(0, 1e6)
names = st.text(min_size=1, max_size=12)


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    ids = draw(st.lists(names, unique=True, max_size=6))
    points = st.integers(0, 5).flatmap(lambda n: st.tuples(*[finite] * (2 * n)))
    things = tuple(
        Thing(
            draw(names),
            draw(st.tuples(finite, finite, length, length)),
            draw(points),
            draw(st.booleans()),
            id,
            draw(st.none() | finite),
        )
        for id in ids
    )
    size = st.integers(0, 10**6)
    return Annotation(
        draw(size), draw(size), things, tuple(draw(st.lists(st.text(), max_size=3))), draw(st.text())
    )


@given(annotations())
def test_what_was_written_is_read_back_exactly(annotation: Annotation) -> None:
    data = write_annotation(annotation)
    again = read_annotation(data)
    assert again == annotation
    assert write_annotation(again) == data
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == (len(annotation.things) + 2 if annotation.things else 1)


def test_the_bytes_are_those_of_the_page_on_the_format() -> None:
    things = (
        Thing("silver", (214.0, 148.5, 82.0, 79.0), id="1"),
        Thing("copper", (10.0, 20.0, 30.0, 40.0), (10.0, 20.0, 40.0, 20.0, 40.0, 60.0), True, "2", 0.75),
    )
    assert write_annotation(Annotation(640, 480, things, ("blurred",), "397133")).decode() == (
        '{"size":[640,480],"objects":[\n'
        '{"id":"1","class":"silver","box":[214,148.5,82,79]},\n'
        '{"id":"2","class":"copper","box":[10,20,30,40],"polygon":[10,20,40,20,40,60],"crowd":true,"score":0.75}\n'
        '],"tags":["blurred"],"source_id":"397133"}\n'
    )
    assert write_annotation(Annotation(0, 0)) == b'{"size":[0,0],"objects":[]}\n'


def test_objects_without_id_get_the_smallest_free_number() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    things = (Thing("a", box), Thing("a", box, id="1"), Thing("a", box, id="1"), Thing("a", box))
    again = read_annotation(write_annotation(Annotation(1, 1, things)))
    assert [thing.id for thing in again.things] == ["2", "1", "3", "4"]


def test_unknown_keys_are_passed_over() -> None:
    data = b'{"size":[1,1],"objects":[{"class":"a","box":[0,0,1,1],"mood":"good"}],"future":{}}'
    assert read_annotation(data).things[0].cls == "a"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no valid JSON: line 1"),
        (b"\xff\xfe", "no UTF-8 text"),
        (b"[1]", "must be a JSON object"),
        (b'{"size":[1.5,2]}', '"size" must be two whole numbers'),
        (b'{"objects":[{"class":"a","box":[0,0,NaN,1]}]}', 'object 1: "box" must be four numbers'),
        (b'{"objects":[{"class":"a","box":[0,0,1,1]},{"class":"a","box":[0,0,-1,1]}]}', "object 2"),
        (b'{"objects":[{"class":"a","box":[0,0,1e999,1]}]}', "four numbers"),
        (b'{"objects":[{"class":7,"box":[0,0,1,1]}]}', '"class" must be a text'),
        (b'{"objects":[{"class":"a","box":[0,0,1,1],"polygon":[1,2,3]}]}', "even count"),
        (b'{"objects":[{"class":"a","box":[0,0,1,1],"score":"high"}]}', '"score" must be a number'),
        (b'{"tags":"x"}', '"tags" must be a list of texts'),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_damage_is_named_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=r"a\.jpg\.json") as raised:
        read_annotation(data, "a.jpg.json")
    assert words in str(raised.value)


def test_numbers_that_json_cannot_hold_are_not_written() -> None:
    with pytest.raises(UserError, match="nan"):
        write_annotation(Annotation(1, 1, (Thing("a", (0.0, 0.0, float("nan"), 1.0)),)))


def test_classes_come_back_in_their_order() -> None:
    classes = (ClassInfo("Münze", "#112233", 7), ClassInfo('with "quotes"', "#445566"))
    assert read_classes(write_project(classes)) == classes
    assert read_classes(write_project(())) == ()


def test_a_class_without_colour_gets_that_of_its_place() -> None:
    data = json.dumps({"clew": 1, "classes": [{"name": "a"}, {"name": "b", "colour": "red"}, {"name": "a"}]})
    assert read_classes(data.encode()) == (ClassInfo("a", class_colour(0)), ClassInfo("b", class_colour(1)))


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"{}", "no project file"), (b'{"clew":2}', "Update Clew"), (b'{"clew":1,"classes":7}', "list")],
)
def test_other_project_files_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_classes(data)


def test_colours_are_different_and_well_formed() -> None:
    colours = [class_colour(at) for at in range(80)]
    assert len(set(colours)) == 80
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in colours)


def test_which_files_are_items() -> None:
    paths = [
        *("project.json", "a/1.jpg", "a/1.jpg.json", "a/gone.png.json", "b/notes.txt", "b/data.json"),
        *("b/project.json", ".hidden/x.jpg", "a/.DS_Store", "__MACOSX/a/1.jpg", "a/Thumbs.db"),
    ]
    assert item_paths(paths) == ["a/1.jpg", "b/notes.txt", "b/data.json", "b/project.json"]
