"""Time as the workspace keeps it: whole microseconds since 1970 in UTC, so that sorting is exact."""

import time
from datetime import UTC, datetime, timedelta


def now_us() -> int:
    """The present moment in microseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1000


def to_local(at_us: int) -> datetime:
    """A moment of the workspace in the time zone of this machine."""
    return datetime.fromtimestamp(at_us / 1e6, UTC).astimezone()


def to_iso(at_us: int) -> str:
    """A moment as ISO 8601 in UTC, as JSON output shows it."""
    return datetime.fromtimestamp(at_us / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def friendly(at_us: int, now: int | None = None) -> str:
    """A moment in few words: "today, 10:12", "yesterday, 17:20", "14 Nov 2026, 09:41"."""
    when = to_local(at_us)
    today = to_local(now_us() if now is None else now).date()
    clock = when.strftime("%H:%M")
    if when.date() == today:
        return f"today, {clock}"
    if when.date() == today - timedelta(days=1):
        return f"yesterday, {clock}"
    return f"{when.day} {when.strftime('%b %Y')}, {clock}"
