"""Filter responses: what the pixel classifier sees of a picture."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

STEP = 2  # pixels are classified on every second row and column, and interpolated between
LARGEST_ZOOM = 4.0  # tiny pictures are enlarged at most so much
LEAST_SIDE = 16

Floats = NDArray[np.float32]


class Unreadable(Exception):
    """The bytes are no picture that can be read whole."""


@dataclass(frozen=True)
class View:
    """A picture at working size; `channels` (4, height, width) float32, scales are working by original."""

    channels: Floats
    width: int  # of the original, in pixels
    height: int
    scale_x: float
    scale_y: float

    @property
    def shape(self) -> tuple[int, int]:
        return self.channels.shape[1], self.channels.shape[2]


def load(data: bytes, picture_size: int) -> View:
    """Decode a picture of any common mode and depth, and bring its longer side to `picture_size` pixels.

    Raises:
        Unreadable: the bytes are no picture, a broken one, or one of more pixels than is safe.
    """
    try:
        rgb, width, height = _decode(data, picture_size)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # all are Pillow's
        raise Unreadable(str(error)) from error
    red, green, blue = np.moveaxis(np.asarray(rgb, np.float32), 2, 0)
    grey = 0.3 * red + 0.59 * green + 0.11 * blue
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    channels = np.stack([grey, red - blue, green - (red + blue) / 2, spread])
    return View(channels, width, height, rgb.width / width, rgb.height / height)


def _decode(data: bytes, picture_size: int) -> tuple[Image.Image, int, int]:
    """The picture at working size in RGB, and its own width and height."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        zoom = min(picture_size / max(width, height), LARGEST_ZOOM)
        size = max(LEAST_SIDE, round(width * zoom)), max(LEAST_SIDE, round(height * zoom))
        picture.draft("RGB", size)  # JPEG decodes straight to a smaller size
        rgb = _to_rgb(picture).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return rgb, width, height


def _to_rgb(picture: Image.Image) -> Image.Image:
    """Any mode as RGB: transparency on white, deep greys stretched to 8 bits."""
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.nan_to_num(np.asarray(picture, np.float64))
        low, high = float(deep.min()), float(deep.max())
        grey = (deep - low) * (255 / (high - low)) if high > low else np.zeros_like(deep)
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if "A" in picture.mode or "transparency" in picture.info:
        solid = picture.convert("RGBA")
        ground = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(ground, solid).convert("RGB")
    return picture.convert("RGB")


def grid_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """How many pixels are classified in a picture of (height, width)."""
    return -(-shape[0] // STEP), -(-shape[1] // STEP)


def respond(view: View) -> Floats:
    """Filter responses of the classified pixels: (rows * columns, responses) float32.

    Brightness, two colour differences and colourfulness, each at three scales and against the picture's
    median; edges and roughness at two scales; the difference to the surroundings.
    """
    fine = np.stack([ndimage.gaussian_filter(channel, 1.0, truncate=2.5) for channel in view.channels])
    small = fine[:, ::STEP, ::STEP]
    middle = np.stack([ndimage.gaussian_filter(channel, 1.3, truncate=2.5) for channel in small])
    coarse = np.stack([ndimage.gaussian_filter(channel, 2.6, truncate=2.5) for channel in small])
    around = np.stack([ndimage.uniform_filter(channel, 15) for channel in small[:3]])
    median = np.median(small.reshape(4, -1), axis=1)[:, None, None]
    grey = view.channels[0]
    edges = [ndimage.gaussian_gradient_magnitude(grey, 1.0, truncate=2.5)[::STEP, ::STEP]]
    edges.append(_slope(middle[0]))
    rough = [_roughness(grey, 5)[::STEP, ::STEP], _roughness(small[0], 7)]
    stack = [*small, *middle, *coarse, *edges, *rough, *(coarse[:3] - around), *(middle - median)]
    return np.ascontiguousarray(np.stack(stack, axis=-1, dtype=np.float32).reshape(-1, len(stack)))


def _slope(grey: Floats) -> Floats:
    down, across = np.gradient(grey)
    return np.asarray(np.hypot(down, across), np.float32)


def _roughness(grey: Floats, size: int) -> Floats:
    """The standard deviation within `size` x `size` pixels."""
    mean = ndimage.uniform_filter(grey, size)
    square = ndimage.uniform_filter(grey * grey, size)
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)
