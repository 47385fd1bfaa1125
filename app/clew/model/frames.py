"""Frames inside frames: which stand around which."""

from collections.abc import Mapping

from clew.model.view import Frame


def frame_line(frames: Mapping[int, Frame], frame_id: int | None) -> list[int]:
    """A frame and those around it, the innermost first; a ring in damaged data ends."""
    found: list[int] = []
    while frame_id is not None and frame_id in frames and frame_id not in found:
        found.append(frame_id)
        frame_id = frames[frame_id].parent
    return found
