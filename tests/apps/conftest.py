import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clew.model.annotations import Annotation, Item, Thing

COLOURS = {"red": (200, 40, 40), "blue": (40, 60, 210), "green": (40, 170, 60)}


def draw_discs(seed, classes=("red", "blue"), size=(120, 90), mode="RGB"):
    """A small noisy picture with two to four discs: encoded bytes and its annotation."""
    rng = np.random.default_rng(seed)
    ground = Image.fromarray(rng.integers(90, 140, (size[1], size[0], 3)).astype(np.uint8))
    brush = ImageDraw.Draw(ground)
    things, taken = [], []
    for _ in range(int(rng.integers(2, 5))):
        r = int(rng.integers(8, 13))
        x, y = (int(rng.integers(r + 1, side - r - 1)) for side in size)
        if any(np.hypot(x - a, y - b) < r + c + 2 for a, b, c in taken):
            continue
        taken.append((x, y, r))
        name = str(rng.choice(list(classes)))
        colour = COLOURS.get(name, (235, 235, 235))
        brush.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        things.append(Thing(name, (float(x - r), float(y - r), 2.0 * r + 1, 2.0 * r + 1)))
    if mode == "I;16":
        grey = np.asarray(ground.convert("L")).astype(np.uint16) * 16
        ground = Image.fromarray(grey)
    elif mode != "RGB":
        ground = ground.convert(mode)
    out = io.BytesIO()
    ground.save(out, "PNG")
    return out.getvalue(), Annotation(size[0], size[1], tuple(things))


@pytest.fixture
def make_discs():
    """Pictures as a project has them: (items, {path: bytes})."""

    def make(number=12, tests=4, dataset="train", **how):
        items, stored = [], {}
        for i in range(number + tests):
            path = f"{dataset if i < number else 'test'}/p{i:02d}.png"
            stored[path], annotation = draw_discs(i, **how)
            items.append(Item(path, annotation))
        return items, stored

    return make
