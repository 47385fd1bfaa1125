import io
import json

import numpy as np
import pytest
from PIL import Image

from clew.apps.demo import pictures, story

EVEN = {"bronze": 1.0, "copper": 1.0, "silver": 1.0, "gold": 1.0}


@pytest.mark.parametrize("ground", pictures.GROUNDS)
def test_same_seed_same_picture_other_seed_another(ground):
    first, things = pictures.make(ground, 7, EVEN)
    again, same = pictures.make(ground, 7, EVEN)
    other, others = pictures.make(ground, 8, EVEN)
    assert first.size == (640, 480)
    assert first.tobytes() == again.tobytes() and things == same
    assert first.tobytes() != other.tobytes() and things != others


def test_each_box_is_exactly_around_its_coin():
    checked = 0
    for seed in range(6):
        scene = pictures.draw(pictures.GROUNDS[seed % 3], seed, EVEN, (12, 16))
        assert set(np.unique(scene.owner)) == set(range(len(scene.things) + 1))
        for number, thing in enumerate(scene.things, start=1):
            x, y, wide, high = (int(value) for value in thing.box)
            mask = scene.owner == number
            inside = mask[y : y + high, x : x + wide]
            assert inside.sum() == mask.sum()
            assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()
            checked += 1
    assert checked > 50


def test_a_coin_differs_from_the_ground_where_its_box_is():
    """The boxes belong to the picture: inside of them lies metal of the named colour."""
    redness = {}
    for metal in ("copper", "silver"):
        picture, things = pictures.make("gravel", 3, {metal: 1.0}, (8, 8))
        pixels = np.asarray(picture).astype(float)
        means = []
        for thing in things:
            x, y, wide, high = (int(value) for value in thing.box)
            middle = pixels[y + high // 4 : y + 3 * high // 4, x + wide // 4 : x + 3 * wide // 4]
            means.append((middle[..., 0] - middle[..., 2]).mean())
        redness[metal] = float(np.mean(means))
        assert {thing.cls for thing in things} == {metal}
    assert redness["copper"] > redness["silver"] + 25


def test_all_24_coins_are_cut_round():
    cut = pictures._coins()
    assert len(cut) == 24
    for grey, mask in cut:
        area = np.asarray(mask).astype(float).sum() / 255
        wide = np.any(np.asarray(mask) > 127, axis=0).sum()
        high = np.any(np.asarray(mask) > 127, axis=1).sum()
        assert grey.size == mask.size
        assert 0.8 < wide / high < 1.25
        assert 0.68 < area / (wide * high) < 0.86  # a disc fills 0.785 of its box


def test_the_test_split_is_the_same_in_all_chapters():
    tests = [tuple(s for s in story.shots(n) if s.path.startswith("test/")) for n in (1, 2, 3)]
    assert tests[0] == tests[1] == tests[2]
    assert len(tests[0]) == 30
    assert not any(shot.hasty for shot in tests[0])
    assert {shot.ground for shot in tests[0]} == set(pictures.GROUNDS)


def test_chapters_tell_the_story():
    def datasets(chapter):
        found = {}
        for shot in story.shots(chapter):
            found.setdefault(shot.path.rpartition("/")[0], []).append(shot)
        return {name: len(shots) for name, shots in found.items()}

    assert datasets(1) == {"test": 30, "train/brick": 40, "train/grass": 40}
    assert datasets(2) == {**datasets(1), "train/gravel": 30}
    assert datasets(3) == {**datasets(2), "train/copper": 30}
    assert all(shot.path.startswith("train/gravel/") for shot in story.changed_shots(2))
    corrected = [shot for shot in story.changed_shots(3) if "copper" not in shot.path]
    assert len(corrected) == 110 and not any(shot.hasty for shot in corrected)


def test_correcting_changes_labels_only():
    before = {shot.path: shot for shot in story.shots(2)}
    wrong = right = 0
    for shot in story.changed_shots(3)[30:40]:
        old_bytes, old = story.take(before[shot.path])
        new_bytes, new = story.take(shot)
        assert old_bytes == new_bytes
        assert [thing.box for thing in old.things] == [thing.box for thing in new.things]
        same = sum(a.cls == b.cls for a, b in zip(old.things, new.things, strict=True))
        right, wrong = right + same, wrong + len(new.things) - same
    assert 0.04 < wrong / (wrong + right) < 0.3


def test_pictures_come_as_jpeg():
    path, data, annotation = next(story.pictures(2))
    assert path.startswith("train/gravel/")
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "JPEG" and picture.size == (annotation.width, annotation.height)


def test_a_chapter_is_written_as_coco(tmp_path, monkeypatch):
    few = story.changed_shots(2)[:3]
    monkeypatch.setattr(story, "changed_shots", lambda chapter: few)
    told = []
    path = story.write_coco(2, tmp_path / "new", lambda done, total: told.append((done, total)))
    document = json.loads(path.read_text())
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [one["name"] for one in document["categories"]] == list(story.CLASSES)
    for image, shot in zip(document["images"], few, strict=True):
        data, annotation = story.take(shot)
        assert (tmp_path / "new" / image["file_name"]).read_bytes() == data
        boxes = [tuple(a["bbox"]) for a in document["annotations"] if a["image_id"] == image["id"]]
        assert boxes == [thing.box for thing in annotation.things]
