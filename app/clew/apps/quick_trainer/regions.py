"""From a map of probabilities to candidate regions with boxes and with numbers that describe them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from clew.apps.quick_trainer.features import STEP, Floats, View

THRESHOLDS = (0.35, 0.6)
LEAST_AREA = 12  # pixels at working size
MOST = 150  # candidates of one picture, the largest ones first

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Regions:
    """Candidates of one picture: `boxes` (n, 4), x, y, width, height at working size; `described` (n, m)."""

    boxes: Floats
    described: Floats


def find(view: View, shares: Floats) -> Regions:
    """Find the candidates of one picture.

    Args:
        view: the picture at working size.
        shares: (rows, columns, 1 + classes) probability of background and of each class on the grid.
    """
    thing = ndimage.gaussian_filter(1 - shares[..., 0], 0.6)
    likely = _enlarge(thing, view.shape)
    found: list[tuple[NDArray[np.intp], Mask]] = []
    seen: set[tuple[int, ...]] = set()
    for threshold in THRESHOLDS:
        mask = ndimage.binary_opening(likely > threshold, iterations=1)
        for top, left, part in _parts(mask):
            box = (left, top, part.shape[1], part.shape[0])
            if box not in seen:
                seen.add(box)
                found.append((np.array(box), part))
    found.sort(key=lambda one: -int(one[1].sum()))
    found = found[:MOST]
    classes = shares.shape[2] - 1
    if not found:
        return Regions(np.zeros((0, 4), np.float32), np.zeros((0, description_size(classes)), np.float32))
    described = [_describe(view, likely, shares, box, part) for box, part in found]
    return Regions(np.stack([box for box, _ in found]).astype(np.float32), np.stack(described))


def description_size(classes: int) -> int:
    """How many numbers describe a region when the pixel classifier knows so many classes."""
    return 30 + classes


def _enlarge(small: Floats, shape: tuple[int, int]) -> Floats:
    """From the grid to every pixel, straight lines between."""
    rows = np.minimum(np.arange(shape[0]) / STEP, small.shape[0] - 1)
    columns = np.minimum(np.arange(shape[1]) / STEP, small.shape[1] - 1)
    top, left = rows.astype(int), columns.astype(int)
    below, right = np.minimum(top + 1, small.shape[0] - 1), np.minimum(left + 1, small.shape[1] - 1)
    down = (rows - top).astype(np.float32)[:, None]
    across = (columns - left).astype(np.float32)
    tall = small[top] * (1 - down) + small[below] * down
    return np.asarray(tall[:, left] * (1 - across) + tall[:, right] * across, np.float32)


def _parts(mask: Mask) -> Iterator[tuple[int, int, Mask]]:
    """Connected regions, and where one falls into several bulges, each bulge as well: top, left, mask."""
    labels, _ = ndimage.label(mask)
    for number, window in enumerate(ndimage.find_objects(labels), start=1):
        whole = labels[window] == number
        if whole.sum() < LEAST_AREA:
            continue
        top, left = window[0].start, window[1].start
        yield top, left, ndimage.binary_fill_holes(whole)
        for row, column, part in _bulges(whole):
            yield top + row, left + column, part


def _bulges(whole: Mask) -> Iterator[tuple[int, int, Mask]]:
    """Split touching things: a watershed from the places that are deepest inside."""
    padded = np.pad(whole, 1)
    depth = ndimage.gaussian_filter(ndimage.distance_transform_edt(padded), 0.8)
    reach = max(5, int(depth.max() * 0.9) | 1)
    peaks = (depth == ndimage.maximum_filter(depth, reach)) & (depth > max(2.0, 0.35 * depth.max()))
    seeds, count = ndimage.label(peaks, structure=np.ones((3, 3)))
    if count < 2:
        return
    relief = np.round((1 - depth / depth.max()) * 250).astype(np.uint8)
    markers = seeds.astype(np.int32)
    markers[~padded] = -1
    basins = ndimage.watershed_ift(relief, markers)
    for number, window in enumerate(ndimage.find_objects(np.maximum(basins, 0)), start=1):
        if window is None:
            continue
        part = basins[window] == number
        if part.sum() >= LEAST_AREA:
            yield window[0].start - 1, window[1].start - 1, part


def _describe(view: View, likely: Floats, shares: Floats, box: NDArray[np.intp], mask: Mask) -> Floats:
    """Shape, probability and colour of one region and of the ring around it."""
    height, width = view.shape
    left, top, wide, high = (int(value) for value in box)
    area = float(mask.sum())
    edge = [left == 0, top == 0, left + wide == width, top + high == height]
    deepest = float(ndimage.distance_transform_edt(np.pad(mask, 1)).max())
    window = (slice(top, top + high), slice(left, left + wide))
    inside = likely[window]
    sure = inside[mask]
    shape = [np.log(area), wide / high, area / (wide * high), 2 * deepest / min(wide, high)]
    shape += [wide / width, high / height, *(float(one) for one in edge), area / deepest**2]
    sides = [inside[0].mean(), inside[-1].mean(), inside[:, 0].mean(), inside[:, -1].mean()]
    colours = view.channels[(slice(None), *window)][:, mask]
    ring = _ring(view, likely, box)
    rows, columns = (
        slice(top // STEP, -(-(top + high) // STEP)),
        slice(left // STEP, -(-(left + wide) // STEP)),
    )
    coarse = mask[::STEP, ::STEP]
    votes = shares[rows, columns, 1:][: coarse.shape[0], : coarse.shape[1]]
    votes = votes[coarse[: votes.shape[0], : votes.shape[1]]]
    by_class = votes.mean(axis=0) if len(votes) else np.zeros(shares.shape[2] - 1, np.float32)
    numbers = [*shape, sure.mean(), sure.min(), *sides, *colours.mean(axis=1), *colours.std(axis=1)]
    numbers += [*np.percentile(colours[0], [10, 90]), *(colours.mean(axis=1)[:3] - ring[:3]), *by_class]
    return np.array(numbers, np.float32)


def _ring(view: View, likely: Floats, box: NDArray[np.intp]) -> Floats:
    """Mean channels of what is no thing just around a box."""
    left, top, wide, high = (int(value) for value in box)
    margin = max(3, (wide + high) // 8)
    window = (
        slice(max(0, top - margin), top + high + margin),
        slice(max(0, left - margin), left + wide + margin),
    )
    outside = likely[window] < 0.4
    channels = view.channels[(slice(None), *window)]
    if not outside.any():
        outside[:] = True
    return np.asarray(channels[:, outside].mean(axis=1), np.float32)


def overlaps(first: Floats, second: Floats) -> Floats:
    """Intersection over union of all pairs: (n, 4) and (m, 4) boxes give (n, m)."""
    ends_first, ends_second = first[:, :2] + first[:, 2:], second[:, :2] + second[:, 2:]
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(ends_first[:, None], ends_second[None])
    common = np.prod(np.maximum(high - low, 0), axis=2)
    areas = np.prod(first[:, 2:], axis=1)[:, None] + np.prod(second[:, 2:], axis=1)[None] - common
    return np.asarray(common / np.maximum(areas, 1e-9), np.float32)
