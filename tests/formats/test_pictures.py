import contextlib
import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from clew.formats.pictures import BrokenPicture, check_picture, picture_size, thumbnail
from clew.model.annotations import Thing


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(width: int = 120, height: int = 80) -> Image.Image:
    return Image.fromarray(np.random.default_rng(3).integers(0, 255, (height, width, 3), np.uint8))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP"])
def test_whole_pictures_pass_and_cut_ones_do_not(kind: str) -> None:
    data = encoded(noise(), kind)
    assert check_picture(io.BytesIO(data)) == (120, 80)
    assert picture_size(data) == (120, 80)
    with pytest.raises(BrokenPicture, match=r"cut off|damaged|not a picture"):
        check_picture(io.BytesIO(data[: len(data) * 2 // 3]))


@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (b"hello" * 50, "not a picture")])
def test_what_is_no_picture_is_said(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenPicture, match=reason):
        check_picture(io.BytesIO(data))


def test_flipped_bytes_in_a_png_are_found() -> None:
    data = bytearray(encoded(noise(), "PNG"))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(BrokenPicture, match="damaged"):
        check_picture(io.BytesIO(bytes(data)))


def test_a_decompression_bomb_is_refused_without_being_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(noise(), "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(BrokenPicture, match="too large"):
        check_picture(io.BytesIO(data))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 6000)  # between once and twice the limit Pillow only warns
    assert check_picture(io.BytesIO(data)) == (120, 80)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_gives_a_thumbnail_of_the_size_asked_for(mode: str) -> None:
    if mode == "I;16":
        picture = Image.fromarray((np.arange(120 * 80).reshape(80, 120) * 6).astype(np.uint16))
    else:
        picture = noise().convert(mode)
    data = encoded(picture, "TIFF")
    small = Image.open(io.BytesIO(thumbnail(data, 40, 30)))
    assert (small.size, small.mode, small.format) == ((40, 30), "RGB", "JPEG")
    assert np.asarray(small).std() > 10  # something of the picture is left


def test_the_camera_held_upright_gives_an_upright_thumbnail_with_boxes_in_place() -> None:
    picture = Image.new("RGB", (200, 100), "#000000")
    picture.paste("#ffffff", (0, 0, 100, 100))  # the left half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned clockwise: the white half is on top
    data = encoded(picture, "JPEG", exif=exif, quality=95)
    assert picture_size(data) == (100, 200)
    assert check_picture(io.BytesIO(data)) == (100, 200)
    plain = np.asarray(Image.open(io.BytesIO(thumbnail(data, 50, 100))))
    assert plain[20].mean() > 200 > 50 > plain[80].mean()
    boxed = thumbnail(data, 50, 100, [Thing("a", (20.0, 120.0, 60.0, 60.0))], {"a": "#ff0000"})
    pixels = np.asarray(Image.open(io.BytesIO(boxed)))
    assert pixels[60, 25, 0] > 120  # upper edge of the box, at half scale
    assert pixels[75, 25, 0] < 80  # inside nothing is painted


def test_a_thumbnail_covers_and_keeps_the_middle() -> None:
    picture = Image.new("RGB", (300, 100), "#000000")
    picture.paste("#ffffff", (100, 0, 200, 100))
    pixels = np.asarray(Image.open(io.BytesIO(thumbnail(encoded(picture, "PNG"), 60, 60))))
    assert pixels[:, 5:-5].min() > 200


def test_transparent_pictures_lie_on_paper() -> None:
    clear = encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")
    assert np.asarray(Image.open(io.BytesIO(thumbnail(clear, 10, 10)))).min() > 200


def test_a_broken_picture_has_no_thumbnail() -> None:
    data = encoded(noise(), "JPEG")
    with pytest.raises(BrokenPicture, match="cut off"):
        thumbnail(data[: len(data) // 2], 10, 10)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera_is_turned_as_pillow_turns_it(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(noise(6, 4).resize((96, 64), Image.Resampling.BICUBIC), "PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert picture_size(data) == upright.size
    small = np.asarray(Image.open(io.BytesIO(thumbnail(data, *upright.size))), np.int16)
    assert np.abs(small - np.asarray(upright)).mean() < 12  # nothing but what JPEG loses


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF"])
def test_random_damage_is_never_more_than_a_broken_picture(kind: str) -> None:
    random = np.random.default_rng(7)
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = encoded(noise(40, 30), kind, exif=exif)
    for _ in range(60):
        data = bytearray(whole)
        for at in random.integers(0, min(len(data), 400), 4):
            data[at] = random.integers(0, 256)
        for read in (lambda b: check_picture(io.BytesIO(b)), picture_size, lambda b: thumbnail(b, 8, 8)):
            with contextlib.suppress(BrokenPicture):
                read(bytes(data))
