"""Numbers and counts in the words a person reads."""


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


def signed(n: int) -> str:
    """A difference with its sign: "+272", "-3", "0"."""
    return f"{n:+,}" if n else "0"


def listing(names: list[str], most: int = 3) -> str:
    """Some names and how many more: "a, b, c and 4 more"."""
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
