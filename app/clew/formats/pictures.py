"""Pictures through Pillow: their size, whether they can be read to the end, and thumbnails with boxes."""

from __future__ import annotations

import contextlib
import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from clew.base.errors import UserError
from clew.model.annotations import Thing

if TYPE_CHECKING:
    from PIL import Image  # imported where it is used: programs that only record a workflow start faster

Size = tuple[int, int]

_BACKGROUND = (239, 237, 232)  # behind transparent pictures
_ORIENTATION = 0x0112  # the EXIF tag; 5 to 8 lie on their side
_quiet_lock = threading.Lock()  # warning filters belong to the whole process

# What decoders raise on damaged input; none of it is our bug.
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError,
           ZeroDivisionError, RuntimeError, struct.error, zlib.error, MemoryError)  # fmt: skip


class BrokenPicture(UserError):
    """A file is no picture that can be read; the text is a reason in a few words."""


def check_picture(stream: BinaryIO) -> Size:
    """Read a picture to its end and return its size (width, height) as it is shown, upright.

    JPEG is decoded at an eighth of its size, which still reads every byte; PNG is checked by its sums.

    Raises:
        BrokenPicture: with a short reason: empty, no picture, cut off, damaged, too large.
    """
    picture = _opened(stream)
    try:
        size = _shown_size(picture)
        if picture.format == "PNG":
            picture.verify()
        else:
            picture.draft("L", (1, 1))
            picture.load()
    except _DAMAGE as error:
        raise BrokenPicture(_reason(error)) from error
    return size


def stream_size(stream: BinaryIO) -> Size:
    """The size of a picture as it is shown, from its head only.

    Raises:
        BrokenPicture: it is no picture.
    """
    picture = _opened(stream)
    try:
        return _shown_size(picture)
    except _DAMAGE as error:
        raise BrokenPicture(_reason(error)) from error


def picture_size(data: bytes) -> Size:
    """The size (width, height) of a picture as it is shown, upright, in pixels.

    Raises:
        BrokenPicture: it is no picture.
    """
    return stream_size(io.BytesIO(data))


def _opened(stream: BinaryIO) -> Image.Image:
    if not stream.read(1):
        raise BrokenPicture("the file is empty")
    stream.seek(0)
    from PIL import Image, UnidentifiedImageError

    try:
        with _quiet():
            return Image.open(stream)
    except Image.DecompressionBombError as error:
        raise BrokenPicture("the picture is too large to open safely") from error
    except UnidentifiedImageError as error:
        raise BrokenPicture("not a picture") from error
    except _DAMAGE as error:
        raise BrokenPicture(_reason(error)) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No warnings on damaged or large heads: what matters about them is said by an error."""
    with _quiet_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _turns() -> dict[int, Image.Transpose]:
    from PIL.Image import Transpose

    return {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }


def _reason(error: BaseException) -> str:
    text = str(error).lower()
    if "truncated" in text or "unexpected end" in text or isinstance(error, EOFError):
        return "the picture is cut off"
    if isinstance(error, MemoryError):
        return "the picture is too large to open"
    return "the picture is damaged"


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, 1 to 8 as EXIF counts; 1 when it does not say."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1  # asking further would decode the whole picture
    with _quiet():
        value = picture.getexif().get(_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def _shown_size(picture: Image.Image) -> Size:
    width, height = picture.size
    return (height, width) if _orientation(picture) >= 5 else (width, height)


def thumbnail(
    data: bytes,
    width: int,
    height: int,
    things: Iterable[Thing] = (),
    colours: Mapping[str, str] | None = None,
) -> bytes:
    """A JPEG of exactly `width` x `height` pixels: the middle of the picture, covering all of it.

    Args:
        data: the picture's bytes, of any kind that Pillow reads.
        width: of the thumbnail in pixels.
        height: of the thumbnail in pixels.
        things: objects whose boxes are drawn, in pixels of the upright picture.
        colours: "#rrggbb" per class.

    Raises:
        BrokenPicture: the picture cannot be read.
    """
    from PIL import Image, ImageDraw

    picture = _opened(io.BytesIO(data))
    try:
        shown = _shown_size(picture)
        picture.draft("RGB", (2 * max(width, height), 2 * max(width, height)))
        upright = _rgb(picture)
        if (turn := _turns().get(_orientation(picture))) is not None:
            upright = upright.transpose(turn)
    except _DAMAGE as error:
        raise BrokenPicture(_reason(error)) from error
    scale = max(width / shown[0], height / shown[1])
    left, top = (shown[0] - width / scale) / 2, (shown[1] - height / scale) / 2
    shrink = upright.width / shown[0], upright.height / shown[1]  # below 1 after a draft
    part = (
        max(0.0, left * shrink[0]),
        max(0.0, top * shrink[1]),
        min(float(upright.width), (left + width / scale) * shrink[0]),
        min(float(upright.height), (top + height / scale) * shrink[1]),
    )
    small = upright.resize((width, height), Image.Resampling.LANCZOS, box=part, reducing_gap=2.0)
    draw = ImageDraw.Draw(small)
    for thing in things:
        x, y, w, h = thing.box
        corners = ((x - left) * scale, (y - top) * scale, (x + w - left) * scale, (y + h - top) * scale)
        if corners[2] >= 0 and corners[3] >= 0 and corners[0] < width and corners[1] < height:
            draw.rectangle(
                corners, outline=(colours or {}).get(thing.cls, "#ffffff"), width=max(1, width // 110)
            )
    out = io.BytesIO()
    small.save(out, "JPEG", quality=88)
    return out.getvalue()


def _rgb(picture: Image.Image) -> Image.Image:
    """Any mode as 8-bit RGB: deep greys are stretched to their range, transparency lies on paper."""
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":
        import numpy as np

        values = np.asarray(picture, np.float32)
        values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        grey = (values - low) * (255.0 / (high - low) if high > low else 0.0)
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        front = picture.convert("RGBA")
        paper = Image.new("RGBA", front.size, (*_BACKGROUND, 255))
        return Image.alpha_composite(paper, front).convert("RGB")
    return picture.convert("RGB")
