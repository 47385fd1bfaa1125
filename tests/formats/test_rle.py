import numpy as np
import pytest
from pycocotools import mask as reference

from clew.formats.rle import rle_box


@pytest.mark.parametrize("seed", range(30))
def test_boxes_of_masks_equal_those_of_pycocotools(seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(1, 90, 2)
    mask = np.zeros((height, width), np.uint8)
    for _ in range(random.integers(1, 4)):
        y, x = random.integers(0, height), random.integers(0, width)
        mask[y : y + random.integers(1, 40), x : x + random.integers(1, 40)] = 1
    packed = reference.encode(np.asfortranarray(mask))
    raw = {"size": [int(height), int(width)], "counts": packed["counts"].decode()}
    assert rle_box(raw) == tuple(reference.toBbox(packed).tolist())


def test_an_empty_mask_has_no_box() -> None:
    assert rle_box({"size": [4, 5], "counts": [20]}) is None
    assert rle_box({"size": [4, 5], "counts": []}) is None


@pytest.mark.parametrize(
    "raw",
    [{}, {"size": [4], "counts": [1]}, {"size": [4, 5], "counts": [21]}, {"size": [4, 5], "counts": "\x00"},
     {"size": [4, 5], "counts": "o"}, {"size": [4, 5], "counts": ["x"]}],
)  # fmt: skip
def test_what_is_no_mask_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        rle_box(raw)
