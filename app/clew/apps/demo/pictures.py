"""Coin scenes for the demo: coins of four metals on three grounds, with boxes measured on the drawn coins."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from clew.base.places import resource
from clew.model.annotations import Thing

WIDTH, HEIGHT = 640, 480
METALS = ("bronze", "copper", "silver", "gold")
GROUNDS = ("grass", "brick", "gravel")

Colour = tuple[int, int, int]
Ramp = tuple[tuple[int, Colour], ...]
"""Colours for a few grey values; what lies between is interpolated."""

_METAL_RAMPS: dict[str, Ramp] = {
    "bronze": ((0, (26, 19, 11)), (120, (126, 97, 60)), (255, (240, 216, 172))),
    "copper": ((0, (40, 15, 8)), (120, (168, 86, 52)), (255, (255, 204, 172))),
    "silver": ((0, (24, 25, 28)), (120, (134, 136, 140)), (255, (252, 252, 252))),
    "gold": ((0, (48, 30, 4)), (120, (190, 146, 46)), (255, (255, 240, 168))),
}
# Two ramps for each ground, mixed in soft patches, so that no lawn is of one green.
_GROUND_RAMPS: dict[str, tuple[Ramp, Ramp]] = {
    "grass": (
        ((0, (8, 16, 6)), (110, (66, 98, 36)), (255, (206, 222, 150))),
        ((0, (16, 18, 8)), (110, (104, 108, 50)), (255, (232, 226, 170))),
    ),
    "brick": (
        ((40, (40, 20, 15)), (95, (124, 66, 48)), (190, (196, 182, 166)), (255, (235, 228, 218))),
        ((40, (34, 24, 22)), (95, (104, 74, 64)), (190, (180, 172, 162)), (255, (230, 226, 220))),
    ),
    "gravel": (
        ((0, (16, 15, 14)), (125, (124, 119, 111)), (255, (240, 236, 228))),
        ((0, (14, 15, 17)), (125, (112, 116, 121)), (255, (230, 234, 238))),
    ),
}
# Turn in degrees either way, least and greatest zoom, and how far the view keeps from the texture's edge.
# Mirrored grass looks like grass, mirrored bricks do not: their view stays inside the photograph itself.
_VIEWS = {
    "grass": (180.0, 1.0, 1.8, 430),
    "brick": (2.0, 1.42, 1.9, 512 + 240),
    "gravel": (180.0, 1.0, 1.8, 430),
}

# Where the coins lie in coins.png: centre x, centre y, radius, in pixels.
_COINS = (
    (44, 54, 21), (100, 56, 19), (155, 51, 23), (216, 52, 22), (274, 53, 20), (333, 44, 29),
    (45, 124, 20), (102, 126, 19), (153, 127, 19), (207, 124, 20), (272, 119, 24), (337, 126, 19),
    (43, 197, 19), (102, 195, 21), (154, 198, 19), (213, 194, 23), (274, 194, 21), (348, 186, 31),
    (47, 262, 28), (114, 265, 21), (173, 261, 26), (244, 264, 24), (301, 263, 25), (358, 268, 22),
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """A drawn picture; `owner` is (480, 640) uint8: 0 for the ground, else 1 + the index in `things`."""

    picture: Image.Image
    things: tuple[Thing, ...]
    owner: NDArray[np.uint8]


def make(
    ground: str, seed: int, weights: Mapping[str, float], coins: tuple[int, int] = (4, 14)
) -> tuple[Image.Image, tuple[Thing, ...]]:
    """Draw one picture of 640 x 480 and say where its coins lie; the same arguments give the same picture.

    Args:
        ground: one of GROUNDS.
        seed: chooses everything that is left to chance.
        weights: how often each metal appears; need not add up to one.
        coins: the least and the most coins; fewer lie there when no more find room.
    """
    scene = draw(ground, seed, weights, coins)
    return scene.picture, scene.things


def draw(ground: str, seed: int, weights: Mapping[str, float], coins: tuple[int, int] = (4, 14)) -> Scene:
    """As `make`, with the map of which pixel belongs to which coin."""
    rng = np.random.default_rng([seed, GROUNDS.index(ground)])
    picture = _lay_ground(ground, rng)
    owner = Image.new("L", (WIDTH, HEIGHT))
    names = list(weights)
    share = np.array([weights[name] for name in names], float)
    sun = rng.uniform(0, 2 * np.pi)
    size = rng.uniform(0.9, 1.4)  # how near the camera is
    placed: list[tuple[float, float, float]] = []
    metals: list[str] = []
    for _ in range(int(rng.integers(coins[0], coins[1] + 1))):
        metal = names[int(rng.choice(len(names), p=share / share.sum()))]
        face, mask = _turned_coin(metal, size, rng)
        if (spot := _find_room(face.size, placed, rng)) is None:
            continue
        metals.append(metal)
        _cast_shadow(picture, mask, spot, sun)
        picture.paste(face, spot, mask)
        owner.paste(len(metals), spot, mask.point([0] * 128 + [255] * 128).convert("1"))
    return _measure(_photograph(picture, rng), np.asarray(owner), metals)


def _measure(picture: Image.Image, owner: NDArray[np.uint8], metals: list[str]) -> Scene:
    """Read the boxes off the pixels; a coin that others hide almost whole is no object."""
    things: list[Thing] = []
    renumber = np.zeros(256, np.uint8)
    for number, metal in enumerate(metals, start=1):
        rows, columns = np.nonzero(owner == number)
        if len(rows) < 150:
            continue
        x, y = int(columns.min()), int(rows.min())
        box = (float(x), float(y), float(columns.max() + 1 - x), float(rows.max() + 1 - y))
        things.append(Thing(metal, box))
        renumber[number] = len(things)
    return Scene(picture, tuple(things), renumber[owner])


def _ramp_table(ramp: Ramp, gains: NDArray[np.float64]) -> list[list[int]]:
    """A look-up table per channel."""
    greys = [grey for grey, _ in ramp]
    tables = []
    for channel in range(3):
        values = np.interp(np.arange(256), greys, [colour[channel] for _, colour in ramp]) * gains[channel]
        tables.append(np.clip(values, 0, 255).astype(int).tolist())
    return tables


def _colour(grey: Image.Image, ramp: Ramp, gains: NDArray[np.float64]) -> Image.Image:
    return Image.merge("RGB", [grey.point(table) for table in _ramp_table(ramp, gains)])


def _soft(rng: np.random.Generator, low: float, high: float, cells: int) -> Image.Image:
    """A soft cloud over the whole picture with grey values between `low` and `high`."""
    coarse = rng.uniform(low, high, (cells, cells)).astype(np.uint8)
    return Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _lay_ground(ground: str, rng: np.random.Generator) -> Image.Image:
    texture = _texture(ground)
    most, least_zoom, greatest_zoom, margin = _VIEWS[ground]
    zoom, turn = rng.uniform(least_zoom, greatest_zoom), np.radians(rng.uniform(-most, most))
    if rng.random() < 0.5:
        texture = texture.transpose(Image.Transpose.TRANSPOSE)
    cos, sin = np.cos(turn) / zoom, np.sin(turn) / zoom
    centre_x, centre_y = rng.uniform(margin, texture.width - margin, 2)
    matrix = (
        cos, -sin, centre_x - cos * WIDTH / 2 + sin * HEIGHT / 2,
        sin, cos, centre_y - sin * WIDTH / 2 - cos * HEIGHT / 2,
    )  # fmt: skip
    grey = texture.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    gains = np.full(3, rng.uniform(0.85, 1.12)) * rng.uniform(0.95, 1.05, 3)
    first, second = (_colour(grey, ramp, gains) for ramp in _GROUND_RAMPS[ground])
    return Image.composite(first, second, _soft(rng, 0, 255, 5))


def _turned_coin(metal: str, size: float, rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """A coin in its metal's colour, scaled and turned, with its soft-edged mask, cropped to the mask."""
    grey, mask = _coins()[int(rng.integers(len(_COINS)))]
    scale, turn = size * rng.uniform(0.85, 1.3), rng.uniform(0, 360)
    wide = (max(8, round(grey.width * scale)), max(8, round(grey.height * scale)))
    grey = grey.resize(wide, Image.Resampling.LANCZOS).rotate(turn, Image.Resampling.BICUBIC, expand=True)
    mask = mask.resize(wide, Image.Resampling.LANCZOS).rotate(turn, Image.Resampling.BICUBIC, expand=True)
    inside = mask.getbbox()
    assert inside is not None
    grey, mask = grey.crop(inside), mask.crop(inside)
    gains = rng.uniform(0.72, 1.08) * rng.uniform(0.96, 1.04, 3)
    face = _colour(grey.filter(ImageFilter.UnsharpMask(1.2, 70, 0)), _METAL_RAMPS[metal], gains)
    worn = ImageEnhance.Color(face).enhance(rng.uniform(0.6, 1.05))  # dirt and patina take colour away
    return worn, mask


def _find_room(
    size: tuple[int, int], placed: list[tuple[float, float, float]], rng: np.random.Generator
) -> tuple[int, int] | None:
    """A free place: coins may touch and overlap a little, and may be cut by the picture's edge."""
    radius = sum(size) / 4
    for _ in range(12):
        x, y = (
            rng.uniform(0.2 * radius, WIDTH - 0.2 * radius),
            rng.uniform(0.2 * radius, HEIGHT - 0.2 * radius),
        )
        if all(np.hypot(x - a, y - b) > 0.86 * (radius + r) for a, b, r in placed):
            placed.append((x, y, radius))
            return round(x - size[0] / 2), round(y - size[1] / 2)
    return None


def _cast_shadow(picture: Image.Image, mask: Image.Image, spot: tuple[int, int], sun: float) -> None:
    margin = 10
    shade = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin))
    shade.paste(mask.point([value * 165 // 255 for value in range(256)]), (margin, margin))
    shade = shade.filter(ImageFilter.GaussianBlur(3))
    far = max(2.5, mask.width / 14)
    where = (round(spot[0] - margin + far * np.cos(sun)), round(spot[1] - margin + far * np.sin(sun)))
    picture.paste((6, 5, 4), (*where, where[0] + shade.width, where[1] + shade.height), shade)


def _photograph(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """What a camera adds: uneven light, a little blur, noise."""
    light = _soft(rng, 205, 255, 3)
    lit = ImageChops.multiply(picture, Image.merge("RGB", [light, light, light]))
    blurred = lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.35, 0.9)))
    pixels = np.asarray(blurred).astype(np.int16)
    grain, spare = _grain(), 256
    for channel in range(3):
        y, x = rng.integers(0, spare, 2)
        pixels[..., channel] += grain[y : y + HEIGHT, x : x + WIDTH]
    np.clip(pixels, 0, 255, out=pixels)
    return Image.fromarray(pixels.astype(np.uint8))


@cache
def _grain() -> NDArray[np.int16]:
    """Noise of 4 grey values, drawn once; pictures take it from different places."""
    rng = np.random.default_rng(11)
    return rng.normal(0, 4, (HEIGHT + 256, WIDTH + 256)).astype(np.int16)


@cache
def _texture(ground: str) -> Image.Image:
    """The ground's photograph with its mirror images around it, so that a turned view never leaves it."""
    with Image.open(resource("demo", f"{ground}.png")) as file:
        tile = np.asarray(file.convert("L"))
    row = np.hstack([tile, tile[:, ::-1], tile])
    return Image.fromarray(np.vstack([row, row[::-1], row]))


@cache
def _coins() -> tuple[tuple[Image.Image, Image.Image], ...]:
    """All coins of coins.png as (grey, mask), stretched to the full range of greys."""
    with Image.open(resource("demo", "coins.png")) as file:
        photo = np.asarray(file.convert("L")).astype(np.float64)
    return tuple(_cut(photo, *coin) for coin in _COINS)


def _cut(photo: NDArray[np.float64], cx: int, cy: int, radius: int) -> tuple[Image.Image, Image.Image]:
    """Cut one coin along its outline: for each direction the radius where the grey drops most."""
    turns = np.linspace(0, 2 * np.pi, 120, endpoint=False)[:, None]
    radii = np.arange(radius * 0.7, radius * 1.32, 0.5)

    def along(offset: float) -> NDArray[Any]:
        far = radii + offset
        rows = np.clip(np.rint(cy + far * np.sin(turns)), 0, photo.shape[0] - 1).astype(int)
        columns = np.clip(np.rint(cx + far * np.cos(turns)), 0, photo.shape[1] - 1).astype(int)
        return np.asarray(photo[rows, columns])

    inside, outside = sum(along(-d) for d in (1, 2, 3)), sum(along(d) for d in (1, 2, 3))
    drop = np.asarray(inside) - np.asarray(outside) - 3 * np.abs(radii - radius)
    outline = radii[np.argmax(drop, axis=1)]
    around = np.stack([np.roll(outline, shift) for shift in range(-7, 8)])
    outline = np.median(around, axis=0)
    outline = np.mean([np.roll(outline, shift) for shift in range(-2, 3)], axis=0)
    reach = int(outline.max()) + 3
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    distance = np.hypot(rows, columns)
    edge = np.interp(np.arctan2(rows, columns) % (2 * np.pi), turns[:, 0], outline, period=2 * np.pi)
    mask = np.clip(edge - 0.5 - distance + 0.5, 0, 1)
    inner = photo[np.clip(cy + rows, 0, photo.shape[0] - 1), np.clip(cx + columns, 0, photo.shape[1] - 1)]
    low, high = np.percentile(inner[mask > 0.5], [1, 98])
    grey = np.clip((inner - low) / (high - low), 0, 1) * 215 + 20
    return Image.fromarray(grey.astype(np.uint8)), Image.fromarray((mask * 255).astype(np.uint8))
