"""Pictures made on the spot, and small sources in the formats that people have."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


def picture_bytes(
    width: int = 64, height: int = 48, kind: str = "JPEG", mode: str = "RGB", seed: int = 0
) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(out, kind)
    return out.getvalue()


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a file under the test's folder: bytes, text, JSON for a dict, a picture when nothing is given."""

    def write(path: str, content: Any = None, size: tuple[int, int] = (64, 48)) -> Path:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            content = picture_bytes(*size, kind="PNG" if path.lower().endswith(".png") else "JPEG")
        elif not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        target.write_bytes(content)
        return target

    return write
