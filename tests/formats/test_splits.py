import pytest

from clew.base.errors import UserError
from clew.formats.splits import ALL, HELD_OUT, choose, choose_name, datasets_of, part
from clew.model.annotations import Annotation, Item


def items_of(*paths):
    return [Item(path, Annotation(10, 10)) for path in paths]


def names(items):
    return [item.path for item in items]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("train/a.png", "val/b.png", "test/c.png"), "test"),
        (("train/a.png", "val/b.png"), "val"),
        (("images/train/a.png", "images/valid/b.png"), "images/valid"),
        (("train/a.png", "Test/b.png", "train/test/c.png"), "Test"),
        (("train/a.png", "train/b.png"), HELD_OUT),
        (("latest/a.png", "contest/b.png"), HELD_OUT),
        (("a.png",), ALL),
    ],
)
def test_auto_finds_the_split(paths, expected):
    assert choose_name(items_of(*paths)) == expected


def test_test_and_validation_teach_nothing():
    split = choose(items_of("train/a.png", "train/x/b.png", "val/c.png", "test/d.png", "test/deep/e.png"))
    assert names(split.learn) == ["train/a.png", "train/x/b.png"]
    assert names(split.test) == ["test/d.png", "test/deep/e.png"]


def test_held_out_is_about_a_fifth_and_stays_when_pictures_are_added():
    few = items_of(*(f"p{i}.png" for i in range(200)))
    many = few + items_of(*(f"q{i}.png" for i in range(100)))
    split = choose(few)
    assert split.name == HELD_OUT
    assert 25 <= len(split.test) <= 55
    assert not set(names(split.test)) & set(names(split.learn))
    assert len(split.test) + len(split.learn) == 200
    assert set(names(split.test)) <= set(names(part(many, HELD_OUT)))


@pytest.mark.parametrize("number", range(2, 9))
def test_held_out_leaves_something_on_both_sides(number):
    for start in range(20):
        split = choose(items_of(*(f"{start}-{i}.png" for i in range(number))))
        assert split.learn and split.test


def test_a_single_picture_is_learned_and_tested():
    split = choose(items_of("only.png"))
    assert split.name == ALL and names(split.learn) == names(split.test) == ["only.png"]


def test_a_dataset_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UserError, match="no dataset gravel to evaluate on"):
        choose(items_of("train/a.png", "test/b.png"), "gravel")


def test_everything_in_the_split_is_refused():
    with pytest.raises(UserError, match="none is left to learn from"):
        choose(items_of("train/a.png", "train/b.png"), "train")


def test_datasets_include_those_above():
    assert datasets_of(items_of("a/b/c.png", "d.png")) == ["a", "a/b"]


def test_pictures_without_annotation_are_not_held_out():
    bare = [Item(f"q{i}.png") for i in range(50)]
    labelled = items_of(*(f"p{i}.png" for i in range(20)))
    assert names(part(bare + labelled, HELD_OUT)) == names(part(labelled, HELD_OUT))
