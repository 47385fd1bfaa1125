"""Numbers and counts in the words a person reads."""

import json
import math
import re
from typing import Any

_ABBREVIATIONS = (
    "mAP AP AR F1 F2 IoU mIoU GIoU DIoU CIoU AUC ROC MAE MSE RMSE PSNR SSIM LPIPS FPS FLOPs "
    "GPU CPU RAM LR ID URL COCO YOLO"
)
_AS_WRITTEN = {word.casefold(): word for word in _ABBREVIATIONS.split()}
_WITH_LEVEL = re.compile(r"(map|ap|ar|iou)([0-9]+)", re.IGNORECASE)


def count(n: int, one: str, many: str | None = None) -> str:
    """`count(1, "picture")` is "1 picture", `count(1240, "picture")` is "1,240 pictures"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def size(n_bytes: int) -> str:
    """A size in decimal units: "311 MB", "2.1 MB", "640 bytes"."""
    if n_bytes < 1000:
        return count(n_bytes, "byte")
    value = float(n_bytes)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    raise AssertionError("unreachable")


def duration(seconds: float) -> str:
    """A length of time: "0.4 s", "29 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def figure(value: float | None) -> str:
    """A measured figure: "0.412", "1,240", "0.000312", "1.2e-7"; "–" where it is undefined.

    Whole numbers over one stay whole; other values have three digits after the point, or three that count
    where those would be mostly zeros.
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if isinstance(value, int) or (size > 1 and value == round(value) and size < 1e15):
        return f"{value:,.0f}"
    if size and (size < 0.01 or size >= 1e15):
        return _short(f"{value:.3g}")
    digits = 1 if size >= 100 else 2 if size >= 10 else 3
    return f"{value:,.{digits}f}"


def measured(key: str, value: float | None) -> str:
    """A metric of a report: times in milliseconds have one digit after the point, scores always three."""
    return "–" if value is None else f"{value:,.{digits_of(key)}f}"


def digits_of(key: str) -> int:
    """Digits after the point of a report's metric."""
    return 1 if key.endswith("_ms") else 3


def setting(value: Any) -> str:
    """A parameter as a person would type it: "320", "0.0005", "1e-5", "yes", text as it is."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _short(f"{value:.6g}")
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def named(key: str) -> str:
    """The name of a metric or parameter: "val_map50" is "val mAP50", "learning_rate" is "learning rate"."""
    return as_written(key).replace("_", " ").strip()


def titled(key: str) -> str:
    """The name of a metric or parameter at the begin of a line: "Learning rate", "mAP"."""
    name = named(key)
    first = re.split(r"\W", name, maxsplit=1)[0]
    return name if _spelled(first) != first.casefold() else name[:1].upper() + name[1:]


def as_written(key: str) -> str:
    """The name with abbreviations as the field writes them, and nothing else changed."""
    return re.sub(r"[^\W_]+", lambda word: _spelled(word[0]), key)


def _spelled(word: str) -> str:
    if word.casefold() != word:
        return word  # somebody chose how it is written
    level = _WITH_LEVEL.fullmatch(word)
    name, number = level.groups() if level else (word, "")
    return _AS_WRITTEN.get(name, name) + number


def _short(number: str) -> str:
    """Without the zeros of an exponent: "1e-05" is "1e-5"."""
    return re.sub(r"e([+-])0*", lambda sign: "e-" if sign[1] == "-" else "e", number)


def signed(n: int) -> str:
    """A difference with its sign: "+272", "-3", "0"."""
    return f"{n:+,}" if n else "0"


def listing(names: list[str], most: int = 3) -> str:
    """Some names and how many more: "a, b, c and 4 more"."""
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
